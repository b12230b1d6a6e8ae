/// The score of one chunk.
public struct ChunkScore: Sendable, Equatable {
  /// The chunk's number in the corpus.
  public var chunk: Int
  /// The chunk's source number.
  public var source: Int
  /// Tokens in the chunk.
  public var length: Int
  /// Positions that count in the means (see `LossMask`).
  public var counted: Int
  /// Mean NLL of the teacher, nats per counted token.
  public var teacherNLL: Float
  /// Mean NLL of the reference, nats per counted token.
  public var referenceNLL: Float

  public init(
    chunk: Int, source: Int, length: Int, counted: Int, teacherNLL: Float, referenceNLL: Float
  ) {
    self.chunk = chunk
    self.source = source
    self.length = length
    self.counted = counted
    self.teacherNLL = teacherNLL
    self.referenceNLL = referenceNLL
  }

  /// reference NLL - teacher NLL: high where only the larger model understands the text.
  public var difference: Float { referenceNLL - teacherNLL }
  /// Whether the chunk can be ranked; false when no token counted or a model gave NaN or infinity.
  public var isFinite: Bool { counted > 0 && difference.isFinite }
}

/// Scores of chunks as columns, in the order of the chunks; not every chunk need be there.
///
/// 26 bytes a chunk.
public struct ChunkScores: Sendable, Equatable {
  /// Chunk numbers, strictly ascending.
  public internal(set) var chunks: [Int64] = []
  /// Source numbers.
  public internal(set) var sources: [UInt16] = []
  /// Tokens of each chunk.
  public internal(set) var lengths: [Int32] = []
  /// Counted positions of each chunk.
  public internal(set) var counted: [Int32] = []
  /// Mean NLL of the teacher, nats per counted token.
  public internal(set) var teacherNLL: [Float] = []
  /// Mean NLL of the reference, nats per counted token.
  public internal(set) var referenceNLL: [Float] = []

  /// No scores.
  public init() {}

  /// Scores in any order; of two for the same chunk the later one counts.
  public init(_ rows: some Sequence<ChunkScore>) {
    let indexed = rows.enumerated().sorted {
      ($0.element.chunk, $0.offset) < ($1.element.chunk, $1.offset)
    }
    for (_, row) in indexed {
      if let last = chunks.last, Int(last) == row.chunk { removeLast() }
      append(row)
    }
  }

  /// No scores, with room for `capacity` chunks.
  package init(capacity: Int) {
    chunks.reserveCapacity(capacity)
    sources.reserveCapacity(capacity)
    lengths.reserveCapacity(capacity)
    counted.reserveCapacity(capacity)
    teacherNLL.reserveCapacity(capacity)
    referenceNLL.reserveCapacity(capacity)
  }

  /// Room for chunks `0..<count`, each of which must be placed exactly once.
  init(completeCount count: Int) {
    chunks = (0..<count).map { Int64($0) }
    sources = Array(repeating: 0, count: count)
    lengths = Array(repeating: 0, count: count)
    counted = lengths
    teacherNLL = Array(repeating: .nan, count: count)
    referenceNLL = teacherNLL
  }

  /// Puts the score of a chunk in its own row of a complete table.
  mutating func place(_ row: ChunkScore) {
    sources[row.chunk] = UInt16(clamping: row.source)
    lengths[row.chunk] = Int32(clamping: row.length)
    counted[row.chunk] = Int32(clamping: row.counted)
    teacherNLL[row.chunk] = row.teacherNLL
    referenceNLL[row.chunk] = row.referenceNLL
  }

  /// Number of scored chunks.
  public var count: Int { chunks.count }

  /// The score in row `row`.
  public subscript(row: Int) -> ChunkScore {
    ChunkScore(
      chunk: Int(chunks[row]), source: Int(sources[row]), length: Int(lengths[row]),
      counted: Int(counted[row]), teacherNLL: teacherNLL[row], referenceNLL: referenceNLL[row])
  }

  /// The row of `chunk`, or nil if it is not scored.
  public func row(ofChunk chunk: Int) -> Int? {
    // A complete table has every chunk in its own row.
    if chunks.indices.contains(chunk), chunks[chunk] == Int64(chunk) { return chunk }
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle] < Int64(chunk) { low = middle + 1 } else { high = middle }
    }
    return low < chunks.count && chunks[low] == Int64(chunk) ? low : nil
  }

  /// Both tables as one; they must not have a chunk in common.
  func merged(with other: ChunkScores) -> ChunkScores {
    var result = ChunkScores(capacity: count + other.count)
    var (own, others) = (0, 0)
    while own < count || others < other.count {
      if others == other.count || (own < count && chunks[own] < other.chunks[others]) {
        result.append(self, row: own)
        own += 1
      } else {
        result.append(other, row: others)
        others += 1
      }
    }
    return result
  }

  private mutating func append(_ other: ChunkScores, row: Int) {
    chunks.append(other.chunks[row])
    sources.append(other.sources[row])
    lengths.append(other.lengths[row])
    counted.append(other.counted[row])
    teacherNLL.append(other.teacherNLL[row])
    referenceNLL.append(other.referenceNLL[row])
  }

  /// Chunks that have no finite difference and therefore take no part in any selection.
  public var nonFiniteChunks: [Int] {
    (0..<count).filter { !self[$0].isFinite }.map { Int(chunks[$0]) }
  }

  /// Whether both have the same bits in every row; NaN is equal to NaN.
  func hasSameRows(as other: ChunkScores) -> Bool {
    chunks == other.chunks && sources == other.sources && lengths == other.lengths
      && counted == other.counted
      && teacherNLL.elementsEqual(other.teacherNLL) { $0.bitPattern == $1.bitPattern }
      && referenceNLL.elementsEqual(other.referenceNLL) { $0.bitPattern == $1.bitPattern }
  }

  /// Appends the score of a chunk with a higher number than all before.
  package mutating func append(_ row: ChunkScore) {
    chunks.append(Int64(row.chunk))
    sources.append(UInt16(clamping: row.source))
    lengths.append(Int32(clamping: row.length))
    counted.append(Int32(clamping: row.counted))
    teacherNLL.append(row.teacherNLL)
    referenceNLL.append(row.referenceNLL)
  }

  private mutating func removeLast() {
    chunks.removeLast()
    sources.removeLast()
    lengths.removeLast()
    counted.removeLast()
    teacherNLL.removeLast()
    referenceNLL.removeLast()
  }
}
