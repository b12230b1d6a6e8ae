import LanguageModels
import Store
import TensorKit
import Testing

/// Pooled hidden states: those of transformers (scripts/make_hidden_fixtures.py).
@Suite struct HiddenStateTests {
  static let fixtures = Fixture.all + [Fixture(name: "mistral-window")]

  @Test(arguments: fixtures) func meansAreThoseOfTransformers(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let chunks = try fixture.chunks()
    let tokens = chunks.flatMap { $0 }
    var offsets = [0]
    for chunk in chunks { offsets.append(offsets[offsets.count - 1] + chunk.count) }
    let batch = PackedBatch(
      tokens: tokens, targets: Array(repeating: -1, count: tokens.count),
      weights: Array(repeating: 0, count: tokens.count), sequenceOffsets: offsets)
    let workspace = try Workspace(for: model, maximumTokens: tokens.count, purpose: .scoring)
    let found = try model.meanHidden(batch, workspace: workspace)
    let expected = try SafetensorsFile(path: fixture.folder + "/hidden.safetensors")
      .values(of: "mean", as: Float.self)
    #expect(
      found.count == expected.count && found.count == chunks.count * model.configuration.hiddenSize)
    let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(worst < 1e-5)
    // What else is in the batch changes nothing but rounding.
    let alone = try model.meanHidden(
      PackedBatch(
        tokens: chunks[2], targets: Array(repeating: -1, count: chunks[2].count),
        weights: Array(repeating: 0, count: chunks[2].count),
        sequenceOffsets: [0, chunks[2].count]), workspace: workspace)
    let rest = zip(alone, found.suffix(alone.count)).map { abs($0 - $1) }.max() ?? .infinity
    #expect(rest < 1e-5)
  }

  @Test(arguments: [Precision.bf16, .int8])
  func reducedPrecisionIsNear(_ precision: Precision) throws {
    let fixture = Fixture.all[0]
    let compute = try Fixture.compute()
    let model = try LanguageModel.load(
      folder: fixture.folder, precision: precision, purpose: .scoring, compute: compute)
    let tokens = try fixture.chunks()[0]
    let batch = PackedBatch(
      tokens: tokens, targets: Array(repeating: -1, count: tokens.count),
      weights: Array(repeating: 0, count: tokens.count), sequenceOffsets: [0, tokens.count])
    let found = try model.meanHidden(
      batch, workspace: Workspace(for: model, maximumTokens: tokens.count, purpose: .scoring))
    let expected = try SafetensorsFile(path: fixture.folder + "/hidden.safetensors")
      .values(of: "mean", as: Float.self)
    let (product, own, other) = zip(found, expected).reduce(into: (0.0, 0.0, 0.0)) {
      $0.0 += Double($1.0) * Double($1.1)
      $0.1 += Double($1.0) * Double($1.0)
      $0.2 += Double($1.1) * Double($1.1)
    }
    #expect(product / (own * other).squareRoot() > 0.99)
  }
}
