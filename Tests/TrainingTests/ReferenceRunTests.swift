import Corpus
import Foundation
import LanguageModels
import Store
import Testing
import Training

/// Twelve steps as MiniPLM trains, against torch: masks, cut and uneven chunks, the mean over
/// chunks, accumulation, clipping, AdamW, the schedule, the second epoch. Fixtures are made by
/// scripts/make_training_fixtures.py.
@Suite struct ReferenceRunTests {
  @Test(arguments: ["qwen2", "mamba"], [1, 3, 4])
  func everyStepIsThatOfTorch(name: String, microBatch: Int) throws {
    let fixtures = try #require(Bundle.module.resourcePath) + "/Fixtures/" + name
    let expected = try SafetensorsFile(path: fixtures + "/expected.safetensors")
    let tokens: [Int32] = try expected.values(of: "chunks")
    let offsets: [Int32] = try expected.values(of: "chunk_offsets")
    let losses: [Double] = try expected.values(of: "losses")
    let norms: [Double] = try expected.values(of: "gradient_norms")
    let rates: [Double] = try expected.values(of: "rates")
    let chunks = zip(offsets, offsets.dropFirst()).map { Array(tokens[Int($0)..<Int($1)]) }

    let settings = TrainingConfiguration(
      steps: losses.count, chunksPerMicroBatch: microBatch, chunksPerStep: 4, chunkTokens: 25,
      endOfSequenceToken: 2, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 3,
      beta2: 0.95, weightDecay: 0.1)
    let folder = try TemporaryFolder()
    let model = try LanguageModel.load(folder: fixtures, compute: try Tiny.compute())
    var steps: [StepMetrics] = []
    let trainer = try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: ChunkList(chunks: chunks), runFolder: folder.path
    ) { if case .step(let metrics) = $0 { steps.append(metrics) } }
    try trainer.run()

    #expect(steps.count == losses.count)
    for (index, step) in steps.enumerated() {
      let loss = try #require(step.loss)
      let norm = try #require(step.gradientNorm)
      #expect(abs(loss - losses[index]) < 1e-4, "loss of step \(index)")
      #expect(abs(norm / norms[index] - 1) < 1e-3, "gradient norm of step \(index)")
      #expect(abs(step.learningRate - rates[index]) < 1e-12, "rate of step \(index)")
      #expect(step.clipped == (norms[index] > 1))
    }
  }
}
