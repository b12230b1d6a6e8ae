/// Takes the words of a text, one after the other.
protocol WordSink {
  /// - Parameters:
  ///   - word: at least one byte.
  ///   - readable: how many bytes may be read at `word`, at least `count`.
  mutating func take(_ word: UnsafePointer<UInt8>, count: Int, readable: Int)
}

/// Memory of an encoder that it keeps from text to text.
final class EncoderMemory {
  let cache: WordCache
  let merger = WordMerger()
  let lattice = LatticeScratch()
  /// A word in the byte-level alphabet.
  var mapped: [UInt8] = []
  var output = UnsafeMutablePointer<Int32>.allocate(capacity: EncoderMemory.smallOutput)
  var capacity = EncoderMemory.smallOutput
  static let smallOutput = 1 << 12

  /// Makes room for `needed` tokens, keeping the first `count`.
  func grow(to needed: Int, keeping count: Int) {
    var larger = capacity
    while larger < needed { larger *= 2 }
    let memory = UnsafeMutablePointer<Int32>.allocate(capacity: larger)
    memory.initialize(repeating: 0, count: larger)
    memory.update(from: output, count: count)
    output.deallocate()
    (output, capacity) = (memory, larger)
  }

  /// Gives memory back that one long text needed.
  func shrink() {
    if capacity <= Self.smallOutput * 256 { return }
    output.deallocate()
    output = .allocate(capacity: Self.smallOutput)
    capacity = Self.smallOutput
  }

  init(_ size: WordCache.Size) {
    cache = WordCache(size)
    output.initialize(repeating: 0, count: capacity)
  }

  deinit { output.deallocate() }
}

/// Turns words into tokens: from the cache, else from the table of whole words, else by merging.
///
/// A value of pointers, to be held in a local variable while a text is encoded.
struct WordEncoder: TokenSink {
  private let short: UnsafeMutablePointer<WordCache.ShortEntry>
  private let long: UnsafeMutablePointer<WordCache.LongEntry>
  private let size: WordCache.Size
  private let shortWords: ShortWordTable.View
  private let longWords: ByteStringTable.View
  private let tables: WordMerger.Tables
  private let memory: EncoderMemory
  private var output: UnsafeMutablePointer<Int32>
  private var count = 0
  /// Room that every word leaves behind it in `output`.
  private static let margin = 16
  private var limit: Int

  init(_ model: BytePairModel, _ memory: EncoderMemory) {
    short = memory.cache.short
    long = memory.cache.long
    size = memory.cache.size
    shortWords = model.shortWords.view
    longWords = model.wholeWords.view
    tables = model.tables
    self.memory = memory
    output = memory.output
    limit = memory.capacity - Self.margin
  }

  /// Appends what was encoded to `tokens`.
  func finish(_ tokens: inout [Int32]) {
    tokens.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
    memory.shrink()
  }

  /// Appends a token that stands for a part of the text by itself.
  mutating func append(_ token: Int32) {
    output[count] = token
    count &+= 1
    if count > limit { grow(by: Self.margin) }
  }

  @inline(__always)
  mutating func take(_ word: UnsafePointer<UInt8>, count length: Int, readable: Int) {
    guard length <= WordKey.longest else { return takeLong(word, length) }
    let key = WordKey(word, count: length, readable: readable)
    let entry = short[WordCache.place(of: key, size)]
    guard entry.low == key.low, entry.high == key.high else { return takeNew(word, length, key) }
    // All four are written, and the next word overwrites what is not a token.
    UnsafeMutableRawPointer(output + count).storeBytes(of: entry.tokens, as: SIMD4<Int32>.self)
    count &+= Int(entry.tokens[3])
    if count > limit { grow(by: Self.margin) }
  }

  /// A short word that the cache does not hold.
  @inline(never)
  private mutating func takeNew(_ word: UnsafePointer<UInt8>, _ length: Int, _ key: WordKey) {
    let token = shortWords.value(of: key)
    if token >= 0 {
      short[WordCache.place(of: key, size)] = WordCache.ShortEntry(
        low: key.low, high: key.high, tokens: SIMD4(token, 0, 0, 1))
      append(token)
      return
    }
    let start = count
    takeLong(word, length)
    let made = count - start
    if made > WordCache.shortTokens { return }
    var tokens = SIMD4<Int32>(0, 0, 0, Int32(truncatingIfNeeded: made))
    for place in 0..<made { tokens[place] = output[start + place] }
    short[WordCache.place(of: key, size)] = WordCache.ShortEntry(
      low: key.low, high: key.high, tokens: tokens)
  }

  /// A long word, or a short one that is not one token.
  @inline(never)
  private mutating func takeLong(_ word: UnsafePointer<UInt8>, _ length: Int) {
    guard length <= WordCache.longBytes else { return merge(word, length) }
    var fresh = WordCache.LongEntry()
    withUnsafeMutableBytes(of: &fresh.key) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: word, count: length))
    }
    fresh.length = Int32(truncatingIfNeeded: length)
    let place = WordCache.place(of: fresh.key, size)
    let known = long[place]
    if known.length == fresh.length, known.key == fresh.key {
      UnsafeMutableRawPointer(output + count)
        .storeBytes(of: known.tokens, as: SIMD16<Int32>.self)
      count &+= Int(known.count)
      if count > limit { grow(by: Self.margin) }
      return
    }
    let start = count
    merge(word, length)
    let made = count - start
    if made > WordCache.longTokens { return }
    for place in 0..<made { fresh.tokens[place] = output[start + place] }
    fresh.count = Int32(truncatingIfNeeded: made)
    long[place] = fresh
  }

  private mutating func merge(_ word: UnsafePointer<UInt8>, _ length: Int) {
    let bytes = UnsafeBufferPointer(start: word, count: length)
    if length > WordKey.longest, let token = longWords.value(of: bytes) { return append(token) }
    // A word has at most one token for each byte.
    if count + length > limit { grow(by: length + Self.margin) }
    count += memory.merger.merge(bytes, tables, into: output + count)
    if count > limit { grow(by: Self.margin) }
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    memory.grow(to: count + more + Self.margin, keeping: count)
    output = memory.output
    limit = memory.capacity - Self.margin
  }
}
