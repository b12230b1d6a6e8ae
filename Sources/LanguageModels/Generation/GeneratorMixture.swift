import Numerics
import TensorKit

/// A teacher that reads what a generator writes, and draws its tokens together with the model.
///
/// Not Sendable: it drives its model.
public final class GeneratorMixture {
  public let sampler: MixedTokenSampler
  private let teacher: (model: any CausalLanguageModel, state: DecodingState)?

  /// Takes the memory of `plan`, which is made for the teacher; a share of 0 needs no teacher's passes
  /// and takes none.
  ///
  /// - Parameter vocabularySize: columns of the model that generates.
  public init(
    teacher: any CausalLanguageModel, share: Double, temperature: Double, vocabularySize: Int,
    plan: DecodingPlan
  ) throws {
    sampler = MixedTokenSampler(
      share: share, temperature: temperature,
      columns: min(vocabularySize, teacher.configuration.vocabularySize), compute: teacher.compute)
    self.teacher =
      share > 0 ? (teacher, try DecodingState(for: teacher, plan: plan)) : nil
  }

  func reset(_ slot: Int) { teacher?.state.reset(slot) }

  /// One choice for every piece that wants logits, which the model has given.
  func choose(
    _ logits: Matrix, _ pieces: [DecodingPiece], streams: inout [RandomSource]
  ) throws -> [TokenSampler.Choice] {
    let others = try teacher.map { try $0.model.nextLogits(pieces, state: $0.state) }
    return try sampler.choose(logits, others: others, streams: &streams)
  }
}
