/// The best of what is dropped, by source: a first answer to what a selection loses.
public struct DroppedSources: Sendable, Equatable, Codable {
  public struct Source: Sendable, Equatable, Codable {
    public var name: String
    public var chunks: Int
    public var tokens: Int
    public var droppedChunks: Int
    public var droppedTokens: Int
    /// The dropped chunks with the highest differences, best first.
    public var best: [ChunkRow]
    /// A floor that keeps one tenth more of the source, 0...1, and what that costs; nil where it keeps
    /// all, or its rest cannot be kept.
    public var floor: Double?
    public var price: SelectionPrice.Part?

    public init(
      name: String, chunks: Int, tokens: Int, droppedChunks: Int, droppedTokens: Int,
      best: [ChunkRow], floor: Double? = nil, price: SelectionPrice.Part? = nil
    ) {
      self.name = name
      self.chunks = chunks
      self.tokens = tokens
      self.droppedChunks = droppedChunks
      self.droppedTokens = droppedTokens
      self.best = best
      self.floor = floor
      self.price = price
    }
  }

  /// Those that lose the most tokens first.
  public var sources: [Source]

  public init(sources: [Source]) { self.sources = sources }
}
