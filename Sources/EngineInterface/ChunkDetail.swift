/// One chunk, token by token.
public struct ChunkDetail: Sendable, Equatable, Codable {
  public struct Token: Sendable, Equatable, Codable {
    /// The token's text; bytes that are no UTF-8 by themselves are U+FFFD.
    public var text: String
    /// log p of the teacher and of the reference, nats; nil = not counted (the first token, or
    /// after an end of text) or not computed yet.
    public var teacherLogProbability: Double?
    public var referenceLogProbability: Double?

    public init(
      text: String, teacherLogProbability: Double? = nil, referenceLogProbability: Double? = nil
    ) {
      self.text = text
      self.teacherLogProbability = teacherLogProbability
      self.referenceLogProbability = referenceLogProbability
    }

    /// The teacher's - the reference's.
    public var difference: Double? {
      guard let teacherLogProbability, let referenceLogProbability else { return nil }
      return teacherLogProbability - referenceLogProbability
    }
  }

  public struct Piece: Sendable, Equatable, Codable {
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
  public var teacherLogProbability: Double?
  public var referenceLogProbability: Double?
  /// Place by difference, 1 = highest, of `scored` chunks; nil = not scored.
  public var rank: Int?
  public var scored: Int
  /// Bytes of text.
  public var bytes: Int
  public var threshold: Double
  /// Why its tokens have no scores yet, or never will, in a few words; nil when nothing is to be said.
  public var remark: String?

  public init(
    row: ChunkRow, tokens: [Token], pieces: [Piece], teacherLogProbability: Double? = nil,
    referenceLogProbability: Double? = nil, rank: Int? = nil, scored: Int = 0, bytes: Int = 0,
    threshold: Double = 0
  ) {
    self.row = row
    self.tokens = tokens
    self.pieces = pieces
    self.teacherLogProbability = teacherLogProbability
    self.referenceLogProbability = referenceLogProbability
    self.rank = rank
    self.scored = scored
    self.bytes = bytes
    self.threshold = threshold
  }
}
