import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// How much text the demo takes on this machine: as much as keeps its promise of a few minutes.
///
/// A slow machine gets fewer documents, not smaller models: what is found stays comparable, only
/// its intervals widen. The sizes are a short list, so that two runs on one machine give equal bytes
/// although no measurement gives the same figure twice.
public struct DemoSize: Equatable {
  /// Bytes of text.
  public let bytes: Int
  /// Tokens a second at which this machine trains the teacher; what the choice was made by.
  public let tokensPerSecond: Double

  /// Largest first. At a sixth of the largest the students can no longer be told apart (docs/DEMO.md).
  public static let choices = [DemoProject.bytes, 4_000_000, 2_700_000, 1_800_000]
  /// Seconds that the whole demo may take; a quarter less than the eight minutes that are promised,
  /// since a machine that is measured for two seconds may slow down later.
  public static let limit = 360.0
  /// Tokens that the teacher is trained on, for a byte of text.
  private static let trainingTokensPerByte = 0.235
  /// The whole demo's time over that of training the teacher.
  private static let wholeOverTeacher = 1.85

  /// Seconds that the demo takes with `bytes` of text on a machine of such speed.
  public static func seconds(bytes: Int, tokensPerSecond: Double) -> Double {
    wholeOverTeacher * trainingTokensPerByte * Double(bytes) / max(1, tokensPerSecond)
  }

  /// The largest size that fits, or the smallest there is.
  public init(tokensPerSecond: Double) {
    self.tokensPerSecond = tokensPerSecond
    bytes =
      Self.choices.first {
        Self.seconds(bytes: $0, tokensPerSecond: tokensPerSecond) <= Self.limit
      } ?? Self.choices[Self.choices.count - 1]
  }

  /// Trains the demo's teacher on random tokens for about two seconds.
  ///
  /// - Throws: `WorkStopped`, and what models throw.
  init(measuring settings: ProjectSettings, compute: Ops, work: Work) throws {
    guard case .trained(let plan) = settings.teacher, case .trained(let size) = settings.tokenizer
    else {
      self.init(tokensPerSecond: .infinity)
      return
    }
    let shape = try plan.shape.configuration(vocabularySize: size, endOfText: 0)
    let configuration = plan.training.configuration(
      chunks: 1, endOfText: 0, in: settings,
      precision: TrainingPrecision.resolve(
        settings.trainingPrecision, runs: [], parameters: shape.parameterCount,
        capability: compute.capability))
    let model = try LanguageModel.make(
      shape, initialization: .seeded(RandomSource(seed: settings.seed)),
      precision: configuration.precision, compute: compute)
    let workspace = try configuration.makeWorkspace(for: model)
    let batch = try MeasuredPace.batch(
      chunks: configuration.chunksPerMicroBatch, inputs: settings.chunkTokens - 1,
      vocabularySize: size, seed: settings.seed)
    work.report(WorkProgress(nil, detail: "measuring this machine"))
    self.init(
      tokensPerSecond: try MeasuredPace.tokensPerSecond(
        tokens: batch.tokenCount, seconds: Self.measuredSeconds, work
      ) { _ = try model.lossAndGradients(batch, workspace: workspace) })
  }

  private static let measuredSeconds = 2.0

  /// For the log.
  var text: String {
    let seconds = Self.seconds(bytes: bytes, tokensPerSecond: tokensPerSecond)
    return "\(Number.bytes(bytes)) of text for a machine that trains "
      + "\(Number.grouped(Int(tokensPerSecond.rounded()))) tokens/s: about "
      + "\(Number.duration(seconds)) in all"
  }
}
