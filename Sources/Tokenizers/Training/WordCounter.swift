/// Counts the different words of a corpus: all that BPE training needs to know of it.
public struct WordCounter: Sendable {
  /// A word in `bytes` and how often it came.
  struct Entry {
    var hash: UInt32
    var start: Int
    var length: Int32
    var count: Int
  }

  /// How the words were cut.
  public let preTokenization: PreTokenization
  /// Bytes of text counted so far.
  public private(set) var byteCount = 0
  private(set) var entries: [Entry] = []
  private(set) var bytes: [UInt8] = []
  private let preTokenizer: PreTokenizer
  /// Index in `entries` by hash, open addressing; -1 is vacant.
  private var slots = [Int32](repeating: -1, count: 1 << 16)

  public init(preTokenization: PreTokenization) {
    self.preTokenization = preTokenization
    preTokenizer = preTokenization.preTokenizer
  }

  /// Number of different words.
  public var wordCount: Int { entries.count }

  /// Counts the words of `text`.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(utf8: $0) }
  }

  /// Counts the words of a text; bytes that are no UTF-8 count as U+FFFD.
  public mutating func add(utf8 text: UnsafeBufferPointer<UInt8>) {
    byteCount += text.count
    guard UTF8Decoding.isValid(text) else {
      var repaired = String(decoding: text, as: UTF8.self)
      repaired.withUTF8 { count($0) }
      return
    }
    count(text)
  }

  private mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
    let composer = CanonicalComposer.shared
    if preTokenization.normalizesToNFC, !composer.isPlainlyComposed(text) {
      composer.composed(text).withUnsafeBufferPointer { countWords($0) }
    } else {
      countWords(text)
    }
  }

  private mutating func countWords(_ text: UnsafeBufferPointer<UInt8>) {
    let preTokenizer = self.preTokenizer
    preTokenizer.forEachWord(of: text, leading: 0, scratch: PreTokenizer.Scratch(), into: &self)
  }

  private mutating func insert(_ word: UnsafeBufferPointer<UInt8>) {
    let hash = ByteStringTable.hash(word)
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while slots[place] >= 0 {
      let index = Int(slots[place])
      if entries[index].hash == hash, matches(word, index) {
        entries[index].count += 1
        return
      }
      place = (place + 1) & mask
    }
    slots[place] = Int32(entries.count)
    entries.append(
      Entry(hash: hash, start: bytes.count, length: Int32(word.count), count: 1))
    bytes.append(contentsOf: word)
    if entries.count * 2 > slots.count { grow() }
  }

  private func matches(_ word: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    let entry = entries[index]
    guard Int(entry.length) == word.count else { return false }
    for offset in 0..<word.count where bytes[entry.start + offset] != word[offset] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: -1, count: slots.count * 2)
    let mask = slots.count - 1
    for (index, entry) in entries.enumerated() {
      var place = Int(entry.hash) & mask
      while slots[place] >= 0 { place = (place + 1) & mask }
      slots[place] = Int32(index)
    }
  }
}

extension WordCounter: WordSink {
  mutating func take(_ word: UnsafePointer<UInt8>, count: Int, readable: Int) {
    insert(UnsafeBufferPointer(start: word, count: count))
  }
}
