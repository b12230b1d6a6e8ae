/// The bytes that every token stands for, in one block of memory.
///
/// Reading the bytes of a token costs no allocation and no look-up, so whole corpora can be decoded,
/// searched and converted through it from any number of threads.
///
/// The bytes are those that the decoder gives a token in the middle of a text: the mark of Metaspace
/// is a space, `<0x0A>` is that byte, a WordPiece `##ing` is `ing` and a word without `##` has its
/// space in front. What decoders do to the ends of a whole text only, such as taking the first space
/// away, is not in them.
public struct TokenBytes: Sendable {
  /// One more than the largest id.
  public let count: Int
  /// Where the bytes of each token start; one more than there are tokens.
  private let starts: FrozenArray<UInt32>
  private let blob: FrozenArray<UInt8>

  /// - Parameter append: appends the bytes of a token; nothing for ids that have none.
  init(count: Int, append: (_ id: Int32, _ bytes: inout [UInt8]) -> Void) {
    var starts: [UInt32] = [0]
    starts.reserveCapacity(count + 1)
    var blob: [UInt8] = []
    for id in 0..<count {
      append(Int32(truncatingIfNeeded: id), &blob)
      starts.append(UInt32(truncatingIfNeeded: blob.count))
    }
    self.count = count
    self.starts = FrozenArray(starts)
    self.blob = FrozenArray(blob)
  }

  /// Appends the bytes of a token to `bytes`; nothing when no token has this id.
  @inline(__always)
  public func append(of id: Int32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: buffer(of: id))
  }

  /// Appends the bytes of tokens, one after the other; unknown ids add nothing.
  public func append(of ids: UnsafeBufferPointer<Int32>, to bytes: inout [UInt8]) {
    var total = 0
    for id in ids { total += byteCount(of: id) }
    bytes.reserveCapacity(bytes.count + total)
    for id in ids { append(of: id, to: &bytes) }
  }

  /// How many bytes a token stands for; zero when no token has this id.
  @inline(__always)
  public func byteCount(of id: Int32) -> Int { buffer(of: id).count }

  /// Calls `body` with the bytes of a token, which are valid during the call only.
  @inline(__always)
  public func withBytes<Result, Failure: Error>(
    of id: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(buffer(of: id))
  }

  @inline(__always)
  private func buffer(of id: Int32) -> UnsafeBufferPointer<UInt8> {
    let index = Int(id)
    guard index >= 0, index < count else { return UnsafeBufferPointer(start: nil, count: 0) }
    let start = Int(starts.pointer[index])
    let end = Int(starts.pointer[index + 1])
    return UnsafeBufferPointer(start: blob.pointer + start, count: end - start)
  }
}
