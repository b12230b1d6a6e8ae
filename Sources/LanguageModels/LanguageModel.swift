public import TensorKit

/// What models compute with: kernels, pool and matrix product.
public typealias Compute = Ops

extension ProductCapability {
  /// Whether models may be scored, generated from or trained in a precision here.
  public func has(_ precision: Precision, for purpose: WorkspacePurpose) -> Bool {
    !purpose.trains || trainingPrecisions.contains(precision)
  }

  /// Refuses a precision that the processor has no products for, or that the purpose does not allow:
  /// what every job with a precision asks before it does anything.
  ///
  /// - Throws: `ModelError.processor`, `ModelError.precision`.
  public func require(_ precision: Precision, for purpose: WorkspacePurpose) throws(ModelError) {
    if purpose.trains, precision == .int8 {
      throw .precision(found: "training in int8", expected: "f32 or bf16")
    }
    guard has(precision, for: purpose) else {
      throw .processor(precision, has: name, precisions: trainingPrecisions)
    }
  }
}

extension Ops {
  /// As `ProductCapability.require`.
  public func require(_ precision: Precision, for purpose: WorkspacePurpose) throws(ModelError) {
    try capability.require(precision, for: purpose)
  }
}

/// Makes models from configurations and from folders.
///
/// A model in reduced precision is made for one purpose: for scoring, its matrices are packed and no
/// f32 copy of them stays; for training, f32 parameters stay and products read bf16 copies of them.
public enum LanguageModel {
  /// A new model with initial weights.
  ///
  /// - Throws: `ModelError.precision` for a precision that processor or purpose do not allow.
  public static func make(
    _ configuration: ModelConfiguration, initialization: ModelInitialization,
    precision: Precision = .f32, purpose: WorkspacePurpose = .training, compute: Compute
  ) throws -> any CausalLanguageModel {
    let source: (any TensorSource)? =
      switch initialization {
      case .zeros: nil
      case .seeded(let random, let style):
        Initializer(source: random, configuration: configuration, style: style)
      case .values(let source): source
      }
    return try StackedModel(
      configuration, source: source, precision: precision, purpose: purpose, compute: compute)
  }

  /// Reads a folder as transformers saves it; see `ModelFolder.load`.
  public static func load(
    folder: String, precision: Precision = .f32, purpose: WorkspacePurpose = .training,
    compute: Compute, progress: LoadingProgress? = nil
  ) throws -> any CausalLanguageModel {
    try ModelFolder(folder).load(
      precision: precision, purpose: purpose, compute: compute, progress: progress)
  }
}
