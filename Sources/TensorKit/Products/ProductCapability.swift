/// What products a processor has. A value that is passed along with `Ops`, so that lesser processors can
/// be stood in for.
///
/// Every processor scores and generates in every precision: products with packed weights are our own.
/// Training multiplies two rounded factors, which takes instructions for them.
public struct ProductCapability: Sendable, Equatable {
  /// Whether products of two factors of bf16 are fast (AVX-512 BF16).
  public let multipliesBF16: Bool
  /// The library and the instruction set whose kernels it takes.
  public let name: String

  public init(multipliesBF16: Bool, name: String) {
    self.multipliesBF16 = multipliesBF16
    self.name = name
  }

  /// That of this processor, as oneDNN sees it.
  public static var present: ProductCapability {
    ProductCapability(multipliesBF16: MatrixProduct.multipliesBF16, name: MatrixProduct.library)
  }

  /// The precisions that models can be trained in.
  public var trainingPrecisions: [Precision] { multipliesBF16 ? [.f32, .bf16] : [.f32] }

  /// How weights of `precision` lie in a model that is not trained.
  public func weightLayout(of precision: Precision) -> Operand.Layout {
    switch precision {
    case .f32: .rows
    case .bf16: multipliesBF16 ? .rows : .panels
    case .int8: .panels
    }
  }

  /// What products with weights of `precision` read their other factor in.
  public func inputPrecision(of precision: Precision) -> Precision {
    precision == .bf16 && !multipliesBF16 ? .f32 : precision
  }

  /// Names the arithmetic of `precision` where there is or was more than one: numbers of two kinds of
  /// arithmetic are not the same numbers. nil is that of records which name none: f32, and bf16 with
  /// rounded activations.
  public func arithmetic(of precision: Precision) -> String? {
    switch precision {
    case .f32: nil
    case .bf16: multipliesBF16 ? nil : "f32 activations"
    case .int8: "blocks of \(Operand.blockColumns), smoothed norms"
    }
  }
}

extension Precision {
  /// The instructions that training in it needs.
  public var instructions: String {
    switch self {
    case .f32, .int8: "nothing special"
    case .bf16: "AVX-512 BF16"
    }
  }
}
