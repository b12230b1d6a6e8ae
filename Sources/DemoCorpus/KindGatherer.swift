import Corpus
import Numerics
import Store

/// Documents of one file, or of one section of a file that holds many independent entries.
struct SourceText {
  /// The file.
  let path: String
  /// Section of the file, from 0; nil for whole files.
  let section: Int?
  /// Its documents, in order.
  let documents: [[UInt8]]
  /// Their bytes.
  let bytes: Int

  init(path: String, section: Int?, documents: [[UInt8]]) {
    self.path = path
    self.section = section
    self.documents = documents
    bytes = documents.reduce(0) { $0 + $1.count }
  }

  /// Name that tells the texts of a kind apart.
  var name: String { section.map { "\(path)@\($0)" } ?? path }
}

/// Reads files of one kind, in random order, until enough text is there.
struct KindGatherer {
  let kind: TextKind
  /// Where the system stands; see `PackageFiles`.
  let root: String
  let seed: RandomSource

  /// Most bytes that one file or section may give, so that no file rules its kind.
  static let largestShare = 64 << 10

  /// Texts of `files` with about `budget` bytes in all.
  func gather(
    _ files: [String], budget: Int, isCancelled: () -> Bool
  ) throws(DemoCorpusError) -> [SourceText] {
    var random = seed.split("files of \(kind.rawValue)")
    var splitter = DocumentSplitter(random: seed.split("sizes of \(kind.rawValue)"))
    var texts: [SourceText] = []
    var total = 0
    func take(_ text: [UInt8], path: String, section: Int?) {
      let documents = splitter.documents(of: text, limit: Self.largestShare)
      if documents.isEmpty { return }
      texts.append(SourceText(path: path, section: section, documents: documents))
      total += texts.last?.bytes ?? 0
    }
    if kind == .dictionary {
      for section in try sections(of: files, random: &random) where total < budget {
        if isCancelled() { throw .cancelled }
        take(section.text, path: section.path, section: section.index)
      }
    } else {
      var shuffled = files
      random.shuffle(&shuffled)
      for path in shuffled where total < budget {
        if isCancelled() { throw .cancelled }
        if let text = try plainText(of: path) { take(text, path: path, section: nil) }
      }
    }
    return texts
  }

  /// Plain UTF-8 text of a file; nil for files in other encodings or that cannot be read.
  private func plainText(of path: String) throws(DemoCorpusError) -> [UInt8]? {
    let content: [UInt8]
    do throws(CorpusError) {
      content = try readWholeFile(root + path)
    } catch {
      switch error {
      // One file that is broken or forbidden is no reason to stop.
      case .unreadable, .damagedStream: return nil
      default: throw .corpus(error)
      }
    }
    guard let cleaned = PlainText.cleaned(content) else { return nil }
    return PlainText.extract(cleaned, as: kind.origin.extraction)
  }

  /// Pieces of large files, in random order, that start and end with an entry.
  private func sections(
    of files: [String], random: inout RandomSource
  ) throws(DemoCorpusError) -> [(path: String, index: Int, text: [UInt8])] {
    var sections: [(path: String, index: Int, text: [UInt8])] = []
    for path in files {
      guard let text = try plainText(of: path) else { continue }
      let count = (text.count + Self.largestShare - 1) / Self.largestShare
      for index in 0..<count {
        let start = entryStart(text, from: index * Self.largestShare)
        let end = entryStart(text, from: (index + 1) * Self.largestShare)
        sections.append((path, index, Array(text[start..<max(start, end)])))
      }
    }
    random.shuffle(&sections)
    return sections
  }

  /// The first line behind `offset` that starts at the margin after an empty line.
  private func entryStart(_ text: [UInt8], from offset: Int) -> Int {
    if offset == 0 { return 0 }
    var index = offset
    while index + 2 < text.count {
      if text[index] == 0x0A, text[index + 1] == 0x0A, text[index + 2] > 0x20 { return index + 2 }
      index += 1
    }
    return text.count
  }
}
