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
  /// The product of bytes: the table's, or a faster one with the same bits.
  package let packedBytesProduct: ck_packed_bytes_product
  /// Whether that adds four products at once (AVX-VNNI, AVX-512 VNNI).
  public let hasByteDots: Bool

  /// The kernels for `instructionSet`; nil when this processor cannot run them.
  ///
  /// - Parameter byteDots: whether to use AVX-VNNI or AVX-512 VNNI where the processor has it.
  public init?(_ instructionSet: InstructionSet, byteDots: Bool = true) {
    guard instructionSet.isSupported else { return nil }
    self.init(checked: instructionSet, byteDots: byteDots)
  }

  private init(checked instructionSet: InstructionSet, byteDots: Bool = true) {
    self.instructionSet = instructionSet
    table = ck_kernels_for(instructionSet.identifier)
    let faster = byteDots ? ck_byte_dots_for(instructionSet.identifier) : nil
    hasByteDots = faster != nil
    packedBytesProduct = faster ?? table.pointee.packed_bytes_product
  }

  /// The kernels for the widest vectors that this processor has.
  public static var best: Kernels {
    Kernels(checked: InstructionSet.supported.last ?? .baseline)
  }

  /// The name to show: "baseline", "avx2" or "avx512".
  public var name: String { instructionSet.rawValue }
}
