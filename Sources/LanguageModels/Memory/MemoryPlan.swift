public import TensorKit

/// Bytes that a job will hold, by role, known before anything is allocated.
public struct MemoryPlan: Sendable, Equatable {
  public let weightBytes: Int
  public let gradientBytes: Int
  /// Both moments of AdamW.
  public let momentBytes: Int
  /// Activations and scratch of one micro-batch of `maximumTokens`.
  public let activationBytes: Int
  /// Temporary memory while weights are read and rounded; given back before anything but the weights
  /// is taken.
  public let loadingBytes: Int
  /// Input positions of the largest micro-batch.
  public let maximumTokens: Int

  /// The most that is held at once.
  public var totalBytes: Int {
    weightBytes + max(gradientBytes + momentBytes + activationBytes, loadingBytes)
  }

  /// Plans for micro-batches of at most `maximumTokens` positions in `maximumSequences` sequences
  /// (by default as many as `Workspace` takes by default).
  public init(
    configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int? = nil,
    precision: Precision = .f32, purpose: WorkspacePurpose, compute: Compute
  ) {
    let table = ParameterTable(configuration)
    weightBytes = RoundedMaps.weightBytes(configuration, precision, purpose)
    gradientBytes = purpose.trains ? table.roleBytes : 0
    momentBytes = purpose.trains ? 2 * table.roleBytes : 0
    let activations = Activations(
      configuration, tokens: maximumTokens, sequences: maximumSequences, precision: precision,
      purpose: purpose)
    activationBytes =
      activations.floatCount * MemoryLayout<Float>.size
      + ScratchPlan.bytes(
        configuration, tokens: maximumTokens, sequences: activations.maximumSequences,
        precision: precision, purpose: purpose, compute: compute)
    loadingBytes =
      precision == .f32 || purpose.trains
      ? 0 : RoundedLayout.stagingBytes(RoundedMaps(configuration))
    self.maximumTokens = maximumTokens
  }

  /// Refuses a job that needs more than `limitBytes`, naming a micro-batch that would fit.
  public static func check(
    configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int? = nil,
    precision: Precision = .f32, purpose: WorkspacePurpose, compute: Compute, limitBytes: Int
  ) throws(ModelError) -> MemoryPlan {
    func plan(_ tokens: Int) -> MemoryPlan {
      MemoryPlan(
        configuration: configuration, maximumTokens: tokens, maximumSequences: maximumSequences,
        precision: precision, purpose: purpose, compute: compute)
    }
    let wanted = plan(maximumTokens)
    if wanted.totalBytes <= limitBytes { return wanted }
    // Bytes grow with tokens: bisect for the largest micro-batch that fits.
    var fitting = 0
    var tooMany = maximumTokens
    while tooMany - fitting > 1 {
      let middle = (fitting + tooMany) / 2
      if plan(middle).totalBytes <= limitBytes { fitting = middle } else { tooMany = middle }
    }
    throw .memory(
      neededBytes: wanted.totalBytes, limitBytes: limitBytes,
      fitting: fitting > 0
        ? "Micro-batches of at most \(fitting) tokens fit; \(maximumTokens) were asked for."
        : "Its weights and optimiser state alone take \(wanted.totalBytes - wanted.activationBytes) "
          + "bytes: use a smaller model or a machine with more memory.")
  }
}
