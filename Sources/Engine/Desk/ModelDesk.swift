import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit

/// The models of the project: what they are, how they train, and what they compute in.
final class ModelDesk {
  private let context: DeskContext
  /// nil until they are read.
  private var facts: ModelFacts?
  /// Runs of this session, by role.
  private var runs: [String: RunSnapshot] = [:]
  /// What was found on this machine; nil until somebody asks.
  private var available: ModelListSnapshot?

  init(_ context: DeskContext) { self.context = context }

  /// Has everything about the models read anew, and shows it then.
  func show(running: Stage?) {
    let reader = ModelReader(
      folder: context.folder, settings: context.settings, compute: context.compute,
      running: running)
    context.preparations.begin(.models) { .models(reader.read()) }
  }

  func take(_ facts: ModelFacts) {
    self.facts = facts
    context.publisher.showNow(.models, .models(snapshot(facts)))
  }

  /// Takes how far the training of a model is.
  func take(_ run: RunSnapshot, of role: String) {
    runs[role] = run
    context.publisher.show(.models) { facts.map { .models(snapshot($0)) } }
  }

  /// Takes what was found before scoring.
  func take(_ report: CheckReport) {
    facts?.checked = report
    context.publisher.show(.models) { facts.map { .models(snapshot($0)) } }
  }

  private func snapshot(_ facts: ModelFacts) -> ModelsSnapshot {
    let runs = ["teacher", "reference"].compactMap { self.runs[$0] ?? facts.runs[$0] }
    return ModelsSnapshot(
      models: facts.models, checks: checks(facts, runs), runs: runs, precision: facts.precision,
      available: available)
  }

  // MARK: - Choosing models

  private var choices: ModelChoices {
    ModelChoices(folder: context.folder, settings: context.settings, compute: context.compute)
  }

  /// Has the machine looked through; what is known is shown meanwhile.
  func find() {
    available = available ?? ModelListSnapshot(rows: [])
    available?.isLooking = true
    if let facts { take(facts) }
    context.preparations.begin(.modelList) { [choices] in .modelList(try choices.find()) }
  }

  func take(_ list: ModelListSnapshot) {
    available = list
    if let facts { take(facts) }
  }

  /// Writes a model into project.json and returns true, or says why not.
  func choose(_ path: String, as role: ModelRole, running: Stage?) throws -> Bool {
    let choices = choices
    if choices.isInForce(path, as: role) {
      context.note("\(path) is the \(role.rawValue) already.")
      return false
    }
    if let obstacle = choices.obstacle(to: role, running: running) {
      context.note(obstacle, .warning)
      return false
    }
    let changed = try choices.settings(with: path, as: role)
    try changed.validate()
    try JSONFile.write(changed, to: context.folder.settings)
    context.settings = changed
    context.note("The \(role.rawValue) is \(path): written to project.json.")
    show(running: running)
    find()
    return true
  }

  /// Writes a choice into project.json and returns true, or says why not.
  func choose(_ choice: PrecisionChoice, running: Stage?) throws -> Bool {
    let changed = context.settings.with(choice)
    guard changed != context.settings else {
      context.note("\(choice.title): it is so already.")
      return false
    }
    let choices = PrecisionChoices(
      folder: context.folder, settings: context.settings, compute: context.compute,
      running: running)
    if let obstacle = choices.obstacle(to: choice) {
      context.note(obstacle, .warning)
      return false
    }
    try changed.validate()
    try JSONFile.write(changed, to: context.folder.settings)
    context.settings = changed
    context.note("\(choice.title): written to project.json.")
    show(running: running)
    return true
  }

  private func checks(_ facts: ModelFacts, _ runs: [RunSnapshot]) -> [ModelsSnapshot.Check] {
    if let report = facts.checked { return rows(report) + lacking + remarks(facts) }
    var checks: [ModelsSnapshot.Check] = []
    let shapes = facts.ready
    if shapes.count == 2 {
      let same = shapes[0].vocabularySize == shapes[1].vocabularySize
      checks.append(
        .init(
          state: same ? .ok : .failed,
          text: same
            ? "teacher and reference share one vocabulary (\(Number.grouped(shapes[0].vocabularySize)))"
            : "vocabularies differ: \(shapes[0].vocabularySize) and \(shapes[1].vocabularySize)"))
      let larger = shapes[0].parameterCount > shapes[1].parameterCount
      checks.append(
        .init(
          state: larger ? .ok : .warning,
          text: larger
            ? "the teacher is the larger model, "
              + "\(Number.fixed(Double(shapes[0].parameterCount) / Double(shapes[1].parameterCount), 1)) times"
            : "the teacher is not larger than the reference"))
    } else {
      checks.append(.init(state: .waiting, text: "teacher and reference are not both ready"))
    }
    checks += remarks(facts)
    if runs.count == 2, let teacher = runs[0].heldOutLoss, let reference = runs[1].heldOutLoss {
      let better = teacher < reference
      checks.append(
        .init(
          state: better ? .ok : .warning,
          text:
            "held-out loss: teacher \(Number.fixed(teacher, 3)), reference \(Number.fixed(reference, 3))"
            + (better ? "" : "; the difference will rank noise")))
    }
    let precision = context.precisions.plannedScoring
    let free = SystemMemory.available()
    checks.append(
      .init(
        state: facts.scoringBytes < free ? .ok : .failed,
        text: "free memory \(Number.bytes(free))"
          + (facts.scoringBytes > 0
            ? ", scoring in \(precision.rawValue) needs \(Number.bytes(facts.scoringBytes))" : "")))
    return checks + lacking
  }

  /// What stands in the weights' files and a person should know.
  private func remarks(_ facts: ModelFacts) -> [ModelsSnapshot.Check] {
    facts.warnings.map { .init(state: .warning, text: $0) }
  }

  /// What this processor cannot do of what is to be done.
  private var lacking: [ModelsSnapshot.Check] {
    context.precisions.obstacles().map { .init(state: .failed, text: $0) }
  }

  /// What was found before scoring, as the table of 'check' has it.
  private func rows(_ report: CheckReport) -> [ModelsSnapshot.Check] {
    let precision = report.resolved.map {
      ModelsSnapshot.Check(state: .ok, text: "precision: \($0.words)")
    }
    return (precision.map { [$0] } ?? [])
      + report.rows.map { row in
        let state: ModelsSnapshot.Check.State =
          switch row.state {
          case .ok: .ok
          case .warning: .warning
          case .failed: row.isWaived ? .warning : .failed
          case .unknown: .unknown
          }
        let waived = row.isWaived ? "waived\(row.reason.map { " (\($0))" } ?? ""): " : ""
        let advice = row.isGate ? row.advice.map { ". \($0)" } ?? "" : ""
        return .init(state: state, text: "\(row.check.rawValue): \(waived)\(row.text)\(advice)")
      }
  }
}
