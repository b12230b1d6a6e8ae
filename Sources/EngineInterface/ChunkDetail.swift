/// One chunk, token by token.
public struct ChunkDetail: Sendable, Equatable {
  public struct Token: Sendable, Equatable {
    /// The token's text; bytes that are no UTF-8 by themselves are U+FFFD.
    public var text: String
    /// log p of the teacher and of the reference, nats; nil = not counted (the first token, or
    /// after an end of text) or not computed yet.
    public var teacher: Double?
    public var reference: Double?

    public init(text: String, teacher: Double? = nil, reference: Double? = nil) {
      self.text = text
      self.teacher = teacher
      self.reference = reference
    }

    /// teacher - reference.
    public var difference: Double? {
      guard let teacher, let reference else { return nil }
      return teacher - reference
    }
  }

  public struct Piece: Sendable, Equatable {
    /// Ordinal of the document in the corpus.
    public var document: Int
    /// First token of the piece in the chunk.
    public var start: Int
    public var label: String

    public init(document: Int, start: Int, label: String = "") {
      self.document = document
      self.start = start
      self.label = label
    }
  }

  public var row: ChunkRow
  public var tokens: [Token]
  public var pieces: [Piece]
  /// Mean log p over the counted tokens; nil = not scored.
  public var teacher: Double?
  public var reference: Double?
  /// Place by difference, 1 = highest, of `scored` chunks; nil = not scored.
  public var rank: Int?
  public var scored: Int
  /// Bytes of text.
  public var bytes: Int
  public var threshold: Double

  public init(
    row: ChunkRow, tokens: [Token], pieces: [Piece], teacher: Double? = nil,
    reference: Double? = nil, rank: Int? = nil, scored: Int = 0, bytes: Int = 0,
    threshold: Double = 0
  ) {
    self.row = row
    self.tokens = tokens
    self.pieces = pieces
    self.teacher = teacher
    self.reference = reference
    self.rank = rank
    self.scored = scored
    self.bytes = bytes
    self.threshold = threshold
  }
}
