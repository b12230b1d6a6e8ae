import LanguageModels
import Synchronization
import TensorKit
import Testing

/// Weights of reduced precision are rounded piece by piece, and the memory of that is planned.
@Suite struct LoadingTests {
  /// Values that depend on name and index alone; remembers the longest piece that was asked for.
  private final class Source: TensorSource, Sendable {
    let longest = Mutex(0)

    func reader(of entry: ParameterTable.Entry) -> TensorReader {
      let seed = entry.name.unicodeScalars.reduce(17) { ($0 * 31 + Int($1.value)) % 65_521 }
      let isVector = entry.shape.count == 1
      var first = 0
      return { [self] count, target in
        longest.withLock { $0 = max($0, count) }
        for index in 0..<count {
          let value = Float(((first + index + seed) * 7_919) % 2_003) / 2_003 - 0.5
          target[index] = isVector ? 1 + value / 4 : value / 8
        }
        first += count
      }
    }
  }

  /// Embeddings, heads and maps of more than one piece; the last piece is shorter.
  private static let configurations: [ModelConfiguration] = {
    let transformers = [true, false].compactMap { tied in
      try? ModelConfiguration(
        .qwen2,
        ModelSizes(
          vocabularySize: 40_011, hiddenSize: 64, intermediateSize: 17_000, layerCount: 1,
          headCount: 2, tiesWordEmbeddings: tied))
    }
    let mamba = try? ModelConfiguration(
      .mamba, ModelSizes(vocabularySize: 40_011, hiddenSize: 64, layerCount: 2))
    return transformers + [mamba].compactMap(\.self)
  }()

  @Test(arguments: [Precision.bf16, .int8])
  func piecesMakeTheSameModel(_ precision: Precision) throws {
    #expect(Self.configurations.count == 3)
    let compute = try Fixture.compute()
    let batch = try PackedBatch(
      chunks: [[1, 17, 40_010, 23_000, 5, 16_384, 16_383, 32_768, 9]], endOfText: nil,
      weighting: .sum)
    for configuration in Self.configurations {
      func run(_ precision: Precision) throws -> (values: [Float], longest: Int) {
        let source = Source()
        let model = try LanguageModel.make(
          configuration, initialization: .values(source), precision: precision,
          purpose: .scoring, compute: compute)
        let workspace = try Workspace(
          for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
        return (
          try model.logProbabilities(batch, workspace: workspace),
          source.longest.withLock { $0 }
        )
      }
      let exact = try run(.f32)
      let rounded = try run(precision)
      #expect(rounded.longest <= 1 << 20)
      let worst = zip(rounded.values, exact.values).map { abs($0 - $1) }.max() ?? .nan
      let mean = exact.values.reduce(0, +) / Float(exact.values.count)
      let spread = exact.values.map { abs($0 - mean) }.max() ?? 0
      #expect(worst < 0.1 * spread, "\(configuration.modelType) \(worst) \(spread)")
    }
  }

  @Test func planCountsWhatLoadingTakes() throws {
    let compute = try Fixture.compute()
    for configuration in Self.configurations {
      func plan(_ precision: Precision, tokens: Int) -> MemoryPlan {
        MemoryPlan(
          configuration: configuration, maximumTokens: tokens, precision: precision,
          purpose: .scoring, compute: compute)
      }
      #expect(plan(.f32, tokens: 1).loadingBytes == 0)
      let small = plan(.bf16, tokens: 1)
      #expect(small.loadingBytes == 4 << 20)
      #expect(small.totalBytes == small.weightBytes + small.loadingBytes)
      let large = plan(.bf16, tokens: 4096)
      #expect(large.totalBytes == large.weightBytes + large.activationBytes)
      // Two bytes a value for matrices, and little more.
      #expect(abs(2 * large.weightBytes - plan(.f32, tokens: 1).weightBytes) < 1 << 20)
    }
  }
}
