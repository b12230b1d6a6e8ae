/// Tokens of one source that no chunk has taken, and the documents that they belong to.
struct PackingBuffer: Sendable, Equatable {
  /// With a beginning token a place is free before the first token of a document; a chunk that
  /// goes out has the beginning token there.
  private var tokens: [Int32]
  private(set) var pieces: [ChunkPiece] = []
  private let lead: Int
  private let leadToken: Int32

  /// An empty buffer of chunks that start with `lead`.
  init(lead: Int32?) {
    self.lead = lead == nil ? 0 : 1
    leadToken = lead ?? 0
    tokens = lead.map { [$0] } ?? []
  }

  /// A buffer as it was.
  init(lead: Int32?, waiting: [Int32], pieces: [ChunkPiece]) {
    self.init(lead: lead)
    tokens += waiting
    self.pieces = pieces
  }

  /// Tokens of documents.
  var count: Int { tokens.count - lead }

  /// Tokens of documents, without a beginning token.
  var waiting: ArraySlice<Int32> { tokens[lead...] }

  /// What is appended next belongs to `document`.
  mutating func begin(document: Int64) {
    pieces.append(ChunkPiece(document: document, tokenStart: Int32(count)))
  }

  mutating func append(_ more: UnsafeBufferPointer<Int32>) { tokens.append(contentsOf: more) }

  /// Calls `body` with the tokens behind the first `start`.
  func withTokens<Result>(
    from start: Int, _ body: (UnsafeBufferPointer<Int32>) -> Result
  ) -> Result {
    tokens.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[(start + lead)...]))
    }
  }

  /// Hands out the tokens of `range` as a chunk. Only the tokens behind it may be used afterwards:
  /// the beginning token overwrites what stands before `range`.
  mutating func emit<Failure: Error>(
    _ range: Range<Int>, source: UInt16, pieces found: inout [ChunkPiece],
    _ body: (PackedChunkView) throws(Failure) -> Void
  ) throws(Failure) {
    if lead == 1 { tokens[range.lowerBound] = leadToken }
    found.removeAll(keepingCapacity: true)
    var first = firstPiece(at: range.lowerBound)
    while first < pieces.count, Int(pieces[first].tokenStart) < range.upperBound {
      let start = max(Int(pieces[first].tokenStart), range.lowerBound)
      // The beginning token belongs to the first document of the chunk.
      let offset = start == range.lowerBound ? 0 : start - range.lowerBound + lead
      found.append(ChunkPiece(document: pieces[first].document, tokenStart: Int32(offset)))
      first += 1
    }
    let failure = tokens.withUnsafeBufferPointer { tokens in
      found.withUnsafeBufferPointer { found -> Failure? in
        do throws(Failure) {
          let bounds = range.lowerBound..<range.upperBound + lead
          try body(
            PackedChunkView(
              source: source, tokens: UnsafeBufferPointer(rebasing: tokens[bounds]),
              pieces: found))
          return nil
        } catch {
          return error
        }
      }
    }
    if let failure { throw failure }
  }

  /// Removes the first tokens.
  mutating func drop(_ start: Int) {
    guard start > 0 else { return }
    tokens.removeSubrange(lead..<lead + start)
    if tokens.count == lead {
      pieces.removeAll(keepingCapacity: true)
      return
    }
    pieces.removeSubrange(..<firstPiece(at: start))
    for index in pieces.indices {
      pieces[index].tokenStart = max(0, pieces[index].tokenStart - Int32(start))
    }
  }

  /// The piece that the token at `position` belongs to: the last that starts at or before it.
  private func firstPiece(at position: Int) -> Int {
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if Int(pieces[middle].tokenStart) <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
