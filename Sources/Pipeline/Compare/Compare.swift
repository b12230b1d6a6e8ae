public import LanguageModels
public import TensorKit
public import Training

/// Two models on the same held-out chunks: paired differences by source.
public struct Compare {
  /// What came out.
  public struct Result: Sendable {
    public let a: EvaluationResult
    public let b: EvaluationResult
    public let comparison: EvaluationComparison
  }

  private let a: ModelFolder
  private let b: ModelFolder
  private let heldOut: HeldOut
  private let settings: Evaluate.Settings
  private let compute: Ops

  /// - Parameter settings: of both; without an end-of-text token both take the first's, since a
  ///   comparison is of the same targets.
  public init(
    _ a: ModelFolder, _ b: ModelFolder, on heldOut: HeldOut, settings: Evaluate.Settings,
    compute: Ops
  ) {
    self.a = a
    self.b = b
    self.heldOut = heldOut
    self.settings = settings
    self.compute = compute
  }

  /// Evaluates both, one after the other.
  ///
  /// - Throws: as `Evaluate`; `TrainingError.incomparable`.
  public func run(_ work: Work) throws -> Result {
    var settings = settings
    // The second model is looked at before the first one is run.
    try compute.require(settings.precision, for: .scoring)
    for model in [a, b] { _ = try model.examine() }
    settings.endOfText = try EndOfText.find(
      given: settings.endOfText, shards: heldOut.shards, model: a, work)
    let first = try Evaluate(a, on: heldOut, settings: settings, compute: compute)
      .run(work.part(0...0.5))
    let second = try Evaluate(b, on: heldOut, settings: settings, compute: compute)
      .run(work.part(0.5...1))
    return Result(
      a: first, b: second, comparison: try EvaluationComparison(first, second))
  }
}

extension Compare.Result: Encodable {
  private enum CodingKeys: CodingKey { case bitsPerByteA, bitsPerByteB }

  /// The comparison's own fields, and bits a byte beside them where they are known.
  public func encode(to encoder: any Encoder) throws {
    try comparison.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(a.summary().all.bitsPerByte, forKey: .bitsPerByteA)
    try values.encodeIfPresent(b.summary().all.bitsPerByte, forKey: .bitsPerByteB)
  }
}
