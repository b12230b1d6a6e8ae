public import Store
public import TensorKit

/// `scores.safetensors`: the columns of `ChunkScores` and, as metadata, the job that made them.
public enum ChunkScoresFile {
  /// The file's name.
  public static let name = "scores.safetensors"

  /// Writes `scores` atomically; equal scores and metadata give equal bytes.
  ///
  /// - Parameter inReserve: 1 for every chunk that the reference model was trained on, 0 for others,
  ///   one a row; stands in the file as `in_reserve`, for people: it is no part of the digest.
  public static func write(
    _ scores: ChunkScores, metadata: [String: String] = [:], inReserve: [UInt8]? = nil,
    to path: String
  ) throws(StoreError) {
    var metadata = metadata
    metadata["sha256"] = try digest(scores)
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: [
        .init(name: "chunk", type: .i64, shape: [scores.count]),
        .init(name: "teacher_nll", type: .f32, shape: [scores.count]),
        .init(name: "reference_nll", type: .f32, shape: [scores.count]),
        .init(name: "tokens", type: .i32, shape: [scores.count]),
        .init(name: "length", type: .i32, shape: [scores.count]),
        .init(name: "source", type: .u16, shape: [scores.count]),
      ]
        + (inReserve.map { [.init(name: "in_reserve", type: .u8, shape: [$0.count])] } ?? []),
      metadata: metadata)
    do throws(StoreError) {
      try writer.write(scores.chunks)
      try writer.write(scores.teacherNLL)
      try writer.write(scores.referenceNLL)
      try writer.write(scores.counted)
      try writer.write(scores.lengths)
      try writer.write(scores.sources)
      if let inReserve { try writer.write(inReserve) }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Reads `path` and checks that its columns are of one length and give the stored SHA-256 (if
  /// there is one), and that its chunks ascend.
  public static func read(
    _ path: String
  ) throws(StoreError) -> (scores: ChunkScores, metadata: [String: String]) {
    let file = try SafetensorsFile(path: path)
    var scores = ChunkScores()
    scores.chunks = try file.values(of: "chunk")
    scores.teacherNLL = try file.values(of: "teacher_nll")
    scores.referenceNLL = try file.values(of: "reference_nll")
    scores.counted = try file.values(of: "tokens")
    scores.lengths = try file.values(of: "length")
    scores.sources = try file.values(of: "source")
    let counts = [
      scores.teacherNLL.count, scores.referenceNLL.count, scores.counted.count,
      scores.lengths.count, scores.sources.count,
    ]
    guard counts.allSatisfy({ $0 == scores.count }) else {
      throw .malformed(
        path: path, found: "columns of \(scores.count) and \(counts) rows",
        expected: "columns of one length")
    }
    if let stored = file.metadata["sha256"], try digest(scores) != stored {
      throw .malformed(
        path: path, found: "columns that do not give the stored SHA-256",
        expected: "the columns that were written")
    }
    var previous: Int64 = -1
    for chunk in scores.chunks {
      guard chunk > previous else {
        throw .malformed(
          path: path, found: "chunk \(chunk) after \(previous)", expected: "ascending chunks")
      }
      previous = chunk
    }
    return (scores, file.metadata)
  }

  /// The precision that the scores with these metadata were made in; nil when it is unknown here.
  public static func precision(of metadata: [String: String]) -> Precision? {
    Precision(rawValue: ScoringIdentity.precision(of: metadata))
  }

  private static func digest(_ scores: ChunkScores) throws(StoreError) -> String {
    var hasher = try Digest.Hasher()
    scores.chunks.withUnsafeBytes { hasher.update($0) }
    scores.teacherNLL.withUnsafeBytes { hasher.update($0) }
    scores.referenceNLL.withUnsafeBytes { hasher.update($0) }
    scores.counted.withUnsafeBytes { hasher.update($0) }
    scores.lengths.withUnsafeBytes { hasher.update($0) }
    scores.sources.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }
}
