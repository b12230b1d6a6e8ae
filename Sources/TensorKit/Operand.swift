internal import CKernels

/// A matrix in the precision of a product: what a product reads.
///
/// Rows of f32 and bf16 are the values themselves. Rows of int8 are activations: bytes with a scale for
/// every block. Panels are weights of several outputs, interleaved as the kernels read them; both
/// formats of bytes stand in CKernels.h.
public struct Operand {
  /// How the elements lie in memory.
  public enum Layout: Sendable {
    case rows
    /// Weights of bf16 or int8 for the kernels' own products.
    case panels
  }

  public let start: UnsafeMutableRawPointer
  public let rows: Int
  public let columns: Int
  /// Elements between the starts of two rows; 0 in panels.
  public let stride: Int
  public let precision: Precision
  public let layout: Layout
  /// Scales of int8 rows [rows, blocks].
  public let rowScales: UnsafeMutablePointer<Float>?

  /// A view of memory that holds `rows` x `columns` elements of `precision` in rows; int8 rows are
  /// ``rowStride(columns:precision:)`` bytes apart.
  public init(
    _ start: UnsafeMutableRawPointer, rows: Int, columns: Int, stride: Int? = nil,
    precision: Precision, rowScales: UnsafeMutablePointer<Float>? = nil
  ) {
    precondition((precision == .int8) == (rowScales != nil), "int8 rows have scales")
    self.start = start
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? Self.rowStride(columns: columns, precision: precision)
    self.precision = precision
    layout = .rows
    self.rowScales = rowScales
  }

  /// A view of packed weights [rows, columns] of bf16 or int8.
  public init(
    panels start: UnsafeMutableRawPointer, rows: Int, columns: Int, precision: Precision
  ) {
    precondition(precision != .f32, "weights of f32 are not packed")
    self.start = start
    self.rows = rows
    self.columns = columns
    self.precision = precision
    stride = 0
    layout = .panels
    rowScales = nil
  }

  /// Where row `index` starts; in panels it is a multiple of their outputs.
  func row(_ index: Int) -> UnsafeMutableRawPointer {
    if layout == .panels {
      precondition(index % Self.panelRows == 0, "a panel is not cut")
      return start
        + index / Self.panelRows
        * Self.panelByteCount(columns: columns, precision: precision)
    }
    return start + index * stride * precision.byteCount
  }

  /// `count` rows from `first`.
  public func rows(from first: Int, count: Int) -> Operand {
    if layout == .panels {
      return Operand(panels: row(first), rows: count, columns: columns, precision: precision)
    }
    return Operand(
      row(first), rows: count, columns: columns, stride: stride, precision: precision,
      rowScales: rowScales.map { $0 + first * Self.blocks(columns: columns) })
  }

  /// `count` columns from `first`, of rows of f32 or bf16.
  public func columns(from first: Int, count: Int) -> Operand {
    precondition(layout == .rows)
    return Operand(
      start + first * precision.byteCount, rows: rows, columns: count, stride: stride,
      precision: precision)
  }

  /// What the other factor of a product with these weights is read in.
  public var inputPrecision: Precision {
    layout == .panels && precision == .bf16 ? .f32 : precision
  }
}

// Sizes.
extension Operand {
  /// Outputs of a panel.
  static let panelRows = Int(CK_PANEL)

  /// Values that share a scale in int8.
  public static let blockColumns = Int(CK_BYTE_BLOCK)

  /// Scales of an int8 row.
  public static func blocks(columns: Int) -> Int { (columns + blockColumns - 1) / blockColumns }

  /// Elements between two rows that lie close together.
  public static func rowStride(columns: Int, precision: Precision) -> Int {
    precision == .int8 ? (columns + 3) & ~3 : columns
  }

  private static func panelByteCount(columns: Int, precision: Precision) -> Int {
    precision == .int8
      ? ck_byte_panel_size(columns) : 2 * panelRows * ((columns + 1) & ~1)
  }

  /// Bytes of a matrix; of int8 rows without their scales.
  public static func byteCount(
    rows: Int, columns: Int, precision: Precision, layout: Layout
  ) -> Int {
    layout == .panels
      ? (rows + panelRows - 1) / panelRows
        * panelByteCount(columns: columns, precision: precision)
      : rows * rowStride(columns: columns, precision: precision) * precision.byteCount
  }
}
