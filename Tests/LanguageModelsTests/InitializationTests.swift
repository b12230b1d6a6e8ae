import Glibc
import LanguageModels
import Numerics
import TensorKit
import Testing

/// New models: equal by seed, distributed as their families ask, and planned to the byte.
@Suite struct InitializationTests {
  private func mamba(
    _ style: MambaInitialization, seed: UInt64 = 7
  ) throws -> any CausalLanguageModel {
    try LanguageModel.make(
      try ModelConfiguration(
        .mamba, ModelSizes(vocabularySize: 500, hiddenSize: 64, layerCount: 4)),
      initialization: .seeded(RandomSource(seed: seed), mamba: style),
      compute: Fixture.compute())
  }

  private func values(_ model: any CausalLanguageModel, _ name: String) throws -> [Float] {
    try #require(try model.parameters.copy(of: name, .weights), "\(name)")
  }

  private func deviation(_ values: [Float]) -> Float {
    (values.reduce(0) { $0 + $1 * $1 } / Float(values.count)).squareRoot()
  }

  @Test func aSeedMakesOneModel() throws {
    let one = try mamba(.huggingFace).parameters.copy(.weights)
    #expect(try mamba(.huggingFace).parameters.copy(.weights) == one)
    #expect(try mamba(.huggingFace, seed: 8).parameters.copy(.weights) != one)
  }

  @Test func aTensorDependsOnItsNameOnly() throws {
    let deep = try mamba(.huggingFace)
    let shallow = try LanguageModel.make(
      try ModelConfiguration(
        .mamba, ModelSizes(vocabularySize: 500, hiddenSize: 64, layerCount: 2)),
      initialization: .seeded(RandomSource(seed: 7)), compute: Fixture.compute())
    let name = "backbone.layers.1.mixer.in_proj.weight"
    #expect(try values(deep, name) == values(shallow, name))
  }

  @Test func mambaStartsInEitherCustom() throws {
    let mixer = "backbone.layers.2.mixer."
    for style in MambaInitialization.allCases {
      let model = try mamba(style)
      let projection = try values(model, mixer + "in_proj.weight")
      let embedding = try values(model, "backbone.embeddings.weight")
      let output = try values(model, mixer + "out_proj.weight")
      let bias = try values(model, mixer + "conv1d.bias")
      // Uniform in +-bound has deviation bound / sqrt(3); fan-in of out_proj is 128, layers are 4.
      let outputBound: Float = 1 / Float(128).squareRoot()
      switch style {
      case .huggingFace:
        #expect(abs(deviation(projection) - 0.1) < 0.003)
        #expect(abs(deviation(embedding) - 0.1) < 0.003)
        #expect(abs(deviation(output) - outputBound / Float(3).squareRoot()) < 0.002)
        #expect(bias.allSatisfy { $0 == 0 })
      case .mambaSSM:
        #expect(projection.allSatisfy { abs($0) <= 1 / 8 })
        #expect(abs(deviation(projection) - 0.125 / Float(3).squareRoot()) < 0.002)
        #expect(abs(deviation(embedding) - 0.02) < 0.001)
        #expect(abs(deviation(output) - outputBound / 2 / Float(3).squareRoot()) < 0.002)
        #expect(bias.contains { $0 != 0 } && bias.allSatisfy { abs($0) <= 0.5 })
      }
      let logDecay = try values(model, mixer + "A_log")
      #expect(Array(logDecay[16..<18]) == [0, logf(2)])
      #expect(try values(model, mixer + "D").allSatisfy { $0 == 1 })
      let steps = try values(model, mixer + "dt_proj.bias").map { log1p(exp($0)) }
      #expect(steps.allSatisfy { $0 > 0.00099 && $0 < 0.101 })
      #expect(try values(model, "backbone.layers.0.norm.weight").allSatisfy { $0 == 1 })
    }
  }

  @Test func decodersStartNormal() throws {
    let model = try LanguageModel.make(
      try ModelConfiguration(
        .qwen2,
        ModelSizes(
          vocabularySize: 500, hiddenSize: 64, intermediateSize: 128, layerCount: 1, headCount: 4,
          tiesWordEmbeddings: false)),
      initialization: .seeded(RandomSource(seed: 1)), compute: Fixture.compute())
    for entry in model.parameters.table.entries {
      let found = try values(model, entry.name)
      if entry.name.hasSuffix("bias") {
        #expect(found.allSatisfy { $0 == 0 })
      } else if entry.shape.count == 1 {
        #expect(found.allSatisfy { $0 == 1 })
      } else {
        #expect(abs(deviation(found) - 0.02) < 0.002, "\(entry.name)")
      }
    }
  }

  @Test func countsArePublishedCounts() throws {
    // Qwen 104M and Mamba 130M of MiniPLM.
    let reference = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 151936, hiddenSize: 512, intermediateSize: 1408, layerCount: 8,
        headCount: 8))
    #expect(reference.parameterCount == 103_502_336)
    let student = try ModelConfiguration(
      .mamba, ModelSizes(vocabularySize: 65024, hiddenSize: 768, layerCount: 24))
    #expect(student.parameterCount == 140_458_752)
  }

  @Test func memoryIsPlannedBeforeItIsTaken() throws {
    let compute = try Fixture.compute()
    let student = try ModelConfiguration(
      .mamba, ModelSizes(vocabularySize: 65024, hiddenSize: 768, layerCount: 24))
    let scoring = MemoryPlan(
      configuration: student, maximumTokens: 4096, purpose: .scoring, compute: compute)
    let training = MemoryPlan(
      configuration: student, maximumTokens: 4096, purpose: .training, compute: compute)
    #expect(scoring.gradientBytes == 0 && scoring.momentBytes == 0)
    #expect(training.momentBytes == 2 * training.weightBytes)
    // 5.8 Ki floats a token and layer are kept in training, one layer's worth in scoring.
    #expect(training.activationBytes < 4096 * 24 * 28_000)
    #expect(scoring.activationBytes < training.activationBytes / 8)
    let limit = training.totalBytes - 1
    let error = try #require(throws: ModelError.self) {
      try MemoryPlan.check(
        configuration: student, maximumTokens: 4096, purpose: .training, compute: compute,
        limitBytes: limit)
    }
    #expect(error.hint.contains("tokens fit"))
    #expect(throws: Never.self) {
      try MemoryPlan.check(
        configuration: student, maximumTokens: 4000, purpose: .training, compute: compute,
        limitBytes: limit)
    }
  }
}
