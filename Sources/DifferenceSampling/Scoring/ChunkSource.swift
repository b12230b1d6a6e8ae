/// The packed chunks of a corpus: what is scored, selected and copied.
public protocol ChunkSource: Sendable {
  /// Number of chunks.
  var chunkCount: Int { get }
  /// Labels of the sources, by source number.
  var sourceNames: [String] { get }
  /// The tokens of `chunk`.
  func tokens(ofChunk chunk: Int) throws -> [Int32]
  /// Number of tokens of `chunk`.
  func length(ofChunk chunk: Int) -> Int
  /// The source number of `chunk`.
  func source(ofChunk chunk: Int) -> Int
  /// The documents of `chunk`, in order, with the tokens that each contributes.
  func documents(ofChunk chunk: Int) -> [DocumentPiece]
}

/// The part of one document that lies in one chunk.
public struct DocumentPiece: Sendable, Equatable {
  /// The document's number in the corpus.
  public let document: Int64
  /// Tokens of the chunk that belong to it.
  public let tokens: Int

  public init(document: Int64, tokens: Int) {
    self.document = document
    self.tokens = tokens
  }
}
