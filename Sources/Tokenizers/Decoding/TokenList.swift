/// A list of strings in one block of memory, as decoders hand it on.
struct TokenList {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  var count: Int { ends.count }

  func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }

  mutating func append(_ text: some Sequence<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }

  /// Appends what `body` appends to the bytes as one string.
  mutating func append(_ body: (inout [UInt8]) -> Void) {
    body(&bytes)
    ends.append(bytes.count)
  }

  /// Everything as one string.
  var fused: TokenList {
    var result = TokenList()
    result.bytes = bytes
    result.ends = [bytes.count]
    return result
  }
}
