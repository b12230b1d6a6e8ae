package import CKernels

/// The instruction sets that the kernels are compiled for.
public enum InstructionSet: String, Sendable, CaseIterable {
  case baseline
  case avx2
  case avx512

  /// Whether this processor can run it.
  public var isSupported: Bool { ck_isa_supported(identifier) }

  /// The instruction sets of this processor, the plainest first.
  public static var supported: [InstructionSet] { allCases.filter(\.isSupported) }

  fileprivate var identifier: ck_isa {
    switch self {
    case .baseline: CK_ISA_BASELINE
    case .avx2: CK_ISA_AVX2
    case .avx512: CK_ISA_AVX512
    }
  }
}

/// The numeric kernels of one instruction set, an immutable table that is passed along as a value.
public struct Kernels: @unchecked Sendable {
  public let instructionSet: InstructionSet
  package let table: UnsafePointer<ck_kernels>

  /// The kernels for `instructionSet`; nil when this processor cannot run them.
  public init?(_ instructionSet: InstructionSet) {
    guard instructionSet.isSupported else { return nil }
    self.init(checked: instructionSet)
  }

  private init(checked instructionSet: InstructionSet) {
    self.instructionSet = instructionSet
    table = ck_kernels_for(instructionSet.identifier)
  }

  /// The kernels for the widest vectors that this processor has.
  public static var best: Kernels {
    Kernels(checked: InstructionSet.supported.last ?? .baseline)
  }

  /// The name to show: "baseline", "avx2" or "avx512".
  public var name: String { instructionSet.rawValue }
}
