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
  /// (by default as many as `Workspace` takes by default). Any number gives a plan.
  public init(
    configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int? = nil,
    precision: Precision = .f32, purpose: WorkspacePurpose, compute: Compute
  ) {
    self.init(
      PlannedWeights(configuration, precision, purpose, compute),
      PlannedPass(configuration, maximumSequences, precision, purpose, compute),
      tokens: maximumTokens)
  }

  private init(_ weights: PlannedWeights, _ pass: PlannedPass, tokens: Int) {
    weightBytes = weights.weightBytes
    gradientBytes = weights.gradientBytes
    momentBytes = 2 * weights.gradientBytes
    loadingBytes = weights.loadingBytes
    activationBytes = pass.bytes(tokens: tokens)
    maximumTokens = tokens
  }

  /// Refuses a job that needs more than `limitBytes`, naming a micro-batch that would fit.
  public static func check(
    configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int? = nil,
    precision: Precision = .f32, purpose: WorkspacePurpose, compute: Compute, limitBytes: Int
  ) throws(ModelError) -> MemoryPlan {
    let weights = PlannedWeights(configuration, precision, purpose, compute)
    let pass = PlannedPass(configuration, maximumSequences, precision, purpose, compute)
    func plan(_ tokens: Int) -> MemoryPlan { MemoryPlan(weights, pass, tokens: tokens) }
    let wanted = plan(maximumTokens)
    if wanted.totalBytes <= limitBytes { return wanted }
    // Bytes grow with tokens: bisect for the largest micro-batch that fits.
    var fitting = 0
    var tooMany = maximumTokens
    while tooMany - fitting > 1 {
      let middle = fitting + (tooMany - fitting) / 2
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

/// What does not depend on the size of a batch.
private struct PlannedWeights {
  let weightBytes: Int
  let gradientBytes: Int
  let loadingBytes: Int

  init(
    _ configuration: ModelConfiguration, _ precision: Precision, _ purpose: WorkspacePurpose,
    _ compute: Compute
  ) {
    // The table of a model of thousands of layers is made once: it is most of the work.
    var table = ParameterTable()
    let maps = configuration.architecture.makeLayers(&table).maps
    weightBytes = maps.weightBytes(table, precision, purpose, compute.capability)
    gradientBytes = purpose.trains ? table.roleBytes : 0
    guard precision != .f32, !purpose.trains else {
      loadingBytes = 0
      return
    }
    loadingBytes =
      RoundedLayout.stagingBytes(maps)
      + (precision == .int8 ? NormSmoothing.byteCount(maps, configuration, purpose, compute) : 0)
  }
}

extension NormSmoothing {
  /// Bytes of the pass over random tokens, and of the sums that it is compared with.
  fileprivate static func byteCount(
    _ maps: RoundedMaps, _ configuration: ModelConfiguration, _ purpose: WorkspacePurpose,
    _ compute: Compute
  ) -> Int {
    maps.normed.reduce(0) { $0 + 2 * MemoryLayout<Double>.size * $1.norm.count }
      + PlannedPass(configuration, sequences, .int8, purpose, compute)
      .bytes(tokens: sequences * length)
  }
}

/// Activations and scratch of a pass.
private struct PlannedPass {
  private let configuration: ModelConfiguration
  private let sequences: Int?
  private let precision: Precision
  private let purpose: WorkspacePurpose
  private let compute: Compute

  /// Up to here no product of sizes overflows, whatever the model.
  private static let safeTokens = 1 << 16
  /// Up to here lists that are as long as the batch has sequences are no burden.
  private static let listedTokens = 1 << 24
  /// Far more than any machine has, and small enough to be added to.
  private static let mostBytes = 1 << 60

  init(
    _ configuration: ModelConfiguration, _ sequences: Int?, _ precision: Precision,
    _ purpose: WorkspacePurpose, _ compute: Compute
  ) {
    self.configuration = configuration
    self.sequences = sequences
    self.precision = precision
    self.purpose = purpose
    self.compute = compute
  }

  /// Bytes of a pass over `tokens`: exact up to `safeTokens`, and up to `listedTokens` where no
  /// product of sizes overflows; else in proportion to a pass over `safeTokens`.
  func bytes(tokens: Int) -> Int {
    guard tokens > Self.safeTokens else { return exactBytes(max(0, tokens)) }
    let estimate = Double(exactBytes(Self.safeTokens)) / Double(Self.safeTokens) * Double(tokens)
    // A batch of more sequences needs more for each of them.
    if tokens <= Self.listedTokens, estimate < Double(Self.mostBytes) * 0x1p-8 {
      return exactBytes(tokens)
    }
    return estimate < Double(Self.mostBytes) ? Int(estimate) : Self.mostBytes
  }

  private func exactBytes(_ tokens: Int) -> Int {
    let activations = Activations(
      configuration, tokens: tokens, sequences: sequences,
      inputPrecision: compute.capability.inputPrecision(of: precision), purpose: purpose)
    return activations.floatCount * MemoryLayout<Float>.size
      + ScratchPlan.bytes(
        configuration, tokens: tokens, sequences: activations.maximumSequences,
        precision: precision, purpose: purpose, compute: compute)
  }
}
