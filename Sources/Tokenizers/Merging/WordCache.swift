/// Tokens of words that were met lately: a direct-mapped cache, one per encoder.
///
/// Text repeats its words. A short word, its bytes and up to three tokens take half a cache line;
/// longer ones, or those of more tokens, take two lines of a second, smaller cache. A newcomer
/// replaces whatever has its place.
final class WordCache {
  /// A word of at most fifteen bytes.
  struct ShortEntry: BitwiseCopyable {
    var low: UInt64
    /// Zero in a vacant entry.
    var high: UInt64
    /// Up to three tokens, then their number.
    var tokens: SIMD4<Int32>
  }

  /// A word of up to 48 bytes and its tokens, zeros behind both.
  struct LongEntry: BitwiseCopyable {
    var key: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    /// Zero in a vacant entry.
    var length: Int32 = 0
    var count: Int32 = 0
    private var padding: Int64 = 0
    var tokens = SIMD16<Int32>()
  }

  static let shortTokens = 3
  static let longTokens = 16
  static let longBytes = 48

  /// Numbers of entries, as powers of two.
  struct Size {
    let shortBits: UInt64
    let longBits: UInt64

    /// Two megabytes and one: the words of a document or two, with the frequent ones of a corpus.
    static let standard = Size(shortBits: 16, longBits: 13)
    /// For single texts, which would not repay the clearing of more memory.
    static let small = Size(shortBits: 6, longBits: 3)
  }

  let size: Size
  let short: UnsafeMutablePointer<ShortEntry>
  let long: UnsafeMutablePointer<LongEntry>

  init(_ size: Size) {
    self.size = size
    short = TableMemory.allocate(ShortEntry.self, count: 1 << Int(size.shortBits))
    short.initialize(
      repeating: ShortEntry(low: 0, high: 0, tokens: SIMD4()), count: 1 << Int(size.shortBits))
    long = TableMemory.allocate(LongEntry.self, count: 1 << Int(size.longBits))
    long.initialize(repeating: LongEntry(), count: 1 << Int(size.longBits))
  }

  deinit {
    short.deallocate()
    long.deallocate()
  }

  /// Where a short word has its place.
  @inline(__always)
  static func place(of key: WordKey, _ size: Size) -> Int {
    Int(truncatingIfNeeded: key.hash &>> (64 &- size.shortBits))
  }

  /// Where a long word has its place; `key` is as in the entry.
  @inline(__always)
  static func place(
    of key: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64), _ size: Size
  ) -> Int {
    let hash = WordKey.mix(WordKey.mix(key.0, key.1), WordKey.mix(key.2, key.3))
    let all = WordKey.mix(hash, WordKey.mix(key.4, key.5))
    return Int(truncatingIfNeeded: all &>> (64 &- size.longBits))
  }
}
