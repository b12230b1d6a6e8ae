public import LanguageModels
public import TensorKit

/// Bytes that a scoring job will hold, known before anything is allocated, and the batch size that
/// suits them.
public struct ScoringMemory: Sendable, Equatable {
  /// The settings that the plan is for, with the chosen batch size and passes.
  public let settings: ScoringSettings
  public let teacher: MemoryPlan
  public let reference: MemoryPlan

  /// The most that is held at once.
  public var totalBytes: Int {
    settings.passes == .alternating
      ? teacher.totalBytes + reference.totalBytes
      : max(teacher.totalBytes, reference.totalBytes)
  }

  /// A job on two models with `settings`.
  public init(
    teacher: ModelConfiguration, reference: ModelConfiguration, settings: ScoringSettings,
    compute: Compute
  ) {
    func plan(_ model: ModelConfiguration) -> MemoryPlan {
      MemoryPlan(
        configuration: model, maximumTokens: settings.tokensPerPass,
        precision: settings.precision, purpose: .scoring, compute: compute)
    }
    self.settings = settings
    self.teacher = plan(teacher)
    self.reference = plan(reference)
  }

  /// Batch sizes to choose from, in chunks of `maximumPositions`.
  static let chunksPerBatch = [16, 8, 4, 2, 1]
  /// Short, noisy runs on two cores (`bench score`: qwen-104m and mamba-130m in bf16 and int8, chunks
  /// of 256 and 1,024; qwen-small, chunks of 256) show no gain above some 1,024 tokens a batch, and in
  /// int8 rather a small loss at 8,192. Single chunks of 256 tokens are slower in int8 where a model is
  /// small or a Mamba, by about a fifth. That more cores want larger batches is not measured.
  static let mostTokensChosen = 8192

  /// Chooses what is left open and refuses what does not fit.
  ///
  /// A batch size is part of what scores are: a job that goes on keeps that of its first run (see
  /// `ScoringJob.recordedTokensPerBatch`), which is why it is chosen once and from few sizes. One
  /// model at a time is chosen where two do not fit together; it does not change the scores.
  ///
  /// - Parameters:
  ///   - settings: their `tokensPerBatch` and `passes` are overwritten.
  ///   - tokensPerBatch: nil chooses the largest of 16, 8, 4, 2 and 1 whole chunks, 8,192 tokens at
  ///     most, that leaves a quarter of the limit free.
  ///   - limitBytes: what the job may take.
  /// - Throws: `DifferenceSamplingError.doesNotFit` with what would fit.
  public static func plan(
    teacher: ModelConfiguration, reference: ModelConfiguration, settings: ScoringSettings,
    tokensPerBatch: Int?, compute: Compute, limitBytes: Int = SystemMemory.available()
  ) throws(DifferenceSamplingError) -> ScoringMemory {
    func memory(
      _ tokens: Int, _ passes: ScoringPasses, _ precision: Precision
    ) -> ScoringMemory {
      var settings = settings
      settings.tokensPerBatch = tokens
      settings.passes = passes
      settings.precision = precision
      return ScoringMemory(
        teacher: teacher, reference: reference, settings: settings, compute: compute)
    }
    let positions = settings.maximumPositions
    let sizes =
      tokensPerBatch.map { [$0] }
      ?? chunksPerBatch.map { $0 * positions }.filter { $0 <= max(positions, mostTokensChosen) }
    // Both models at once is better than a large batch: differences appear as scoring goes on.
    for passes in [ScoringPasses.alternating, .onePassEach] {
      for size in sizes {
        let limit = size == sizes.last ? limitBytes : limitBytes / 4 * 3
        let fitting = memory(size, passes, settings.precision)
        if fitting.totalBytes <= limit { return fitting }
      }
    }
    let wanted = memory(sizes.last ?? positions, .onePassEach, settings.precision)
    throw .doesNotFit(
      neededBytes: wanted.totalBytes, availableBytes: limitBytes,
      tokensPerBatch: wanted.settings.tokensPerBatch,
      fitting: advice(wanted, limitBytes: limitBytes) { tokens, precision in
        memory(tokens, .onePassEach, precision)
      })
  }

  /// What to do about a job that does not fit.
  private static func advice(
    _ wanted: ScoringMemory, limitBytes: Int,
    memory: (Int, Precision) -> ScoringMemory
  ) -> String {
    let settings = wanted.settings
    func fits(_ tokens: Int, _ precision: Precision) -> Bool {
      memory(tokens, precision).totalBytes <= limitBytes
    }
    // A chunk is scored whole: no batch can be smaller than one.
    let smallest = min(settings.maximumPositions, settings.tokensPerBatch)
    if fits(smallest, settings.precision), smallest < settings.tokensPerBatch {
      var (fitting, tooMany) = (smallest, settings.tokensPerBatch)
      while tooMany - fitting > 1 {
        let middle = (fitting + tooMany) / 2
        if fits(middle, settings.precision) { fitting = middle } else { tooMany = middle }
      }
      return "Batches of at most \(fitting) tokens fit: use --tokens-per-batch \(fitting)."
    }
    let narrower = Precision.allCases.filter { $0.byteCount < settings.precision.byteCount }
    if let precision = narrower.first(where: { fits(smallest, $0) }) {
      return "It fits in \(precision.rawValue): use --precision \(precision.rawValue) and "
        + "--tokens-per-batch \(smallest)."
    }
    return "Not even one chunk fits, one model at a time: use smaller models, shorter chunks "
      + "or a machine with more memory."
  }
}

extension ScoringSettings {
  /// The most input positions in one pass: a batch, or one longer chunk.
  var tokensPerPass: Int { max(tokensPerBatch, maximumPositions) }
}
