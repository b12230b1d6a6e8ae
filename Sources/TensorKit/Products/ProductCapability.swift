/// The precisions that a processor has fast products in. A value that is passed along with `Ops`, so
/// that lesser processors can be stood in for.
public struct ProductCapability: Sendable, Equatable {
  /// Always with f32.
  public let precisions: [Precision]
  /// The library and the instruction set whose kernels it takes.
  public let name: String

  public init(precisions: [Precision], name: String) {
    self.precisions = precisions
    self.name = name
  }

  /// Those of this processor, as oneDNN sees it.
  public static var present: ProductCapability {
    ProductCapability(
      precisions: Precision.allCases.filter(\.isSupported), name: MatrixProduct.library)
  }

  public func has(_ precision: Precision) -> Bool { precisions.contains(precision) }
}

extension Precision {
  /// The instructions that its products need.
  public var instructions: String {
    switch self {
    case .f32: "nothing special"
    case .bf16: "AVX-512 BF16"
    case .int8: "AVX-512 VNNI"
    }
  }
}
