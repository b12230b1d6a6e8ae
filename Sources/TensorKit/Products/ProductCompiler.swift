internal import COneDNN
import Synchronization

/// oneDNN's products by shape: each is compiled once and then shared by all threads.
///
/// Sendable because oneDNN's engine and compiled products are immutable, and the table of them is
/// behind a lock.
final class ProductCompiler: Sendable {
  /// A compiled product.
  struct Compiled: @unchecked Sendable {
    fileprivate let product: OpaquePointer
    let scratchBytes: Int
  }

  /// What a product is compiled for.
  struct Shape: Hashable, Sendable {
    var m: Int
    var n: Int
    var k: Int
    var aStrides: Strides
    var bStrides: Strides
    var cStride: Int
    var precision: Precision
    var accumulate: Bool
  }

  struct Strides: Hashable, Sendable {
    var row: Int
    var column: Int
  }

  /// An address that the compiler owns.
  private struct Engine: @unchecked Sendable { let pointer: OpaquePointer }
  private let engine: Engine
  private let table = Mutex<[Shape: Compiled]>([:])

  init() throws {
    guard let engine = dn_engine_create() else {
      throw TensorError.product(reason: "oneDNN found no processor that it knows")
    }
    self.engine = Engine(pointer: engine)
  }

  deinit {
    table.withLock { table in
      for compiled in table.values { dn_product_destroy(compiled.product) }
    }
    dn_engine_destroy(engine.pointer)
  }

  /// The product for `shape`, compiled on first use.
  ///
  /// Shapes come from checked configurations, and oneDNN takes every one of them: nil is a mistake
  /// in this module, or memory that ran out within a few kilobytes.
  func product(_ shape: Shape) -> Compiled? {
    table.withLock { table in
      if let known = table[shape] { return known }
      let compiled = compile(shape)
      table[shape] = compiled
      return compiled
    }
  }

  private func compile(_ shape: Shape) -> Compiled? {
    var description = dn_shape(
      m: Int64(shape.m), n: Int64(shape.n), k: Int64(shape.k),
      a_row: Int64(shape.aStrides.row), a_column: Int64(shape.aStrides.column),
      b_row: Int64(shape.bStrides.row), b_column: Int64(shape.bStrides.column),
      c_row: Int64(shape.cStride), factors: shape.precision == .bf16 ? DN_BF16 : DN_F32,
      accumulate: shape.accumulate)
    var status: Int32 = 0
    return dn_product_create(engine.pointer, &description, &status).map {
      Compiled(product: $0, scratchBytes: dn_product_scratch($0))
    }
  }

  /// Runs a product on the calling thread.
  func run(
    _ compiled: Compiled, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer,
    _ c: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer
  ) {
    let status = dn_product_run(engine.pointer, compiled.product, a, b, c, scratch)
    precondition(status == 0, "oneDNN failed in a product with status \(status)")
  }
}
