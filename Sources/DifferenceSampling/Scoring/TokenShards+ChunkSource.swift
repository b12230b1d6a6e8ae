public import Corpus

extension TokenShards: ChunkSource {
  public var chunkCount: Int { count }
  public var sourceNames: [String] { sources }

  public func tokens(ofChunk chunk: Int) throws -> [Int32] { try tokens(of: chunk) }
  public func length(ofChunk chunk: Int) -> Int { length(of: chunk) }
  public func source(ofChunk chunk: Int) -> Int { source(of: chunk) }

  public func documents(ofChunk chunk: Int) -> [DocumentPiece] {
    let pieces = documents(of: chunk)
    let ends = pieces.dropFirst().map { Int($0.tokenStart) } + [length(of: chunk)]
    return zip(pieces, ends).map { piece, end in
      DocumentPiece(document: piece.document, tokens: max(0, end - Int(piece.tokenStart)))
    }
  }
}
