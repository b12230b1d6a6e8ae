import Corpus
import DemoCorpus
import Foundation
import Numerics
import Store
import Testing

@Suite("The demo's corpus")
struct DemoCorpusTests {
  static let words = [
    "alpha", "beta", "gamma", "delta's", "epsilon-zeta", "\"eta\"", "theta", "iota",
  ]

  /// Paragraphs of random words; every one is unique.
  static func text(bytes: Int, seed: String) -> String {
    var random = RandomSource(seed: 7).split(seed)
    var text = ""
    while text.utf8.count < bytes {
      let count = 20 + random.index(below: 60)
      text += (0..<count).map { _ in words[random.index(below: words.count)] }
        .joined(separator: " ")
      text += ".\n\n"
    }
    return text
  }

  /// A small system with packages of four kinds.
  static func system(_ scratch: ScratchFolder) throws {
    let files: [(package: String, name: (Int) -> String, text: (Int) -> String)] = [
      (
        "anarchism", { "/usr/share/doc/anarchism/markdown/s\($0).md" },
        { text(bytes: 30_000, seed: "prose \($0)") }
      ),
      (
        "git-doc", { "/usr/share/doc/git-doc/g\($0).txt" },
        { text(bytes: 30_000, seed: "git \($0)") }
      ),
      (
        "libpython3.11-stdlib:amd64", { "/usr/lib/python3.11/m\($0).py" },
        { text(bytes: 20_000, seed: "code \($0)") }
      ),
      (
        "manpages", { "/usr/share/man/man2/p\($0).2.gz" },
        { ".SH NAME\n" + text(bytes: 9_000, seed: "man \($0)") }
      ),
    ]
    for file in files {
      var list = "/usr\n"
      for number in 0..<12 {
        try scratch.write(file.text(number), to: "tree" + file.name(number))
        list += file.name(number) + "\n"
      }
      try scratch.write(list + "/usr/gone.py\n", to: "tree/var/lib/dpkg/info/\(file.package).list")
    }
  }

  static var options: DemoOptions {
    var options = DemoOptions()
    options.byteBudget = 700_000
    return options
  }

  static func build(
    _ scratch: ScratchFolder, _ name: String, _ options: DemoOptions = options
  ) throws -> DemoManifest {
    try DemoCorpus.build(
      into: scratch.path + "/" + name, options: options, root: scratch.path + "/tree")
  }

  /// Id, damage and text of the documents of a part.
  static func read(
    _ scratch: ScratchFolder, _ name: String
  ) throws -> [(id: String, kind: String, text: String)] {
    var options = ReaderOptions()
    options.nameField = "meta.id"
    options.strict = true
    return try documents(
      CorpusReader(inputs: [scratch.path + "/" + name], options: options)
    ).map { ($0.name ?? "", $0.source, $0.string) }
  }

  @Test("Shares of damage are exact, and only the scored part is damaged")
  func damageShares() throws {
    let scratch = try ScratchFolder()
    try Self.system(scratch)
    let manifest = try Self.build(scratch, "demo")
    let planted = try DemoCorpus.plantedDamage(in: scratch.path + "/demo/corpus.jsonl.zst")
    let each = Int((Double(planted.count) * 0.12 / 6).rounded())
    #expect(each >= 1)
    for damage in Damage.planted {
      #expect(planted.filter { $0 == damage }.count == each, "\(damage)")
      #expect(manifest.planted[damage.rawValue] == each)
    }
    #expect(manifest.planted["none"] == planted.count - 6 * each)
    for part in ["reserve", "heldout"] {
      let damage = try DemoCorpus.plantedDamage(in: scratch.path + "/demo/\(part).jsonl.zst")
      #expect(!damage.isEmpty)
      #expect(damage.allSatisfy { $0 == .none })
    }
  }

  @Test("The same options give the same bytes, another seed others; a finished corpus is found")
  func deterministic() throws {
    let scratch = try ScratchFolder()
    try Self.system(scratch)
    let first = try Self.build(scratch, "a")
    #expect(try Self.build(scratch, "b") == first)
    for name in ["reserve.jsonl.zst", "corpus.jsonl.zst", "heldout.jsonl.zst"] {
      #expect(try Digest.sha256(scratch.bytes("a/" + name)) == first.digests[name])
    }
    var other = Self.options
    other.seed = 43
    #expect(try Self.build(scratch, "c", other).digests != first.digests)
    #expect(throws: DemoCorpusError.self) { try Self.build(scratch, "a", other) }
    try Folder.remove(scratch.path + "/tree")
    #expect(try Self.build(scratch, "a") == first)
  }

