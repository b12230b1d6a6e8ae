import Corpus
import LanguageModels
import Numerics
import Store
import TensorKit
import Training

/// Tiny runs with a teacher beside the student.
protocol TaughtRuns {
  var compute: Compute { get }
}

extension TaughtRuns {
  static var identity: DistillationTeacher {
    DistillationTeacher(
      model: ArtifactIdentity(name: "teacher", digest: "00112233445566"), precision: .f32,
      parameters: 1, operationsPerToken: 2)
  }

  func teacher(_ configuration: TrainingConfiguration) throws -> TeacherModel {
    let shape = try ModelConfiguration(
      .llama,
      ModelSizes(
        vocabularySize: Tiny.vocabularySize + 3, hiddenSize: 32, intermediateSize: 48,
        layerCount: 1, headCount: 4))
    return try TeacherModel(
      LanguageModel.make(
        shape, initialization: .seeded(RandomSource(seed: 77)), purpose: .scoring,
        compute: compute), training: configuration)
  }

  func trainer(
    _ family: Tiny.Family, _ configuration: TrainingConfiguration, _ folder: String,
    teacher: (any DistillationSource)? = nil, control: TrainingControl = TrainingControl(),
    onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> Trainer {
    let model = try Tiny.model(family, compute: compute)
    return try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, configuration),
      configuration: configuration, chunks: Tiny.chunks(20),
      teacher: try teacher ?? self.teacher(configuration), heldOut: Tiny.heldOut(configuration),
      runFolder: folder, control: control, onEvent: onEvent)
  }

  func steps(_ folder: String) throws -> [StepMetrics] {
    try MetricsLog.read(runFolder: folder).compactMap {
      if case .step(let metrics) = $0 { metrics } else { nil }
    }
  }
}
