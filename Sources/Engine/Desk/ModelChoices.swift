import DifferenceSampling
import EngineInterface
import LanguageModels
import Pipeline
import Store
import TensorKit

/// The models that a project may take as teacher and reference, and what stands against it.
struct ModelChoices: Sendable {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let compute: Ops

  /// Looks for models on this machine and beside the project.
  func find() throws -> ModelListSnapshot {
    let found = try FindModels(
      folders: FindModels.usualFolders(project: folder.path), compute: compute
    ).run(Work())
    return ModelListSnapshot(
      rows: found.models.map(row),
      places: found.placeLines)
  }

  private func row(_ model: ListedModel) -> ModelListSnapshot.Row {
    // `auto` takes the widest that fits at first; where none does, the narrowest says what is lacking.
    let precision = settings.scoringPrecision.exact ?? model.fitting.first ?? .int8
    return .init(
      name: model.name, path: model.path, place: model.place, family: model.family,
      parameters: model.parameters, bytes: model.bytes,
      weights: model.elementTypes.joined(separator: "/"), vocabulary: model.vocabularySize,
      memory: model.memory[precision], fits: model.fitting.contains(precision),
      obstacle: model.obstacle, sameTokenizerAs: model.sameTokenizerAs,
      roles: ModelRole.allCases.filter { isInForce(model.path, as: $0) })
  }

  /// Whether a role has this model already.
  func isInForce(_ path: String, as role: ModelRole) -> Bool {
    guard case .folder(let present) = origin(role) else { return false }
    return OutputPath.canonical(present) == OutputPath.canonical(path)
  }

  private func origin(_ role: ModelRole) -> ModelOrigin {
    role == .teacher ? settings.teacher : settings.reference
  }

  /// Why a role cannot change its model now; nil when it can.
  func obstacle(to role: ModelRole, running: Stage?) -> String? {
    if let running { return "Not while the job runs (\(running.title)): stop it first." }
    let commits = ProjectStatus(folder: folder, settings: settings).commits
    let hasScores = ScoringJob.recordedPrecision(folder: folder.scores) != nil
    guard hasScores || !commits.isEmpty else { return nil }
    let made = (hasScores ? ["the scores"] : []) + (commits.isEmpty ? [] : ["commits"])
    return "With another \(role.rawValue) \(made.joined(separator: " and ")) of this project would "
      + "be stale. Remove \(hasScores ? folder.scores : folder.commits)"
      + (commits.isEmpty ? "" : ", commits, samples, runs, models of students and report")
      + ", or use another project folder."
  }

  /// The settings with a model in a role.
  ///
  /// - Throws: `ModelError` for one that cannot be loaded.
  func settings(with path: String, as role: ModelRole) throws -> ProjectSettings {
    _ = try ModelFolder(path).examine()
    var changed = settings
    // From the root, so that the project does not depend on where it is opened from.
    let origin = ModelOrigin.folder(OutputPath.canonical(path))
    switch role {
    case .teacher: changed.teacher = origin
    case .reference: changed.reference = origin
    }
    return changed
  }
}
