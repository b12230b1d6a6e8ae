import Corpus
import Numerics
import Store

/// One run that gathers, splits, damages and writes.
struct DemoBuild {
  let options: DemoOptions
  let root: String

  /// Texts of one kind and the part each goes to.
  private struct Assigned {
    let kind: TextKind
    var texts: [(text: SourceText, part: DemoPart)]
  }

  func write(to folder: String, isCancelled: () -> Bool) throws(DemoCorpusError) -> DemoManifest {
    var problems: [String] = []
    var gathered: [(kind: TextKind, texts: [SourceText])] = []
    let seed = RandomSource(seed: options.seed)
    for kind in TextKind.allCases {
      switch try PackageFiles(root: root).find(kind) {
      case .missing(let sentence): problems.append(sentence)
      case .files(let files):
        // Twice an even share, so that plentiful kinds can stand in for scarce ones.
        let texts = try KindGatherer(kind: kind, root: root, seed: seed).gather(
          files, budget: 2 * options.byteBudget / TextKind.allCases.count,
          isCancelled: isCancelled)
        if texts.count < DemoPart.allCases.count {
          problems.append("No \(kind.rawValue): its files hold too little text.")
        } else {
          gathered.append((kind, texts))
        }
      }
    }
    guard gathered.count >= DemoCorpus.fewestKinds else {
      throw .tooFewKinds(
        found: gathered.map(\.kind.rawValue), problems: problems,
        packages: DemoCorpus.requiredPackages)
    }
    let shares = allotments(gathered.map { $0.texts.reduce(0) { $0 + $1.bytes } })
    let assigned = zip(gathered, shares).map { kind, share in
      Assigned(kind: kind.kind, texts: assign(kind.texts, budget: share))
    }
    var parts: [DemoPart: [DemoDocument]] = [:]
    for part in DemoPart.allCases {
      parts[part] = documents(of: assigned, part: part, seed: seed)
    }
    for part in DemoPart.allCases {
      if isCancelled() { throw .cancelled }
      try write(parts[part] ?? [], to: folder + "/" + part.fileName)
    }
    return try manifest(of: assigned, parts: parts, problems: problems, folder: folder)
  }

  /// Bytes for each kind: an even share, and what scarce kinds leave over to the others.
  private func allotments(_ available: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: available.count)
    var left = options.byteBudget
    let order = available.indices.sorted { available[$0] < available[$1] }
    for (place, index) in order.enumerated() {
      result[index] = min(available[index], left / (order.count - place))
      left -= result[index]
    }
    return result
  }

  /// Gives every text to the part that lacks most of its share.
  private func assign(
    _ texts: [SourceText], budget: Int
  ) -> [(text: SourceText, part: DemoPart)] {
    var chosen: [SourceText] = []
    var total = 0
    for text in texts where total < budget {
      chosen.append(text)
      total += text.bytes
    }
    let wanted: [(part: DemoPart, share: Double)] = [
      (.reserve, options.reserveShare),
      (.corpus, 1 - options.reserveShare - options.heldOutShare),
      (.heldout, options.heldOutShare),
    ]
    var lacking = wanted.map { $0.share * Double(total) }
    var empty = Set(wanted.indices)
    return chosen.enumerated().map { place, text in
      // Near the end, parts that have nothing yet come first.
      let candidates = chosen.count - place <= empty.count ? Array(empty) : Array(wanted.indices)
      let best = candidates.sorted().max { lacking[$0] < lacking[$1] } ?? 0
      lacking[best] -= Double(text.bytes)
      empty.remove(best)
      return (text, wanted[best].part)
    }
  }

  /// Documents of a part in random order, damaged if it is the scored one.
  private func documents(
    of assigned: [Assigned], part: DemoPart, seed: RandomSource
  ) -> [DemoDocument] {
    var documents: [DemoDocument] = []
    for kind in assigned {
      for (text, home) in kind.texts where home == part {
        for (number, bytes) in text.documents.enumerated() {
          let id = "\(kind.kind.rawValue)\(text.name)#\(number)"
          documents.append(DemoDocument(kind: kind.kind, id: id, text: bytes))
        }
      }
    }
    var random = seed.split("order of \(part.rawValue)")
    random.shuffle(&documents)
    if part == .corpus {
      var random = seed.split("damage")
      DamagePlan(share: options.damageShare).plant(in: &documents, random: &random)
    }
    return documents
  }

  private func write(_ documents: [DemoDocument], to path: String) throws(DemoCorpusError) {
    do throws(CorpusError) {
      var writer = try JSONLinesWriter(replacing: path)
      for document in documents { try writer.append(text: document.text, meta: document.meta) }
      try writer.commit()
    } catch {
      throw .corpus(error)
    }
  }

  private func manifest(
    of assigned: [Assigned], parts: [DemoPart: [DemoDocument]], problems: [String],
    folder: String
  ) throws(DemoCorpusError) -> DemoManifest {
    var kinds: [DemoManifest.Kind] = []
    for kind in assigned {
      let origin = kind.kind.origin
      var entry = DemoManifest.Kind(
        kind: kind.kind, packages: origin.install, licence: origin.licence, documents: [:],
        bytes: [:], files: [])
      for part in DemoPart.allCases {
        let own = (parts[part] ?? []).filter { $0.kind == kind.kind }
        entry.documents[part.rawValue] = own.count
        entry.bytes[part.rawValue] = own.reduce(0) { $0 + $1.text.count }
      }
      let byPath = Dictionary(grouping: kind.texts, by: \.text.path)
      for (path, texts) in byPath.sorted(by: { $0.key < $1.key }) {
        let digest = try storing { () throws(StoreError) in try Digest.sha256(file: root + path) }
        let parts = DemoPart.allCases.filter { part in texts.contains { $0.part == part } }
        entry.files.append(DemoManifest.File(path: path, sha256: digest, parts: parts))
      }
      kinds.append(entry)
    }
    let planted = Dictionary(grouping: parts[.corpus] ?? [], by: \.planted)
    var digests: [String: String] = [:]
    for part in DemoPart.allCases {
      digests[part.fileName] = try storing { () throws(StoreError) in
        try Digest.sha256(file: folder + "/" + part.fileName)
      }
    }
    return DemoManifest(
      options: options, kinds: kinds,
      planted: Dictionary(
        uniqueKeysWithValues: planted.map { ($0.key.rawValue, $0.value.count) }),
      problems: problems, digests: digests)
  }
}
