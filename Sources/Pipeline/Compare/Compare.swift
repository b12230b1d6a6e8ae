import Corpus
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
  private let material: HeldOutMaterial
  private let settings: Evaluate.Settings
  private let compute: Ops

  /// - Parameter settings: of both; without an end-of-text token both take the first's, since a
  ///   comparison is of the same targets.
  public init(
    _ a: ModelFolder, _ b: ModelFolder, on heldOut: HeldOut, settings: Evaluate.Settings,
    compute: Ops
  ) {
    self.init(a, b, on: .chunks(heldOut), settings: settings, compute: compute)
  }

  /// The same on chunks or on whole texts. Of texts in files models of different tokenizers are compared
  /// in bits a byte; what stands before a text has to be such that the same bytes count for both.
  public init(
    _ a: ModelFolder, _ b: ModelFolder, on material: HeldOutMaterial,
    settings: Evaluate.Settings, compute: Ops
  ) {
    self.a = a
    self.b = b
    self.material = material
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
    if let shards = material.shards {
      settings.endOfText = try EndOfText.find(
        given: settings.endOfText, shards: shards, model: a, work)
    }
    if case .texts(let texts, _) = material, case .files(let paths, _) = texts.place {
      try CorpusInputs.requireFiles(paths, for: "comparing two models")
    }
    let first = try evaluate(a, settings, work.part(0...0.5))
    let second = try evaluate(b, settings, work.part(0.5...1))
    return Result(
      a: first, b: second,
      comparison: try EvaluationComparison(first, second, bootstrap: settings.bootstrap))
  }

  private func evaluate(
    _ model: ModelFolder, _ settings: Evaluate.Settings, _ work: Work
  ) throws -> EvaluationResult {
    switch material {
    case .chunks(let heldOut):
      try Evaluate(model, on: heldOut, settings: settings, compute: compute).run(work)
    case .texts(let texts, let windows):
      try EvaluateTexts(model, on: texts, windows: windows, settings: settings, compute: compute)
        .run(work)
    }
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
