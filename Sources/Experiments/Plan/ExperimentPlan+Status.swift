import Corpus
import DifferenceSampling
import LanguageModels
import Pipeline
import Store

/// How far an experiment is, read from what stands in its folder.
extension ExperimentPlan {
  /// Whether the result of a part is there, whole.
  public func isDone(_ part: ExperimentPart) throws -> Bool {
    switch part.kind {
    case .corpus: Folder.exists(folder.corpus + "/manifest.json")
    case .tokenizer: Folder.exists(folder.tokenizer + "/tokenizer.json")
    case .pack(let part): Folder.exists("\(folder.shards(part))/\(CorpusManifest.fileName)")
    case .scorer(let role): ModelFolder(folder.model(role)).isPresent
    case .score: Folder.exists("\(folder.scores)/\(ChunkScoresFile.name)")
    case .select(let selection):
      try folder.chosen(selection.arm) != nil
        && (!selection.writesSample
          || folder.chosen(ExperimentArm(.uniform, ratio: selection.arm.ratio)) != nil)
    case .write(let arm): Folder.exists("\(folder.written(arm))/\(ContinuationRecord.fileName)")
    case .student(let student): Folder.exists(folder.result(student))
    case .report: try isReported()
    }
  }

  /// Whether the report is of all students that are done.
  private func isReported() throws -> Bool {
    let path = "\(folder.report)/\(ExperimentReport.resultsName)"
    guard Folder.exists(path) else { return false }
    // A row each, below the header.
    let rows = try FileContents.read(path).count { $0 == UInt8(ascii: "\n") } - 1
    return rows == recipe.students.count { Folder.exists(folder.result($0)) }
  }

  /// The costs of what is not done yet.
  public func left() throws -> ExperimentPart.Cost {
    try parts.filter { try !isDone($0) }.reduce(ExperimentPart.Cost()) { $0 + $1.cost }
  }
}
