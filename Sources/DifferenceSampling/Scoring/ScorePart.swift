import Corpus
import Numerics
import Store

/// One block's scores in the order in which they were made: `part-000012.safetensors`, or
/// `teacher-000012.safetensors` while the reference has not scored it yet.
struct ScorePart: Sendable, Equatable {
  var chunks: [Int64] = []
  var teacher: Column = Column()
  /// nil after the first of two passes.
  var reference: [Float]?

  /// What one model says of a block.
  struct Column: Sendable, Equatable {
    var nll: [Float] = []
    var counted: [Int32] = []
  }

  static func path(block: Int, isComplete: Bool, in folder: String) -> String {
    "\(folder)/\(isComplete ? "part" : "teacher")-\(Number.padded(block, width: 6)).safetensors"
  }

  /// Writes the part atomically, with a digest of its columns: safetensors itself would not notice
  /// a flipped bit.
  func write(to path: String, identity: ScoringIdentity) throws(StoreError) {
    var tensors: [SafetensorsWriter.Declaration] = [
      .init(name: "chunk", type: .i64, shape: [chunks.count]),
      .init(name: "teacher_nll", type: .f32, shape: [chunks.count]),
      .init(name: "tokens", type: .i32, shape: [chunks.count]),
    ]
    if reference != nil {
      tensors.append(.init(name: "reference_nll", type: .f32, shape: [chunks.count]))
    }
    var metadata = identity.metadata
    metadata["sha256"] = try digest()
    var writer = try SafetensorsWriter(replacing: path, tensors: tensors, metadata: metadata)
    do throws(StoreError) {
      try writer.write(chunks)
      try writer.write(teacher.nll)
      try writer.write(teacher.counted)
      if let reference { try writer.write(reference) }
      try writer.commit()
    } catch {
      writer.discard()
      throw error
    }
  }

  /// Reads a part of block `chunks`.
  ///
  /// - Throws: `StoreError.malformed` if it is damaged, `DifferenceSamplingError.otherJob` if it is
  ///   whole but of another job.
  static func read(
    _ path: String, chunks expected: [Int64], isComplete: Bool, identity: ScoringIdentity
  ) throws -> ScorePart {
    let file = try SafetensorsFile(path: path)
    var part = ScorePart()
    part.chunks = try file.values(of: "chunk")
    part.teacher.nll = try file.values(of: "teacher_nll")
    part.teacher.counted = try file.values(of: "tokens")
    part.reference = isComplete ? try file.values(of: "reference_nll") : nil
    guard try part.digest() == file.metadata["sha256"] else {
      throw StoreError.malformed(
        path: path, found: "columns that do not give the stored SHA-256",
        expected: "the columns that were written")
    }
    try identity.check(file.metadata, path: path)
    let counts = [part.teacher.nll.count, part.teacher.counted.count]
    guard part.chunks == expected,
      counts.allSatisfy({ $0 == expected.count }),
      part.reference?.count ?? expected.count == expected.count
    else {
      throw StoreError.malformed(
        path: path, found: "other chunks than its name says", expected: "those of its block")
    }
    return part
  }

  /// The part as rows, if both models have scored it.
  func rows(source: some ChunkSource) -> [ChunkScore] {
    guard let reference else { return [] }
    return chunks.indices.map { index in
      let chunk = Int(chunks[index])
      return ChunkScore(
        chunk: chunk, source: source.source(of: chunk), length: source.length(of: chunk),
        counted: Int(teacher.counted[index]), teacherNLL: teacher.nll[index],
        referenceNLL: reference[index])
    }
  }

  private func digest() throws(StoreError) -> String {
    var hasher = try Digest.Hasher()
    chunks.withUnsafeBytes { hasher.update($0) }
    teacher.nll.withUnsafeBytes { hasher.update($0) }
    teacher.counted.withUnsafeBytes { hasher.update($0) }
    reference?.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }
}
