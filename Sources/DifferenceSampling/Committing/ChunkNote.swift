/// What a person has written about a chunk, one line.
public struct ChunkNote: Codable, Sendable, Equatable {
  public var chunk: Int
  public var note: String
  /// In a commit: whether the chunk is in it.
  public var kept: Bool?

  public init(chunk: Int, note: String, kept: Bool? = nil) {
    self.chunk = chunk
    self.note = note
    self.kept = kept
  }
}
