import Corpus
import Foundation
import LanguageModels
import Store
import Testing
import Training

/// Fifty steps as MiniPLM trains, from the same weights and batches as torch's: masks, cut and uneven
/// chunks, the mean over chunks, accumulation, clipping, AdamW on every parameter, the schedule, the
/// border of epochs. Fixtures are made by scripts/make_training_fixtures.py.
@Suite struct ReferenceRunTests {
  static let families = ["qwen2", "qwen3", "llama", "mamba"]

  /// A run as a fixture has it, by torch.
  struct Reference {
    let folder: String
    let chunks: ChunkList
    let settings: TrainingConfiguration
    let losses: [Double]
    let norms: [Double]
    let rates: [Double]
    let file: SafetensorsFile

    init(_ name: String, microBatch: Int) throws {
      folder = try #require(Bundle.module.resourcePath) + "/Fixtures/" + name
      file = try SafetensorsFile(path: folder + "/expected.safetensors")
      let tokens: [Int32] = try file.values(of: "chunks")
      let offsets: [Int32] = try file.values(of: "chunk_offsets")
      losses = try file.values(of: "losses")
      norms = try file.values(of: "gradient_norms")
      rates = try file.values(of: "rates")
      chunks = ChunkList(
        chunks: zip(offsets, offsets.dropFirst()).map { Array(tokens[Int($0)..<Int($1)]) })
      let given: [Double] = try file.values(of: "settings")
      settings = TrainingConfiguration(
        steps: losses.count, chunksPerMicroBatch: microBatch, chunksPerStep: 8, chunkTokens: 25,
        endOfSequenceToken: 2, learningRate: given[0], minimumLearningRate: given[1],
        warmupSteps: Int(given[2]), beta1: given[3], beta2: given[4], epsilon: given[5],
        weightDecay: given[6], gradientClip: given[7])
    }
  }

  /// What our trainer computes of it.
  struct Run {
    let steps: [StepMetrics]
    let model: any CausalLanguageModel

    init(_ reference: Reference) throws {
      let folder = try TemporaryFolder()
      model = try LanguageModel.load(folder: reference.folder, compute: try Tiny.compute())
      var steps: [StepMetrics] = []
      try Trainer(
        model: model, workspace: try Tiny.workspace(for: model, reference.settings),
        configuration: reference.settings, chunks: reference.chunks, runFolder: folder.path
      ) { if case .step(let metrics) = $0 { steps.append(metrics) } }.run()
      self.steps = steps
    }
  }

  /// Torch and this trainer differ by the rounding of float32 sums alone; fifty steps let it grow to
  /// below 2e-4 nats of a loss, 2e-3 of a gradient's norm and 2e-3 of a weight.
  @Test(arguments: families, [1, 3, 8])
  func everyStepIsThatOfTorch(name: String, microBatch: Int) throws {
    let reference = try Reference(name, microBatch: microBatch)
    let run = try Run(reference)
    #expect(run.steps.count == 50)
    var (loss, norm, weight) = (0.0, 0.0, 0.0)
    for (index, step) in run.steps.enumerated() {
      loss = max(loss, abs(try #require(step.loss) - reference.losses[index]))
      norm = max(norm, abs(try #require(step.gradientNorm) / reference.norms[index] - 1))
      #expect(abs(step.learningRate - reference.rates[index]) < 1e-12, "rate of step \(index)")
      #expect(step.clipped == (reference.norms[index] > 1))
    }
    for entry in run.model.parameters.table.entries where entry.tiedTo == nil {
      let expected: [Float] = try reference.file.values(of: "weight." + entry.name)
      let found = try #require(try run.model.parameters.values(of: entry.name, .weights))
      for (a, b) in zip(found, expected) { weight = max(weight, Double(abs(a - b))) }
    }
    #expect(loss < 2e-4)
    #expect(norm < 2e-3)
    #expect(weight < 2e-3)
  }

  /// Eight chunks one by one, or all at once: the same fifty updates but for the order of sums.
  @Test(arguments: families) func accumulationChangesNothingButRounding(name: String) throws {
    let one = try Run(try Reference(name, microBatch: 1))
    let eight = try Run(try Reference(name, microBatch: 8))
    var loss = 0.0
    for (a, b) in zip(one.steps, eight.steps) {
      loss = max(loss, abs(try #require(a.loss) - #require(b.loss)))
      #expect(a.tokensSeen == b.tokensSeen)
      #expect(a.learningRate == b.learningRate)
    }
    let weights = (
      try one.model.parameters.values(.weights), try eight.model.parameters.values(.weights)
    )
    let weight = zip(weights.0, weights.1).map { abs($0 - $1) }.max() ?? .infinity
    #expect(loss < 1e-4)
    #expect(weight < 1e-3)
  }
}
