import LanguageModels
import Numerics
import TensorKit
import Testing

/// Range that moves between norms and the maps behind them (`NormSmoothing`).
@Suite struct SmoothingTests {
  private static let fixtures = [
    "qwen2-mha-untied", "llama3-untied", "qwen3-biased-untied", "mamba-biased",
  ].map(Fixture.init)

  private func logProbabilities(
    _ model: any CausalLanguageModel, _ batch: PackedBatch
  ) throws -> [Float] {
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    return try model.logProbabilities(batch, workspace: workspace)
  }

  private func model(
    _ fixture: Fixture, _ source: MovedRange, _ precision: Precision
  ) throws -> any CausalLanguageModel {
    try LanguageModel.make(
      try fixture.model().configuration, initialization: .values(source), precision: precision,
      purpose: .scoring, compute: Fixture.compute())
  }

  /// A channel that a norm makes 128 times as large, and the maps behind it so much smaller, gets its
  /// range back; all factors are powers of two.
  @Test func factorsTakeBackWhatWasMoved() {
    let inputs = (0..<64).map { Double(1 + $0 * $0 % 37) }
    let columns = (0..<64).map { Double(1 + $0 * 11 % 23) / 8 }
    let usual = NormSmoothing.factors(inputs: inputs, columns: columns)
    var (large, small) = (inputs, columns)
    for (channel, power) in [(3, 0x1p14), (5, 0x1p-14)] {
      large[channel] *= power
      small[channel] /= power
    }
    var expected = usual
    expected[3] *= 128
    expected[5] /= 128
    #expect(NormSmoothing.factors(inputs: large, columns: small) == expected)
    #expect(usual.allSatisfy { $0.significand == 1 } && Set(usual).count > 2)
    let gaps: [Double] = [0, 1, .infinity, 1, .nan, 4]
    #expect(
      NormSmoothing.factors(inputs: gaps, columns: [1, 0, 1, 1, 1, 4]) == [1, 1, 1, 1, 1, 1])
  }

  /// One channel a hundred times the others throughout the model.
  @Test(arguments: fixtures)
  func oneLargeChannelCostsNoAccuracy(_ fixture: Fixture) throws {
    let batch = try fixture.batch()
    func error(_ channels: [Int: Float]) throws -> Float {
      let source = try MovedRange(fixture.model(), channels: channels)
      let exact = try logProbabilities(model(fixture, source, .f32), batch)
      let found = try logProbabilities(model(fixture, source, .int8), batch)
      return zip(found, exact).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(exact.count)
    }
    let usual = try error([:])
    #expect(usual > 0)
    #expect(try error([7: 100]) < 1.5 * usual)
  }

  /// A norm of zeros, and one that is not finite, are left as they are.
  @Test func channelsOfZerosAndInfinitiesAreLeft() throws {
    let fixture = Fixture(name: "llama3-untied")
    let batch = try fixture.batch()
    let zero = try MovedRange(fixture.model(), channels: [2: 0])
    let exact = try logProbabilities(model(fixture, zero, .f32), batch)
    let found = try logProbabilities(model(fixture, zero, .int8), batch)
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) < 0.15 })
    let infinite = try MovedRange(fixture.model(), channels: [2: .infinity])
    #expect(try logProbabilities(model(fixture, infinite, .int8), batch).contains { $0.isNaN })
  }
}

/// The weights of a model with channels of every norm multiplied, and the columns of the maps that read
/// it divided by the same.
private struct MovedRange: TensorSource {
  private let values: [String: [Float]]

  private static let readers = [
    "input_layernorm.weight": ["q_proj.weight", "k_proj.weight", "v_proj.weight"],
    "post_attention_layernorm.weight": ["gate_proj.weight", "up_proj.weight"],
    ".norm.weight": ["in_proj.weight"],
  ]

  init(_ model: any CausalLanguageModel, channels: [Int: Float]) throws {
    var values: [String: [Float]] = [:]
    for entry in model.parameters.table.entries where entry.tiedTo == nil {
      var tensor = try #require(try model.parameters.copy(of: entry.name, .weights))
      let isNorm =
        entry.name != "model.norm.weight"
        && Self.readers.keys.contains { entry.name.hasSuffix($0) }
      let isMap = Self.readers.values.joined().contains { entry.name.hasSuffix($0) }
      let columns = entry.shape.last ?? 1
      for (channel, factor) in channels where isNorm || isMap {
        for index in stride(from: channel, to: tensor.count, by: columns) {
          if isNorm {
            tensor[index] *= factor
          } else if factor.isNormal {
            tensor[index] /= factor
          }
        }
      }
      values[entry.name] = tensor
    }
    self.values = values
  }

  func reader(of entry: ParameterTable.Entry) throws -> TensorReader {
    let tensor = try #require(values[entry.name])
    var next = 0
    return { count, target in
      for index in 0..<count { target[index] = tensor[next + index] }
      next += count
    }
  }
}
