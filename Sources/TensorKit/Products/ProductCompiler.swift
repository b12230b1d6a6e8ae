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
    /// Strides of a plain right factor, or the layout of a packed one.
    var b: RightFactor
    var cStride: Int
    var precision: Precision
    var accumulate: Bool
  }

  struct Strides: Hashable, Sendable {
    var row: Int
    var column: Int
  }

  enum RightFactor: Hashable, Sendable {
    case plain(Strides)
    case packed(WeightLayout)
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
      a_row: Int64(shape.aStrides.row), a_column: Int64(shape.aStrides.column), b_row: 0,
      b_column: 0, c_row: Int64(shape.cStride), factors: shape.precision.oneDNN,
      result: shape.precision == .int8 ? DN_S32 : DN_F32, accumulate: shape.accumulate)
    var layout: OpaquePointer?
    switch shape.b {
    case .plain(let strides):
      description.b_row = Int64(strides.row)
      description.b_column = Int64(strides.column)
    case .packed(let packed): layout = packed.layout
    }
    var status: Int32 = 0
    return dn_product_create(engine.pointer, &description, layout, &status).map {
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

  /// The layout for [k, n] weights.
  func layout(k: Int, n: Int, precision: Precision) throws -> WeightLayout {
    guard
      let layout = dn_layout_create(engine.pointer, Int64(k), Int64(n), precision.oneDNN)
    else {
      throw TensorError.product(
        reason: "oneDNN has no layout for [\(k), \(n)] weights in \(precision.rawValue)")
    }
    return WeightLayout(layout: layout, k: k, n: n, precision: precision)
  }

  /// Packs the transpose of weight[n, k] (dense rows; f32, or int8 for an int8 layout).
  func pack(
    _ weight: UnsafeRawPointer, _ layout: WeightLayout, to packed: UnsafeMutableRawPointer
  ) throws {
    let status = dn_pack(engine.pointer, layout.layout, weight, 1, Int64(layout.k), packed)
    guard status == 0 else {
      throw TensorError.product(reason: "oneDNN could not pack weights (status \(status))")
    }
  }
}

/// How oneDNN likes weights of one shape to lie; equal for equal shapes.
final class WeightLayout: Hashable, @unchecked Sendable {
  fileprivate let layout: OpaquePointer
  let k: Int
  let n: Int
  let precision: Precision

  fileprivate init(layout: OpaquePointer, k: Int, n: Int, precision: Precision) {
    self.layout = layout
    self.k = k
    self.n = n
    self.precision = precision
  }

  deinit { dn_layout_destroy(layout) }

  /// Bytes of the packed weights.
  var byteCount: Int { dn_layout_bytes(layout) }

  static func == (a: WeightLayout, b: WeightLayout) -> Bool {
    (a.k, a.n, a.precision) == (b.k, b.n, b.precision)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(k)
    hasher.combine(n)
    hasher.combine(precision)
  }
}

extension Precision {
  fileprivate var oneDNN: dn_type {
    switch self {
    case .f32: DN_F32
    case .bf16: DN_BF16
    case .int8: DN_S8
    }
  }

  /// Whether this processor has fast products in the precision; if not, use f32.
  public var isSupported: Bool { dn_supports(oneDNN) }
}
