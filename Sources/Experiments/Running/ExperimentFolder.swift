import DifferenceSampling
import LanguageModels
import Store

/// Where an experiment keeps things. Everything in it is what the other subcommands read.
public struct ExperimentFolder: Sendable, Equatable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// The recipe that the folder was made by.
  public var recipe: String { path + "/recipe.json" }
  var corpus: String { path + "/corpus" }
  var tokenizer: String { path + "/tokenizer" }
  var scores: String { path + "/scores" }
  var digests: String { path + "/digests.json" }
  public var report: String { path + "/report" }

  func shards(_ part: CorpusPart) -> String { "\(path)/shards/\(part.rawValue)" }
  func model(_ name: String) -> String { "\(path)/models/\(name)" }
  func run(_ name: String) -> String { "\(path)/runs/\(name)" }
  /// Versions of the refined corpus of an arm, and of its uniform sample; one of each.
  func commits(_ arm: ExperimentArm) -> String { "\(path)/commits/\(arm.name)" }
  func samples(_ arm: ExperimentArm) -> String { "\(path)/samples/\(arm.name)" }
  /// Losses of every held-out chunk after the last step.
  func evaluation(_ student: ExperimentStudent) -> String {
    "\(path)/evaluations/\(student.name).json"
  }
  /// What came out of a student: the last file that is written of it.
  func result(_ student: ExperimentStudent) -> String { "\(path)/results/\(student.name).json" }

  /// What the teacher wrote behind the first tokens of an arm's chunks.
  func written(_ arm: ExperimentArm) -> String { "\(path)/texts/\(arm.name)" }

  /// The shards that a student of an arm is trained on; nil where they are not there yet.
  func corpus(of arm: ExperimentArm) throws(StoreError) -> String? {
    guard arm.hasWrittenText else { return try chosen(arm) }
    let written = written(arm)
    return Folder.isFolder(written) ? written : nil
  }

  /// The shards of the text that an arm chooses; nil where they are not there yet.
  func chosen(_ arm: ExperimentArm) throws(StoreError) -> String? {
    guard let ratio = arm.ratio else {
      let scored = shards(.scored)
      return Folder.isFolder(scored) ? scored : nil
    }
    let folder =
      arm.method == .uniform
      ? samples(ExperimentArm(.miniplm, ratio: ratio)) : commits(arm.text)
    return try CommitManifest.versions(commitsFolder: folder).last.map { "\(folder)/\($0)" }
  }
}

/// The parts of an experiment's text, in the order in which they are packed.
enum CorpusPart: String, Sendable, CaseIterable {
  /// Trains tokenizer, teacher and reference.
  case reserve
  /// Scored, and what students are trained on.
  case scored
  /// What students are compared on.
  case heldOut = "held-out"
}
