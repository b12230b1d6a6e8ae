/// A part of a document inside a chunk.
public struct ChunkPiece: Sendable, Equatable, Codable {
  /// Which document.
  public var document: Int64
  /// Index in the chunk of the first token of the part.
  public var tokenStart: Int32

  /// A part that starts at token `tokenStart` of its chunk.
  public init(document: Int64, tokenStart: Int32) {
    self.document = document
    self.tokenStart = tokenStart
  }
}

/// The unit that is scored and selected: tokens of one source, at most `maximumLength` of them.
public struct PackedChunk: Sendable, Equatable {
  /// Id of the source, an index into the table of sources.
  public var source: UInt16
  /// Token ids.
  public var tokens: [Int32]
  /// Documents in it, in order; the first piece starts at token 0.
  public var pieces: [ChunkPiece]

  /// A chunk.
  public init(source: UInt16, tokens: [Int32], pieces: [ChunkPiece]) {
    self.source = source
    self.tokens = tokens
    self.pieces = pieces
  }
}

/// A chunk in memory that belongs to somebody else; valid during the call that it is given to.
struct PackedChunkView {
  let source: UInt16
  let tokens: UnsafeBufferPointer<Int32>
  let pieces: UnsafeBufferPointer<ChunkPiece>
}

extension PackedChunk {
  /// A copy of what `view` shows.
  init(_ view: PackedChunkView) {
    self.init(source: view.source, tokens: Array(view.tokens), pieces: Array(view.pieces))
  }
}

/// Source labels and their ids, in the order in which they were first seen.
public struct SourceTable: Sendable, Equatable {
  /// Labels by id.
  public private(set) var names: [String] = []
  private var ids: [String: UInt16] = [:]

  /// Most sources that a 16-bit id can tell apart.
  public static let limit = 1 << 16

  /// An empty table.
  public init() {}

  /// The id of a label, a new one if it was not seen before.
  public mutating func id(of name: String) throws(CorpusError) -> UInt16 {
    if let id = ids[name] { return id }
    guard names.count < Self.limit else { throw .tooManySources(count: names.count + 1) }
    let id = UInt16(names.count)
    names.append(name)
    ids[name] = id
    return id
  }
}
