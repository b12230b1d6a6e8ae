import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Pipeline
import Store
import TensorKit

/// What a project computes in: what its settings say, what `auto` has come to in it, and what this
/// processor cannot do of it.
struct ProjectPrecisions {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let capability: ProductCapability

  init(folder: ProjectFolder, settings: ProjectSettings, capability: ProductCapability) {
    self.folder = folder
    self.settings = settings
    self.capability = capability
  }

  /// In which teacher and reference score; nil while nothing has decided what `auto` is.
  var scoring: Precision? {
    settings.scoringPrecision.exact ?? ScoringJob.recordedPrecision(folder: folder.scores)
      ?? CheckReport.read(folder: folder.scores)?.resolved?.precision
  }

  /// The same for plans: f32 takes the most.
  var plannedScoring: Precision { scoring ?? .f32 }

  /// In which all models of the project are trained.
  var training: Precision {
    TrainingPrecision.resolve(
      settings.trainingPrecision, runs: runs, parameters: parameters, capability: capability)
  }

  /// Runs of models that are trained here, the oldest first.
  private var runs: [String] {
    let status = ProjectStatus(folder: folder, settings: settings)
    return ["teacher", "reference"].map(folder.run)
      + status.commits.flatMap { commit in
        let places = CommitFolder(project: folder, name: commit)
        return [places.runA, places.runB]
      }
  }

  /// Of the largest model that is trained here.
  private var parameters: Int {
    let plans = [settings.teacher, settings.reference].compactMap { origin in
      if case .trained(let plan) = origin { plan } else { nil }
    }
    let size =
      (try? Parts.manifest(.scored, folder))?.vocabularySize ?? settings.plannedVocabularySize
    return (plans + [settings.student]).compactMap {
      try? $0.shape.configuration(vocabularySize: size, endOfText: 0).parameterCount
    }.max() ?? 0
  }

  /// A sentence for each piece of work that is still to be done and that this processor cannot do.
  func obstacles() -> [String] {
    let status = ProjectStatus(folder: folder, settings: settings)
    var sentences: [String] = []
    if let found = foreign {
      sentences.append(
        "\(PipelineError.foreignPrecision(path: folder.scores, found: found, has: capability.name))"
      )
    }
    if trains(status), !capability.has(training, for: .training) {
      sentences.append(
        settings.trainingPrecision == .auto
          ? "The models of this project were begun in \(training.rawValue), which this processor "
            + "(\(capability.name)) cannot train in. Go on on a machine that has it, or remove their "
            + "folders in runs and models."
          : lacking(training))
    }
    return sentences
  }

  /// Refuses, before hours of other stages, what this processor cannot do of what is to be done.
  ///
  /// - Throws: `ModelError.processor`, `PipelineError.foreignPrecision`.
  func require() throws {
    let status = ProjectStatus(folder: folder, settings: settings)
    if let found = foreign {
      throw PipelineError.foreignPrecision(
        path: folder.scores, found: found, has: capability.name)
    }
    if trains(status) { try capability.require(training, for: .training) }
  }

  /// The precision of scores that were begun on a processor that computes it otherwise.
  private var foreign: Precision? {
    ScoringJob.foreignPrecision(folder: folder.scores, capability: capability)
  }

  /// Whether something is still to be trained.
  private func trains(_ status: ProjectStatus) -> Bool {
    ![Stage.teacher, .reference, .train].allSatisfy(status.isDone)
  }

  private func lacking(_ precision: Precision) -> String {
    "This processor (\(capability.name)) cannot train in \(precision.rawValue), which project.json "
      + "asks for: choose another (trainingPrecision), or use a machine that can."
  }
}

extension ProjectSettings {
  /// The vocabulary of a tokenizer that is still to be trained; 0 where it is another's.
  var plannedVocabularySize: Int {
    if case .trained(let size) = tokenizer { size } else { 0 }
  }
}
