import DifferenceSampling
import EngineInterface
import LanguageModels
import Pipeline
import Store
import TensorKit
import Training

/// What the models of a project may compute in: the choices, and what stands against each.
struct PrecisionChoices {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let compute: Ops
  /// The stage that runs.
  let running: Stage?

  private var precisions: ProjectPrecisions {
    ProjectPrecisions(folder: folder, settings: settings, capability: compute.capability)
  }

  func snapshot() -> PrecisionSnapshot {
    let choices: [PrecisionChoice] =
      NumberFormat.allCases.map { .scoring($0) }
      + [.auto, .f32, .bf16].map { .training($0) }
      + [.blockCheckpointing(!settings.checkpointBlocks)]
    return PrecisionSnapshot(
      scoring: settings.scoringPrecision.format, training: settings.trainingPrecision.format,
      scoringInForce: precisions.scoring.map { PrecisionSetting.exactly($0).format },
      trainingInForce: PrecisionSetting.exactly(precisions.training).format,
      blockCheckpointing: settings.checkpointBlocks, obstacles: precisions.obstacles(),
      options: choices.map { choice in
        let changed = settings.with(choice)
        let isInForce = changed == settings
        return .init(
          choice: choice, isInForce: isInForce, bytes: bytes(changed, choice),
          obstacle: isInForce ? nil : obstacle(to: choice))
      })
  }

  /// Memory of the stage that a choice is about, in the settings that it leads to.
  private func bytes(_ settings: ProjectSettings, _ choice: PrecisionChoice) -> Int? {
    let memory = ProjectMemory(folder: folder, settings: settings, compute: compute)
    if case .scoring = choice {
      let changed = ProjectPrecisions(
        folder: folder, settings: settings, capability: compute.capability)
      return memory.scoring(in: changed.plannedScoring)?.totalBytes
    }
    return memory.student.map { memory.students($0, count: 2).totalBytes }
  }

  // MARK: - Refusals

  /// Why a choice cannot be made now; nil when it can.
  func obstacle(to choice: PrecisionChoice) -> String? {
    switch choice {
    case .scoring(let format):
      guard let precision = PrecisionSetting(format).exact else { return running([.score]) }
      return running([.score]) ?? otherScores(than: precision)
    case .training(let format):
      let isRunning = running([.teacher, .reference, .train])
      guard let precision = PrecisionSetting(format).exact else { return isRunning }
      return lacking(precision) ?? isRunning ?? otherModels(than: precision)
    case .blockCheckpointing:
      // The bits are the same: a run may go on with it or without.
      return running([.teacher, .reference, .train])
    }
  }

  private func lacking(_ precision: Precision) -> String? {
    compute.capability.has(precision, for: .training)
      ? nil : "This processor cannot train in \(precision.rawValue)."
  }

  private func running(_ stages: [Stage]) -> String? {
    guard let running, stages.contains(running) else { return nil }
    return "Not while the job runs (\(running.title)): stop it first."
  }

  private func otherScores(than precision: Precision) -> String? {
    guard let found = ScoringJob.recordedPrecision(folder: folder.scores), found != precision
    else { return nil }
    let commits = ProjectStatus(folder: folder, settings: settings).commits
    let made =
      commits.isEmpty
      ? "they" : "they, commit \(commits.joined(separator: ", ")), its students and its report"
    return "There are scores of \(found.rawValue); in \(precision.rawValue) \(made) would be "
      + "stale. Remove \(folder.scores)"
      + (commits.isEmpty ? "" : ", commits, samples, runs, models of students and report")
      + ", or use another project folder."
  }

  private func otherModels(than precision: Precision) -> String? {
    let found = precisions.training
    guard found != precision else { return nil }
    var trained: [String] = []
    for (role, origin) in [("teacher", settings.teacher), ("reference", settings.reference)] {
      guard case .trained = origin else { continue }
      if Folder.exists(folder.run(role)) || Folder.exists(folder.model(role)) {
        trained.append(role)
      }
    }
    let hasScores = trained.isEmpty ? nil : ScoringJob.recordedPrecision(folder: folder.scores)
    let begun = ProjectStatus(folder: folder, settings: settings).commits.filter {
      Folder.exists(CommitFolder(project: folder, name: $0).runA)
    }
    trained += begun.map { "students of \($0)" }
    guard !trained.isEmpty else { return nil }
    return "Trained in \(found.rawValue): \(trained.joined(separator: ", ")). In "
      + "\(precision.rawValue) they\(hasScores == nil ? "" : ", and the scores,") would be stale. "
      + "Remove their folders in runs and models\(hasScores == nil ? "" : ", and scores"), or use "
      + "another project folder."
  }
}

extension ProjectSettings {
  func with(_ choice: PrecisionChoice) -> ProjectSettings {
    var changed = self
    switch choice {
    case .scoring(let format): changed.scoringPrecision = PrecisionSetting(format)
    case .training(let format): changed.trainingPrecision = PrecisionSetting(format)
    case .blockCheckpointing(let isOn): changed.checkpointBlocks = isOn
    }
    return changed
  }
}

extension PrecisionChoice {
  var title: String {
    switch self {
    case .scoring(let format): "Scoring in \(format.rawValue)"
    case .training(let format): "Training in \(format.rawValue)"
    case .blockCheckpointing(let isOn): "Block checkpointing \(isOn ? "on" : "off")"
    }
  }
}

extension PrecisionSetting {
  fileprivate init(_ format: NumberFormat) {
    self =
      switch format {
      case .auto: .auto
      case .f32: .f32
      case .bf16: .bf16
      case .int8: .int8
      }
  }

  fileprivate var format: NumberFormat {
    switch self {
    case .auto: .auto
    case .exactly(.f32): .f32
    case .exactly(.bf16): .bf16
    case .exactly(.int8): .int8
    }
  }
}
