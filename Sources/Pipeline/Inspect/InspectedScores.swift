import DifferenceSampling
import Numerics
import Store
import TensorKit

/// A table of scores, its folder, or the folder of a job that is not finished.
enum InspectedScores: InspectedKind {
  static let words = "a table of scores or its folder"

  static func matches(_ path: String) -> Bool {
    if Folder.isFolder(path) {
      return Folder.exists("\(path)/\(ChunkScoresFile.name)") || isUnfinished(path)
    }
    return Inspect.name(path) == ChunkScoresFile.name
  }

  /// Blocks of a job lie in a folder of their own until all are there.
  private static func isUnfinished(_ folder: String) -> Bool {
    // A table of that name there belongs to another job, of which `folder` is the parent.
    !Folder.exists("\(folder)/scores/\(ChunkScoresFile.name)")
      && ScoringJob.recordedTokensPerBatch(folder: folder) != nil
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let path = inspection.path
    let table = Folder.isFolder(path) ? "\(path)/\(ChunkScoresFile.name)" : path
    guard Folder.exists(table) else {
      return ["scores that are not finished: the same 'score' command goes on"]
    }
    let (scores, metadata) = try ChunkScoresFile.read(table)
    let record = ScoringRecord(metadata: metadata)
    let index = SelectionIndex(scores: scores, sourceNames: record.sourceNames ?? [])
    let summary = try index.select(SelectionSettings(rule: .ratio(1))).summary
    var lines = [
      "scores of \(Number.grouped(scores.count)) chunks, \(Number.grouped(summary.nonFinite)) "
        + "of them not finite, difference mean \(Number.fixed(summary.meanDifference, 4))"
    ]
    if let teacher = record.teacher { lines.append("teacher \(teacher.name), \(teacher.digest)") }
    if let reference = record.reference {
      lines.append("reference \(reference.name), \(reference.digest)")
    }
    if let corpus = record.corpus { lines.append("corpus \(corpus.name), \(corpus.digest)") }
    let facts = [
      record.precision.map { "precision \($0.rawValue)" }, record.seed.map { "seed \($0)" },
    ]
    .compactMap { $0 }
    if !facts.isEmpty { lines.append(facts.joined(separator: ", ")) }
    if let waived = record.waived {
      lines.append("checks that failed before the scoring and were waived: \(waived)")
    }
    for share in summary.sources where share.totalChunks > 0 {
      lines.append("\(share.source): \(Number.grouped(share.totalChunks)) chunks")
    }
    return lines
  }
}

/// Any other safetensors file.
enum InspectedTensors: InspectedKind {
  static let words = "a safetensors file"

  static func matches(_ path: String) -> Bool {
    path.hasSuffix(".safetensors") && Folder.exists(path) && !Folder.isFolder(path)
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let file = try SafetensorsFile(path: inspection.path)
    return file.metadata.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
      + file.tensors.map { "\($0.name)  \($0.type.rawValue) \(ShapeText($0.shape))" }
  }
}
