/// How documents are cut into chunks.
public struct PackingOptions: Codable, Sendable, Equatable {
  /// Most tokens in a chunk, one more than the training context (1025 for 1024).
  public var maximumLength = 1025
  /// Token put before every chunk, for models that want one; it counts towards `maximumLength`.
  public var beginningOfSequence: Int32?
  /// After more than this many chunks within one document its rest is dropped, as the published
  /// code does (2000); nil keeps everything.
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
/// token are dropped. Pure: the same documents give the same chunks.
///
/// Source: method.md 1.2 (MiniPLM, tokenize_pile.py).
public struct SequencePacker: Sendable {
  /// The settings.
  public let options: PackingOptions
  private let sentenceEnds: SentenceEnds
  private var buffers: [UInt16: Buffer] = [:]

  /// Tokens of one source that no chunk has taken.
  private struct Buffer: Sendable {
    var tokens: [Int32] = []
    var pieces: [ChunkPiece] = []
  }

  /// An empty packer. `options.maximumLength` must be at least 2, 3 with a beginning token.
  public init(options: PackingOptions, sentenceEnds: SentenceEnds) throws(CorpusError) {
    let least = options.beginningOfSequence == nil ? 2 : 3
    guard options.maximumLength >= least else {
      throw .setting(
        name: "the chunk length", found: "\(options.maximumLength)", expected: "\(least) or more")
    }
    self.options = options
    self.sentenceEnds = sentenceEnds
  }

  /// Tokens that wait in the buffers.
  public var pendingTokens: Int { buffers.values.reduce(0) { $0 + $1.tokens.count } }

  /// Takes a document, its tokens ending with the end-of-text token, and appends the chunks that
  /// are full by now.
  public mutating func add(
    document: Int64, source: UInt16, tokens: [Int32], to chunks: inout [PackedChunk]
  ) {
    // The buffer leaves the dictionary while it changes, so that its array is not copied.
    var buffer = buffers.removeValue(forKey: source) ?? Buffer()
    if !tokens.isEmpty {
      buffer.pieces.append(
        ChunkPiece(document: document, tokenStart: Int32(buffer.tokens.count)))
      buffer.tokens.append(contentsOf: tokens)
    }
    if buffer.tokens.count >= room { emit(from: &buffer, source: source, to: &chunks) }
    buffers[source] = buffer
  }

  /// Empties the buffers, in the order of the source ids; emits what they hold if the options say
  /// so.
  public mutating func finish(to chunks: inout [PackedChunk]) {
    if options.emitsRemainders {
      for source in buffers.keys.sorted() {
        guard let buffer = buffers[source], buffer.tokens.count > 1 else { continue }
        chunks.append(
          chunk(buffer, source: source, range: 0..<buffer.tokens.count, firstPiece: 0))
      }
    }
    buffers.removeAll()
  }

  /// Tokens of documents in a full chunk.
  private var room: Int {
    options.maximumLength - (options.beginningOfSequence == nil ? 0 : 1)
  }

  private func emit(
    from buffer: inout Buffer, source: UInt16, to chunks: inout [PackedChunk]
  ) {
    var start = 0
    var piece = 0
    var emitted = 0
    while buffer.tokens.count - start >= room {
      let length = buffer.tokens.withUnsafeBufferPointer { tokens in
        sentenceEnds.cut(UnsafeBufferPointer(rebasing: tokens[start...]), limit: room) ?? room
      }
      if length > 1 {
        chunks.append(
          chunk(buffer, source: source, range: start..<start + length, firstPiece: piece))
        emitted += 1
      }
      start += length
      while piece + 1 < buffer.pieces.count, buffer.pieces[piece + 1].tokenStart <= start {
        piece += 1
      }
      if let limit = options.chunksPerDocument, emitted > limit {
        buffer = Buffer()
        return
      }
    }
    buffer.tokens.removeFirst(start)
    buffer.pieces.removeFirst(piece)
    for index in buffer.pieces.indices {
      let tokenStart = buffer.pieces[index].tokenStart - Int32(start)
      buffer.pieces[index].tokenStart = max(0, tokenStart)
    }
    if buffer.tokens.isEmpty { buffer.pieces.removeAll() }
  }

  /// The chunk of `range`; `firstPiece` is the document that its first token belongs to.
  private func chunk(
    _ buffer: Buffer, source: UInt16, range: Range<Int>, firstPiece: Int
  ) -> PackedChunk {
    let lead = options.beginningOfSequence.map { [$0] } ?? []
    var pieces: [ChunkPiece] = []
    for piece in buffer.pieces[firstPiece...] {
      let start = max(Int(piece.tokenStart), range.lowerBound)
      if start >= range.upperBound { break }
      // The beginning token belongs to the first document of the chunk.
      let offset = start == range.lowerBound ? 0 : start - range.lowerBound + lead.count
      pieces.append(ChunkPiece(document: piece.document, tokenStart: Int32(offset)))
    }
    return PackedChunk(source: source, tokens: lead + buffer.tokens[range], pieces: pieces)
  }
}
