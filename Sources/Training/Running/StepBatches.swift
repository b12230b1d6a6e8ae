import Corpus
import LanguageModels

/// The chunks of one optimiser step as micro-batches whose weighted losses add up to the loss of
/// the step: the mean is formed over the whole step at once, so that accumulation is exact.
struct StepBatches {
  /// Chunks with at least one counted target, in micro-batches.
  private let groups: [ArraySlice<ChunkWindow>]
  private let weighting: PackedBatch.Weighting
  /// Input tokens of the step.
  let tokenCount: Int

  /// Reads the chunks called `indices`.
  ///
  /// - Throws: `ModelError.tokenOutOfRange` for a token that the model has not.
  init(
    _ indices: [Int], of chunks: any ChunkSource, configuration: TrainingConfiguration,
    vocabularySize: Int
  ) throws {
    let mask = LossMask(endOfText: configuration.endOfSequenceToken)
    var read: [ChunkWindow] = []
    var inputs = 0
    var counted = 0
    for index in indices {
      let window = try ChunkWindow(
        chunks.tokens(of: index), number: index, length: configuration.chunkTokens, mask: mask,
        vocabularySize: vocabularySize)
      inputs += window.inputCount
      // A chunk without a counted target has no mean; the original would divide by zero.
      guard window.countedTargets > 0 else { continue }
      counted += window.countedTargets
      read.append(window)
    }
    tokenCount = inputs
    weighting =
      switch configuration.lossMean {
      case .perChunk: .chunkMean(chunks: read.count)
      case .perToken: .tokenMean(countedTargets: counted)
      }
    let size = configuration.chunksPerMicroBatch
    groups = stride(from: 0, to: read.count, by: size).map {
      read[$0..<min($0 + size, read.count)]
    }
  }

  /// Number of micro-batches; zero when no target counts.
  var count: Int { groups.count }

  /// A micro-batch.
  subscript(index: Int) -> PackedBatch {
    PackedBatch(groups[index], weighting: weighting)
  }

  /// The numbers of a micro-batch's chunks.
  func chunks(of index: Int) -> [Int] { groups[index].map(\.number) }
}