  @Test("Parts share no file, their sizes follow the shares, every kind is in every part")
  func parts() throws {
    let scratch = try ScratchFolder()
    try Self.system(scratch)
    let manifest = try Self.build(scratch, "demo")
    #expect(manifest.kinds.map(\.kind) == [.prose, .code, .documentation, .manual])
    #expect(manifest.problems.count == 2)
    #expect(manifest.problems.contains { $0.contains("wordnet-base") })
    var seen: [String: String] = [:]
    var paragraphs: [String: String] = [:]
    var sizes: [String: Int] = [:]
    for part in DemoPart.allCases {
      let documents = try Self.read(scratch, "demo/" + part.fileName)
      #expect(Set(documents.map(\.kind)) == ["prose", "code", "documentation", "manual"])
      let damage = try DemoCorpus.plantedDamage(in: scratch.path + "/demo/" + part.fileName)
      for (document, damage) in zip(documents, damage) {
        let file = String(document.id.prefix { $0 != "#" })
        #expect(seen[file, default: part.rawValue] == part.rawValue)
        seen[file] = part.rawValue
        sizes[part.rawValue, default: 0] += document.text.utf8.count
        guard damage == .none else { continue }
        #expect(document.text.utf8.count <= 4000)
        for paragraph in document.text.components(separatedBy: "\n\n")
        where paragraph.utf8.count > 60 {
          #expect(paragraphs[paragraph, default: document.id] == document.id)
          paragraphs[paragraph] = document.id
        }
      }
    }
    for kind in manifest.kinds {
      #expect(kind.files.allSatisfy { $0.parts.count == 1 && $0.sha256.count == 64 })
    }
    let total = Double(sizes.values.reduce(0, +))
    #expect(abs(Double(sizes["reserve"] ?? 0) / total - 0.62) < 0.08)
    #expect(abs(Double(sizes["heldout"] ?? 0) / total - 0.08) < 0.08)
    #expect(abs(total - 700_000) < 150_000)
  }

  @Test("Every damage does to a text what its name says")
  func damageKinds() throws {
    let scratch = try ScratchFolder()
    try Self.system(scratch)
    var clean = Self.options
    clean.damageShare = 0
    _ = try Self.build(scratch, "clean", clean)
    _ = try Self.build(scratch, "demo")
    let before = Dictionary(
      uniqueKeysWithValues: try Self.read(scratch, "clean/corpus.jsonl.zst").map {
        ($0.id, $0.text)
      })
    let after = try Self.read(scratch, "demo/corpus.jsonl.zst")
    let planted = try DemoCorpus.plantedDamage(in: scratch.path + "/demo/corpus.jsonl.zst")
    #expect(before.count == after.count)
    for (document, damage) in zip(after, planted) {
      let old = try #require(before[document.id])
      let new = document.text
      switch damage {
      case .none: #expect(new == old)
      case .randomCharacters:
        #expect(new.utf8.count == old.utf8.count && !new.contains("alpha"))
      case .shuffledWords:
        #expect(new != old)
        #expect(
          new.split(whereSeparator: \.isWhitespace).sorted()
            == old.split(whereSeparator: \.isWhitespace).sorted())
      case .repeatedLine:
        let lines = Set(new.split(separator: "\n"))
        #expect(lines.count == 1 && old.contains(lines.first ?? "?"))
      case .replacedCharacters:
        let changed = zip(new, old).filter { $0 != $1 }.count
        #expect(new.count == old.count)
        // A random letter is the old one now and then.
        #expect(Double(changed) <= 0.05 * Double(old.count))
        #expect(Double(changed) > 0.035 * Double(old.count))
      case .mojibake:
        #expect(new.contains("â€") || new.contains("Â"))
        #expect(new.utf8.count > old.utf8.count)
      case .duplicate:
        #expect(new != old)
        #expect(zip(after, planted).contains { $0.text == new && $1 == .none })
      }
    }
  }

  @Test("Fewer than three kinds are an error that names packages")
  func tooFew() throws {
    let scratch = try ScratchFolder()
    try Self.system(scratch)
    for package in ["git-doc", "manpages"] {
      try Folder.remove(scratch.path + "/tree/var/lib/dpkg/info/\(package).list")
    }
    do {
      _ = try Self.build(scratch, "demo")
      Issue.record("two kinds were enough")
    } catch let error as DemoCorpusError {
      #expect(error.message.contains("found prose, code"))
      #expect(error.message.contains("the package git-doc is not installed"))
      #expect(error.hint.contains("wordnet-base"))
    }
    #expect(!Folder.exists(scratch.path + "/demo"))
  }

  @Test("The list of the Makefile names the same packages")
  func packageList() throws {
    let source = URL(fileURLWithPath: #filePath)
    let list = source.deletingLastPathComponent().appendingPathComponent(
      "../../scripts/demo-packages.txt")
    let names = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }
    #expect(names.map(String.init).sorted() == DemoCorpus.requiredPackages.sorted())
  }
}
