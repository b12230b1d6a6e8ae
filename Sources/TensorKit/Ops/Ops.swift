internal import CKernels

/// Parallel operations on floats: a kernel table, a pool, and the matrix product.
///
/// Every method splits its work by shape alone and joins partial sums in a fixed order, so that the
/// bits are the same for any number of threads. Buffers belong to the caller; temporary memory comes
/// from the `scratch` arena and is given back before the method returns.
public struct Ops: Sendable {
  public let kernels: Kernels
  public let pool: ParallelPool
  public let product: MatrixProduct
  /// The precisions that products may be asked for in.
  public let capability: ProductCapability

  /// Operations with `kernels` on `pool`.
  ///
  /// - Parameter capability: of this processor, or less.
  /// - Throws: `TensorError.product` when matrix products do not run on this processor.
  public init(
    kernels: Kernels, pool: ParallelPool, capability: ProductCapability = .present
  ) throws {
    self.kernels = kernels
    self.pool = pool
    self.capability = capability
    product = try MatrixProduct(pool: pool)
  }

  /// Rows per task so that a task touches about 16 Ki floats.
  static func rowGrain(columns: Int) -> Int { max(1, (16 << 10) / max(1, columns)) }

  /// Values per task of a plain vector.
  static let vectorGrain = 32 << 10
}
