/// A matrix of doubles, stored by columns as LAPACK reads it.
public struct DenseMatrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// Element (row, column) is at `row + column * rows`.
  public private(set) var values: [Double]

  /// A matrix of zeros; sizes below zero count as zero.
  public init(rows: Int, columns: Int) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    values = [Double](repeating: 0, count: self.rows * self.columns)
  }

  /// A matrix of the given rows.
  ///
  /// - Throws: `LinearAlgebraError.sizes` when rows differ in length.
  public init(rows: [[Double]]) throws(LinearAlgebraError) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0)
    for (place, row) in rows.enumerated() {
      guard row.count == columns else {
        throw .sizes(found: "\(row.count) values in row \(place)", expected: "\(columns)")
      }
      for (column, value) in row.enumerated() { self[place, column] = value }
    }
  }

  /// - Throws: `LinearAlgebraError.sizes` unless there are rows x columns values.
  public init(rows: Int, columns: Int, byColumns values: [Double]) throws(LinearAlgebraError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, !overflow, values.count == count else {
      throw .sizes(found: "\(values.count) values", expected: "\(rows) x \(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  public subscript(row: Int, column: Int) -> Double {
    get { values[row + column * rows] }
    set { values[row + column * rows] = newValue }
  }

  /// The root of the sum of all squares.
  var norm: Double { values.norm }

  /// - Throws: `LinearAlgebraError.notFinite`.
  func requireFinite() throws(LinearAlgebraError) {
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: place % rows, column: place / rows)
    }
  }
}

extension [Double] {
  /// The root of the sum of squares, also where the squares themselves overflow or vanish.
  var norm: Double {
    let largest = reduce(0) { Swift.max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return largest }
    return largest * reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
  }
}
