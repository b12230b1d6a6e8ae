/// How documents are cut into chunks.
public struct PackingOptions: Codable, Sendable, Equatable {
  /// Most tokens in a chunk, one more than the training context (1025 for 1024).
  public var maximumLength = 1025
  /// Token put before every chunk, for models that want one; it counts towards `maximumLength`.
  public var beginningOfSequence: Int32?
  /// Most chunks that are taken while one document is added; where it would give one more, its rest
  /// and what waits of its source is dropped, as the published code does (2000). Nil keeps
  /// everything.
  public var chunksPerDocument: Int? = 2000
  /// Also emit what is left in the buffers at the end; the published code drops it.
  public var emitsRemainders = false

  /// The published settings for models without a beginning token.
  public init() {}
}

/// Packs the tokens of documents into chunks that end where a sentence ends.
///
/// Every source has a buffer of its own, so a chunk never mixes sources. While a buffer holds a
/// full chunk, the chunk is cut back to the last token that ends a document, a line or a sentence,
/// and the rest stays for the next one; without such a token the chunk stays full. Chunks of one
/// token are dropped; a beginning token counts as one. Pure: the same documents give the same
/// chunks.
///
/// Source: method.md 1.2 (MiniPLM, tokenize_pile.py).
public struct SequencePacker: Sendable {
  /// The settings.
  public let options: PackingOptions
  private let sentenceEnds: SentenceEnds
  /// By id of the source.
  private var buffers: [PackingBuffer] = []
  private var pieces: [ChunkPiece] = []

  /// Tokens that go into a buffer at once, so that a very long document is not held twice.
  private static let part = 1 << 16

  /// An empty packer. `options.maximumLength` must be at least 2.
  public init(options: PackingOptions, sentenceEnds: SentenceEnds) throws(CorpusError) {
    guard options.maximumLength >= 2 else {
      throw .setting(
        name: "the chunk length", found: "\(options.maximumLength)", expected: "2 or more")
    }
    self.options = options
    self.sentenceEnds = sentenceEnds
  }

  /// What waits, by id of the source; setting it goes on from there.
  var waiting: [PackingBuffer] {
    get { buffers }
    set { buffers = newValue }
  }

  /// Takes a document, its tokens ending with the end-of-text token, and appends the chunks that
  /// are full by now.
  public mutating func add(
    document: Int64, source: UInt16, tokens: [Int32], to chunks: inout [PackedChunk]
  ) {
    tokens.withUnsafeBufferPointer { tokens in
      add(document: document, source: source, tokens: tokens) { chunks.append(PackedChunk($0)) }
    }
  }

  /// Empties the buffers, in the order of the source ids; emits what they hold if the options say
  /// so.
  public mutating func finish(to chunks: inout [PackedChunk]) {
    finish { chunks.append(PackedChunk($0)) }
  }

  /// As `add(document:source:tokens:to:)`; the chunks are valid only during the call of `emit`.
  mutating func add<Failure: Error>(
    document: Int64, source: UInt16, tokens: UnsafeBufferPointer<Int32>,
    emit: (PackedChunkView) throws(Failure) -> Void
  ) throws(Failure) {
    guard !tokens.isEmpty else { return }
    while buffers.count <= Int(source) {
      buffers.append(PackingBuffer(lead: options.beginningOfSequence))
    }
    buffers[Int(source)].begin(document: document)
    var (start, emitted) = (0, 0)
    while start < tokens.count {
      let end = min(tokens.count, start + Self.part)
      buffers[Int(source)].append(UnsafeBufferPointer(rebasing: tokens[start..<end]))
      start = end
      // Whether a sentence ends with the last token depends on the next one: wait for it.
      let least = end == tokens.count ? room : room + 1
      guard buffers[Int(source)].count >= least else { continue }
      if try !emitFull(source, least: least, emitted: &emitted, emit: emit) {
        buffers[Int(source)] = PackingBuffer(lead: options.beginningOfSequence)
        return
      }
    }
  }

  /// As `finish(to:)`; the chunks are valid only during the call of `emit`.
  mutating func finish<Failure: Error>(
    emit: (PackedChunkView) throws(Failure) -> Void
  ) throws(Failure) {
    if options.emitsRemainders {
      for source in buffers.indices {
        let count = buffers[source].count
        guard count > 0, count + lead > 1 else { continue }
        try buffers[source].emit(
          0..<count, source: UInt16(source), pieces: &pieces, emit)
      }
    }
    buffers.removeAll()
  }

  private var lead: Int { options.beginningOfSequence == nil ? 0 : 1 }

  /// Tokens of documents in a full chunk.
  private var room: Int { options.maximumLength - lead }

  /// Emits chunks while `least` tokens wait; false when the document reached its limit.
  private mutating func emitFull<Failure: Error>(
    _ source: UInt16, least: Int, emitted: inout Int,
    emit: (PackedChunkView) throws(Failure) -> Void
  ) throws(Failure) -> Bool {
    var start = 0
    while buffers[Int(source)].count - start >= least {
      let length = buffers[Int(source)].withTokens(from: start) {
        sentenceEnds.cut($0, limit: room) ?? room
      }
      if length + lead > 1 {
        if let limit = options.chunksPerDocument, emitted >= limit { return false }
        emitted += 1
        try buffers[Int(source)].emit(
          start..<start + length, source: source, pieces: &pieces, emit)
      }
      start += length
    }
    buffers[Int(source)].drop(start)
    return true
  }
}
