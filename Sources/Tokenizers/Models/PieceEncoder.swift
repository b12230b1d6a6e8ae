/// Turns words into the tokens of any model, with a cache of words in front of it.
///
/// A value of pointers, to be held in a local variable while a text is encoded.
struct PieceEncoder<Model: PieceModel>: TokenSink {
  private let model: Model
  private let short: UnsafeMutablePointer<WordCache.ShortEntry>
  private let long: UnsafeMutablePointer<WordCache.LongEntry>
  private let size: WordCache.Size
  private let memory: EncoderMemory
  /// Whether words are bytes that stand for characters of the byte-level alphabet.
  private let mapsBytes: Bool
  private var output: TokenOutput

  init(_ model: Model, _ memory: EncoderMemory, mapsBytes: Bool) {
    self.model = model
    self.memory = memory
    self.mapsBytes = mapsBytes
    short = memory.cache.short
    long = memory.cache.long
    size = memory.cache.size
    output = TokenOutput(memory)
  }

  mutating func finish(_ tokens: inout [Int32]) { output.finish(&tokens) }

  mutating func append(_ token: Int32) { output.append(token) }

  @inline(__always)
  mutating func take(_ word: UnsafePointer<UInt8>, count: Int, readable: Int) {
    let piece = UnsafeBufferPointer(start: word, count: count)
    if !mapsBytes, let token = model.wholeToken(of: piece) { return output.append(token) }
    if count <= WordCache.longBytes { return takeCached(piece, readable: readable) }
    if mapsBytes { return encode(piece) }
    takeParts(piece, readable: readable)
  }

  /// A long piece, part by part.
  @inline(never)
  private mutating func takeParts(_ piece: UnsafeBufferPointer<UInt8>, readable: Int) {
    var start = 0
    while start < piece.count {
      let end = model.endOfPart(piece, from: start)
      let part = UnsafeBufferPointer(rebasing: piece[start..<end])
      if part.count <= WordCache.longBytes {
        takeCached(part, readable: readable &- start)
      } else {
        model.encode(part, into: &output)
      }
      start = end
    }
  }

  @inline(__always)
  private mutating func takeCached(_ piece: UnsafeBufferPointer<UInt8>, readable: Int) {
    guard let word = piece.baseAddress else { return }
    guard piece.count <= WordKey.longest else { return takeLong(piece) }
    let key = WordKey(word, count: piece.count, readable: readable)
    let entry = short[WordCache.place(of: key, size)]
    guard entry.low == key.low, entry.high == key.high else { return takeNew(piece, key) }
    output.append(entry.tokens, number: Int(entry.tokens[3]))
  }

  /// A short piece that the cache does not hold.
  @inline(never)
  private mutating func takeNew(_ piece: UnsafeBufferPointer<UInt8>, _ key: WordKey) {
    let start = output.count
    takeLong(piece)
    let made = output.count - start
    if made > WordCache.shortTokens { return }
    var tokens = SIMD4<Int32>(0, 0, 0, Int32(truncatingIfNeeded: made))
    for place in 0..<made { tokens[place] = output[start + place] }
    short[WordCache.place(of: key, size)] = WordCache.ShortEntry(
      low: key.low, high: key.high, tokens: tokens)
  }

  /// A long piece, or a short one that the cache of short ones does not hold.
  @inline(never)
  private mutating func takeLong(_ piece: UnsafeBufferPointer<UInt8>) {
    var fresh = WordCache.LongEntry()
    withUnsafeMutableBytes(of: &fresh.key) { $0.copyMemory(from: UnsafeRawBufferPointer(piece)) }
    fresh.length = Int32(truncatingIfNeeded: piece.count)
    let place = WordCache.place(of: fresh.key, size)
    let known = long[place]
    if known.length == fresh.length, known.key == fresh.key {
      return output.append(known.tokens, number: Int(known.count))
    }
    let start = output.count
    encode(piece)
    let made = output.count - start
    if made > WordCache.longTokens { return }
    for place in 0..<made { fresh.tokens[place] = output[start + place] }
    fresh.count = Int32(truncatingIfNeeded: made)
    long[place] = fresh
  }

  private mutating func encode(_ piece: UnsafeBufferPointer<UInt8>) {
    guard mapsBytes else { return model.encode(piece, into: &output) }
    var mapped: [UInt8] = []
    swap(&mapped, &memory.mapped)
    mapped.removeAll(keepingCapacity: true)
    let scalars = ByteAlphabet.shared.scalars.pointer
    for byte in piece { UTF8Decoding.append(scalars[Int(byte)], to: &mapped) }
    mapped.withUnsafeBufferPointer { text in
      if let token = model.wholeToken(of: text) {
        output.append(token)
      } else {
        model.encode(text, into: &output)
      }
    }
    swap(&mapped, &memory.mapped)
  }
}
