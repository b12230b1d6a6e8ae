import DifferenceSampling
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Training

/// What stands in the picture of the models until a stage begins or ends.
struct ModelFacts: Sendable {
  var models: [ModelsSnapshot.Model]
  /// Shapes of teacher and reference, those that are ready.
  var ready: [ModelConfiguration]
  /// What is worth knowing before teacher and reference score, a sentence each.
  var warnings: [String]
  /// Memory that scoring takes at least.
  var scoringBytes: Int
  var precision: PrecisionSnapshot
  /// Runs of models that were trained earlier, by role.
  var runs: [String: RunSnapshot]
  /// What was found before scoring; nil until scoring has begun.
  var checked: CheckReport?
}

/// Reads what the models of a project are.
struct ModelReader: Sendable {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let compute: Ops
  /// The stage that runs.
  let running: Stage?

  private var precisions: ProjectPrecisions {
    ProjectPrecisions(folder: folder, settings: settings, capability: compute.capability)
  }

  /// Reads everything.
  func read() -> ModelFacts {
    let memory = ProjectMemory(folder: folder, settings: settings, compute: compute)
    let scoring = memory.scoring(in: precisions.plannedScoring)
    var warnings: [String] = []
    var models = [
      model("teacher", settings.teacher, memory, scoring: scoring?.teacher, &warnings),
      model("reference", settings.reference, memory, scoring: scoring?.reference, &warnings),
    ]
    for (role, path) in [("student A", \CommitFolder.modelA), ("student B", \.modelB)] {
      models.append(student(role, path, memory))
    }
    let ready = [("teacher", settings.teacher), ("reference", settings.reference)].compactMap {
      try? ModelFolder(folder.modelFolder($0, $1)).configuration()
    }
    // One chunk a batch and one model at a time is the least that scoring can do with.
    let needed = ready.map {
      MemoryPlan(
        configuration: $0, maximumTokens: settings.chunkTokens - 1,
        precision: precisions.plannedScoring, purpose: .scoring, compute: compute
      ).totalBytes
    }
    var runs: [String: RunSnapshot] = [:]
    for role in ["teacher", "reference"] { runs[role] = finishedRun(role) }
    return ModelFacts(
      models: models, ready: ready, warnings: warnings, scoringBytes: needed.max() ?? 0,
      precision: PrecisionChoices(
        folder: folder, settings: settings, compute: compute, running: running
      ).snapshot(),
      runs: runs, checked: CheckReport.read(folder: folder.scores))
  }

  private func model(
    _ role: String, _ origin: ModelOrigin, _ memory: ProjectMemory, scoring: MemoryPlan?,
    _ warnings: inout [String]
  ) -> ModelsSnapshot.Model {
    let place = ModelFolder(folder.modelFolder(role, origin))
    if place.isPresent {
      var model = Self.model(role, place, &warnings)
      if let scoring {
        model.bytes = scoring.totalBytes
        model.facts.append(
          "scoring in \(precisions.plannedScoring.rawValue): weights "
            + "\(Number.bytes(scoring.weightBytes)), activations "
            + "\(Number.bytes(scoring.activationBytes))")
      }
      return model
    }
    guard case .trained(let plan) = origin else {
      return Self.model(
        role, name: origin == .unset ? "none" : place.path, configuration: nil, state: "missing")
    }
    let shape = memory.configuration(role, origin)
    var model = Self.model(
      role, name: role, configuration: shape,
      state: running?.rawValue == role ? "training" : "to train")
    if let shape {
      model.facts += Self.recipe(plan)
      model.take(memory.training(shape, plan.training), settings, precisions.training)
    }
    return model
  }

  /// How a model that is trained here is trained, in a line.
  private static func recipe(_ plan: TrainedModel) -> [String] {
    let training = plan.training
    let length =
      training.steps.map { "\(Number.grouped($0)) steps" }
      ?? "epochs \(Number.significant(training.epochs, 3))"
    return [
      "\(plan.preset.map { "preset \($0), " } ?? "")\(length) of \(training.chunksPerStep) chunks, "
        + "rate \(Number.significant(training.learningRate, 3)) to "
        + Number.significant(training.minimumLearningRate, 3)
    ]
  }

  private func student(
    _ role: String, _ path: KeyPath<CommitFolder, String>, _ memory: ProjectMemory
  ) -> ModelsSnapshot.Model {
    let place = ProjectStatus(folder: folder, settings: settings).newestCommit.map {
      ModelFolder(CommitFolder(project: folder, name: $0)[keyPath: path])
    }
    var model: ModelsSnapshot.Model
    if let place, place.isPresent {
      // Nothing is scored with it.
      var warnings: [String] = []
      model = Self.model(role, place, &warnings)
    } else {
      model = Self.model(
        role, name: settings.student.shape.family.rawValue, configuration: memory.student,
        state: running == .train ? "training" : "to train")
    }
    if let shape = memory.student {
      model.facts += Self.recipe(settings.student)
      if let teaching = settings.student.teaching {
        model.facts.append(
          "Vanilla KD by the teacher, ratio \(Number.significant(teaching.ratio, 4)), temperature "
            + Number.significant(teaching.temperature, 4))
      }
      model.take(memory.students(shape, count: 1), settings, precisions.training)
    }
    return model
  }

  private static func model(
    _ role: String, _ folder: ModelFolder, _ warnings: inout [String]
  ) -> ModelsSnapshot.Model {
    do {
      let examined = try folder.examine()
      var model = model(
        role, name: folder.name, configuration: examined.configuration, state: "ready")
      model.facts.append("folder \(folder.path)")
      // The role says whose they are, in fewer columns than the path.
      warnings += examined.remarks.map { "\(role): \($0)" }
      return model
    } catch {
      var model = model(role, name: folder.path, configuration: nil, state: "broken")
      model.facts = ["\(error)"]
      return model
    }
  }

  private static func model(
    _ role: String, name: String, configuration: ModelConfiguration?, state: String
  ) -> ModelsSnapshot.Model {
    guard let configuration else {
      return ModelsSnapshot.Model(
        role: role, name: name, architecture: "?", parameters: 0, bytes: 0, state: state)
    }
    let facts =
      [
        "layers \(configuration.layerCount), hidden size \(configuration.hiddenSize)",
        "vocabulary \(Number.grouped(configuration.vocabularySize)), "
          + "embeddings \(configuration.tiesWordEmbeddings ? "tied" : "untied")",
      ] + configuration.facts
    return ModelsSnapshot.Model(
      role: role, name: name, architecture: configuration.family.name,
      parameters: configuration.parameterCount, bytes: 0, state: state, facts: facts)
  }

  /// The run of a model that was trained earlier.
  private func finishedRun(_ role: String) -> RunSnapshot? {
    let path = folder.run(role)
    guard Folder.exists(path + "/" + MetricsLog.fileName) else { return nil }
    return RunRecorder.restored(name: role, corpus: "reserve", runFolder: path).snapshot
  }
}

extension ModelsSnapshot.Model {
  /// States the memory of the training that the model is for.
  fileprivate mutating func take(
    _ memory: TrainingMemory, _ settings: ProjectSettings, _ precision: Precision
  ) {
    bytes = memory.totalBytes
    facts.append(
      "training in \(precision.rawValue): weights \(Number.bytes(memory.weightBytes)), "
        + "gradients \(Number.bytes(memory.gradientBytes)),")
    facts.append(
      "  moments \(Number.bytes(memory.momentBytes)), activations \(Number.bytes(memory.activationBytes))"
        + (settings.checkpointBlocks ? ", checkpointed" : ""))
  }
}
