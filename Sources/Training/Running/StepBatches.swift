import Corpus
import LanguageModels

/// The chunks of one optimiser step as micro-batches whose weighted losses add up to the loss of
/// the step: the mean is formed over the whole step at once, so that accumulation is exact.
struct StepBatches {
  /// Chunks with at least one counted target, in micro-batches.
  private let groups: [ArraySlice<[Int32]>]
  private let weighting: PackedBatch.Weighting
  private let endOfText: Int32?
  /// Input tokens of the step.
  let tokenCount: Int

  /// Reads the chunks called `indices`.
  ///
  /// - Throws: `TrainingError.tokenOutOfRange` for a token that the model has not.
  init(
    _ indices: [Int], of chunks: any ChunkSource, configuration: TrainingConfiguration,
    vocabularySize: Int
  ) throws {
    endOfText = configuration.endOfSequenceToken
    var read: [[Int32]] = []
    var inputs = 0
    var counted = 0
    for index in indices {
      let tokens = Array(try chunks.tokens(of: index).prefix(configuration.chunkTokens))
      if let wrong = tokens.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
        throw TrainingError.tokenOutOfRange(
          chunk: index, token: Int(wrong), vocabularySize: vocabularySize)
      }
      inputs += max(0, tokens.count - 1)
      let targets =
        tokens.count > 1 ? PackedBatch.countedTargets(of: tokens, endOfText: endOfText) : 0
      // A chunk without a counted target has no mean; the original would divide by zero.
      guard targets > 0 else { continue }
      counted += targets
      read.append(tokens)
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
    PackedBatch(chunks: groups[index], endOfText: endOfText, weighting: weighting)
  }
}
