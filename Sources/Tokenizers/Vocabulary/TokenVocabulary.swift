/// The tokens of a model: their strings as tokenizer.json writes them, and the bytes they mean.
struct TokenVocabulary: Sendable {
  /// Larger ids are refused: they would reserve memory for ids that nobody uses.
  static let largestID: Int32 = (1 << 22) - 1

  /// Ids of the strings of tokenizer.json.
  let idOfText: ByteStringTable
  /// One more than the largest id.
  let count: Int
  /// Number of different ids; smaller than `count` when ids have gaps.
  let entryCount: Int
  /// Number of different strings.
  let stringCount: Int
  /// What Hugging Face's `tokenizers` calls the size: the number of strings, of a list that of rows.
  let modelSize: Int
  /// Length of the longest string in bytes.
  let longestText: Int
  private let textStarts: [Int]
  private let textBytes: [UInt8]
  private let present: [Bool]

  /// - Parameter isList: whether the file lists rows, so that equal strings count apart.
  init(_ entries: [(text: ArraySlice<UInt8>, id: Int32)], isList: Bool = false) {
    let table = ByteStringTable(entries.map { (bytes: $0.text, value: $0.id) })
    let hasEqual = table.entries.count < entries.count
    let size = Int(entries.map(\.id).max() ?? -1) + 1
    var texts = [ArraySlice<UInt8>](repeating: [], count: size)
    var present = [Bool](repeating: false, count: size)
    for entry in entries {
      // Of equal strings only the last one has its id; rows of a list all keep theirs.
      if hasEqual, !isList, table.value(of: entry.text) != entry.id { continue }
      texts[Int(entry.id)] = entry.text
      present[Int(entry.id)] = true
    }
    var starts = [0]
    var bytes: [UInt8] = []
    starts.reserveCapacity(size + 1)
    for text in texts {
      bytes += text
      starts.append(bytes.count)
    }
    idOfText = table
    count = size
    entryCount = present.count { $0 }
    stringCount = idOfText.entries.count
    modelSize = isList ? entries.count : stringCount
    longestText = entries.map(\.text.count).max() ?? 0
    textStarts = starts
    textBytes = bytes
    self.present = present
  }

  /// All different strings, in no order.
  var strings: [(text: ArraySlice<UInt8>, id: Int32)] {
    idOfText.entries.map { (text: $0.bytes, id: $0.value) }
  }

  /// The string of a token in the byte-level alphabet; nil when no token has this id.
  func text(of id: Int32) -> ArraySlice<UInt8>? {
    let index = Int(id)
    guard index >= 0, index < count, present[index] else { return nil }
    return textBytes[textStarts[index]..<textStarts[index + 1]]
  }

  func id(of text: some Sequence<UInt8>) -> Int32? { idOfText.value(of: text) }
}
