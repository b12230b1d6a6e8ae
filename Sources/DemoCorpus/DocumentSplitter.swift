import Numerics

/// Cuts long texts into documents of a few kilobytes at the borders of paragraphs.
struct DocumentSplitter {
  /// A document is closed when it is longer than a random size in this range.
  static let sizes = 2000...3600
  /// No document is longer.
  static let largest = 4000
  /// What is left at the end of a file and shorter than this is dropped.
  static let smallest = 500
  /// Paragraphs at least this long are taken only once, wherever they come again.
  static let shortestUnique = 60

  private var seen: Set<UInt64> = []
  private var random: RandomSource

  init(random: RandomSource) { self.random = random }

  /// Documents of one text, at most `limit` bytes of them.
  mutating func documents(of text: [UInt8], limit: Int) -> [[UInt8]] {
    var documents: [[UInt8]] = []
    var current: [UInt8] = []
    var total = 0
    var target = nextSize()
    func close() {
      if current.count >= Self.smallest, isText(current) {
        documents.append(current)
        total += current.count
      }
      current = []
    }
    for unit in units(of: text) {
      if total >= limit { return documents }
      if current.count + unit.count + 2 > Self.largest { close() }
      if unit.count > Self.largest { continue }
      if !current.isEmpty { current.append(contentsOf: "\n\n".utf8) }
      current.append(contentsOf: unit)
      if current.count >= target {
        close()
        target = nextSize()
      }
    }
    close()
    return documents
  }

  private mutating func nextSize() -> Int {
    Self.sizes.lowerBound + random.index(below: Self.sizes.count)
  }

  /// Paragraphs that were not seen before; long ones cut at the ends of lines.
  private mutating func units(of text: [UInt8]) -> [[UInt8]] {
    var units: [[UInt8]] = []
    var paragraph: [UInt8] = []
    var afterBlank = true
    var fresh: [[UInt8]] = []
    forEachLine(of: text) { line in
      if line.isBlank {
        if !paragraph.isEmpty { fresh.append(paragraph) }
        paragraph = []
        afterBlank = true
        return
      }
      let end = line.lastIndex { $0 != 0x20 && $0 != 0x09 } ?? line.startIndex
      if !afterBlank, paragraph.count + line.count > DocumentSplitter.sizes.lowerBound {
        fresh.append(paragraph)
        paragraph = []
      }
      if !paragraph.isEmpty { paragraph.append(UInt8(ascii: "\n")) }
      paragraph.append(contentsOf: line[...end])
      afterBlank = false
    }
    if !paragraph.isEmpty { fresh.append(paragraph) }
    for paragraph in fresh {
      if paragraph.count >= Self.shortestUnique, !seen.insert(hash(paragraph)).inserted { continue }
      units.append(paragraph)
    }
    return units
  }

  /// FNV-1a.
  private func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }

  /// Tables of numbers and data are no text: most bytes must be letters.
  private func isText(_ bytes: [UInt8]) -> Bool {
    let letters = bytes.reduce(0) { count, byte in
      count + (UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte >= 0x80 ? 1 : 0)
    }
    return letters * 2 > bytes.count
  }
}
