/// The tokens of a text while it is encoded, in memory that the encoder keeps.
struct TokenOutput {
  private let memory: EncoderMemory
  private var tokens: UnsafeMutablePointer<Int32>
  private var limit: Int
  private(set) var count = 0
  /// Room that is always left behind the last token, so that a cached word is written in one go.
  private static let margin = 16

  init(_ memory: EncoderMemory) {
    self.memory = memory
    tokens = memory.output
    limit = memory.capacity - Self.margin
  }

  @inline(__always)
  mutating func append(_ token: Int32) {
    tokens[count] = token
    count &+= 1
    if count > limit { reserve(0) }
  }

  /// Appends the first `number` of four tokens.
  @inline(__always)
  mutating func append(_ four: SIMD4<Int32>, number: Int) {
    UnsafeMutableRawPointer(tokens + count).storeBytes(of: four, as: SIMD4<Int32>.self)
    count &+= number
    if count > limit { reserve(0) }
  }

  /// Appends the first `number` of sixteen tokens.
  @inline(__always)
  mutating func append(_ sixteen: SIMD16<Int32>, number: Int) {
    UnsafeMutableRawPointer(tokens + count).storeBytes(of: sixteen, as: SIMD16<Int32>.self)
    count &+= number
    if count > limit { reserve(0) }
  }

  /// The token at `place`, counted from the first one of the text.
  @inline(__always)
  subscript(place: Int) -> Int32 { tokens[place] }

  /// Gives room for `most` tokens to `body`, which writes some and returns how many.
  @inline(__always)
  mutating func append(
    atMost most: Int, _ body: (UnsafeMutablePointer<Int32>) -> Int
  ) {
    if count + most > limit { reserve(most) }
    count += body(tokens + count)
  }

  mutating func finish(_ result: inout [Int32]) {
    result.append(contentsOf: UnsafeBufferPointer(start: tokens, count: count))
    memory.shrink()
  }

  @inline(never)
  private mutating func reserve(_ more: Int) {
    memory.grow(to: count + more + 2 * Self.margin, keeping: count)
    tokens = memory.output
    limit = memory.capacity - Self.margin
  }
}
