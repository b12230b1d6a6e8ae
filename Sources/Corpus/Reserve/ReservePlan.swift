import Numerics

/// Which side of a split every chunk is on.
struct ReservePlan: Sendable {
  enum Side: UInt8, Sendable {
    case rest, reserved, leftOut
  }

  let sides: [Side]
  let separatesDocuments: Bool

  func chunks(_ side: Side) -> some Collection<Int> {
    sides.indices.lazy.filter { sides[$0] == side }
  }

  /// The last chunks with at least so many tokens.
  static func tail(_ shards: TokenShards, tokens wanted: Int) -> Int {
    var missing = wanted
    var first = shards.count
    while first > 0, missing > 0 {
      first -= 1
      missing -= shards.length(of: first)
    }
    return first
  }

  /// Draws by a seed: runs of documents, so that few chunks hold documents of both sides, or single
  /// chunks where documents are not known.
  init(random shards: TokenShards, tokens wanted: Int, seed: UInt64) {
    var random = RandomSource(seed: seed).split("reserve")
    let documents = shards.isLabelled ? Self.documentCount(shards) : 0
    guard documents > 0 else {
      sides = Self.drawChunks(shards, tokens: wanted, &random)
      separatesDocuments = false
      return
    }
    // A thousand runs or more, of at most 1,024 documents: few borders, and little too much at the end.
    let runLength = Int64(min(1024, max(1, documents / 1024)))
    let runCount = Int((documents + Int(runLength) - 1) / Int(runLength))
    var runTokens = [Int](repeating: 0, count: runCount)
    shards.forEachChunk(in: 0..<shards.count) { chunk, _, length in
      if let run = Self.onlyRun(of: shards.documents(of: chunk), runLength) {
        runTokens[run] += length
      }
      return true
    }
    var order = Array(0..<runCount)
    random.shuffle(&order)
    var isReserved = [Bool](repeating: false, count: runCount)
    var missing = wanted
    for run in order {
      guard missing > 0 else { break }
      isReserved[run] = true
      missing -= runTokens[run]
    }
    sides = (0..<shards.count).map { chunk in
      let pieces = shards.documents(of: chunk)
      let reserved = pieces.count { isReserved[Int($0.document / runLength)] }
      if reserved == 0 { return .rest }
      return reserved == pieces.count ? .reserved : .leftOut
    }
    separatesDocuments = true
  }

  private static func onlyRun(of pieces: [ChunkPiece], _ length: Int64) -> Int? {
    guard let first = pieces.first else { return nil }
    let run = first.document / length
    return pieces.allSatisfy { $0.document / length == run } ? Int(run) : nil
  }

  /// One more than the highest document; 0 where some chunk has none, or a number that cannot be.
  private static func documentCount(_ shards: TokenShards) -> Int {
    var highest: Int64 = -1
    var isWhole = true
    shards.forEachChunk(in: 0..<shards.count) { chunk, _, _ in
      let pieces = shards.documents(of: chunk)
      isWhole = !pieces.isEmpty && pieces.allSatisfy { $0.document >= 0 && $0.document < 1 << 40 }
      for piece in pieces { highest = max(highest, piece.document) }
      return isWhole
    }
    return isWhole ? Int(highest + 1) : 0
  }

  /// Draws single chunks, each with the chance that the tokens still missing ask for.
  private static func drawChunks(
    _ shards: TokenShards, tokens wanted: Int, _ random: inout RandomSource
  ) -> [Side] {
    var sides = [Side](repeating: .rest, count: shards.count)
    var (missing, left) = (wanted, shards.tokenCount)
    shards.forEachChunk(in: 0..<shards.count) { chunk, _, length in
      if missing > 0, random.uniform() * Double(max(1, left)) < Double(missing) {
        sides[chunk] = .reserved
        missing -= length
      }
      left -= length
      return true
    }
    return sides
  }
}
