import Corpus
import Foundation
import LanguageModels
import Store
import TensorKit
import Testing
import Training

/// A rollout and the steps that train on it, against plain PyTorch in float64: what is worked out of the
/// samples, every figure of every step, and all weights behind the last (scripts/make_minillm_fixtures.py).
@Suite struct MiniLLMParityTests {
  private static let teacher = DistillationTeacher(
    model: ArtifactIdentity(name: "teacher", digest: "00"), precision: .f32, parameters: 1,
    operationsPerToken: 1)

  private func configuration(_ microBatch: Int) -> TrainingConfiguration {
    var samples = MiniLLMSettings()
    (samples.promptTokens, samples.newTokens) = (9, 12)
    (samples.rollouts, samples.epochs, samples.decodeBatch) = (12, 2, 5)
    (samples.rewardClip, samples.textWeight, samples.temperature) = (4, 0.7, 1.25)
    return TrainingConfiguration(
      steps: 6, chunksPerMicroBatch: microBatch, chunksPerStep: 4, chunkTokens: 25,
      endOfSequenceToken: 3, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 0,
      logInterval: 1,
      distillation: DistillationSettings(ratio: 0.5, temperature: 1, teacher: Self.teacher),
      minillm: samples, keepsRollouts: true)
  }

  @Test(arguments: ["qwen2", "mamba"], [1, 3])
  func stepsOverARollout(name: String, microBatch: Int) throws {
    let folder = (Bundle.module.resourcePath ?? ".") + "/Fixtures/minillm/\(name)"
    let expected = try SafetensorsFile(path: folder + "/expected.safetensors")
    let compute = try Tiny.compute(threads: 2)
    let training = configuration(microBatch)
    let student = try LanguageModel.load(folder: folder + "/student", compute: compute)
    let teacher = try TeacherModel(
      LanguageModel.load(folder: folder + "/teacher", purpose: .scoring, compute: compute),
      training: training)
    let run = try TemporaryFolder()
    try Trainer(
      model: student, workspace: training.makeWorkspace(for: student), configuration: training,
      chunks: TokenShards(ShardLocation(folder + "/shards")), teacher: teacher,
      runFolder: run.path
    ).run()
    let kept = try SafetensorsFile(path: run.path + "/rollouts/rollout-000001.safetensors")
    for column in ["tokens", "order"] {
      #expect(
        try kept.values(of: column, as: Int32.self) == expected.values(of: column), "\(column)")
    }
    for column in ["log_probabilities", "importance_weights", "advantages", "rewards"] {
      let found = try kept.values(of: column, as: Float.self)
      let values = try expected.values(of: column, as: Double.self)
      #expect(found.count == values.count)
      for (a, b) in zip(found, values) { #expect(abs(Double(a) - b) < 1e-5 * (1 + abs(b))) }
    }
    let steps = try MetricsLog.read(runFolder: run.path).compactMap { record in
      if case .step(let metrics) = record { metrics } else { nil }
    }
    let rows = try expected.values(of: "steps", as: Double.self)
    #expect(steps.count == 6 && rows.count == 42)
    for (index, step) in steps.enumerated() {
      let (figures, text) = (try #require(step.minillm), try #require(step.distillation))
      let found = [
        step.loss, figures.policyLoss, figures.reverseKL, figures.clippedShare, text.lmLoss,
        text.kdLoss, step.gradientNorm,
      ]
      for (a, b) in zip(found, rows[7 * index..<7 * index + 7]) {
        let gap: Double = abs((a ?? .nan) - b)
        #expect(gap < 1e-5 * max(1, abs(b)), "step \(index + 1): \(found)")
      }
    }
    for entry in student.parameters.table.entries where entry.tiedTo == nil {
      let values = try expected.values(of: "weight.\(entry.name)", as: Float.self)
      let found = try #require(try student.parameters.copy(of: entry.name, .weights))
      let norm = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let gap = zip(found, values).reduce(0) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      }.squareRoot()
      #expect(gap <= 1e-4 * norm + 1e-6, "\(entry.name): \(gap) of \(norm)")
    }
  }
}
