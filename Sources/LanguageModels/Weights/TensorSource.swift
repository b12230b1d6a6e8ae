import TensorKit

/// Where the f32 values of a model's tensors come from: a file, or a random start.
public protocol TensorSource {
  /// A reader that begins at the first value of `entry`.
  func reader(of entry: ParameterTable.Entry) throws -> TensorReader
}

/// Writes the next `count` values of a tensor, row-major; never asked for more than it has. The
/// values do not depend on the pieces that they are asked for in.
public typealias TensorReader = (
  _ count: Int, _ target: UnsafeMutablePointer<Float>
) throws -> Void

extension TensorSource {
  /// Gives `body` the values at `place`, which are rows of `columns`, from the first row on: as many
  /// at a time as `staging` holds, so that they never stand whole in f32.
  func rows(
    of place: TensorPlace, columns: Int, table: ParameterTable, staging: Buffer,
    _ body: (_ first: Int, _ values: Matrix) -> Void
  ) throws {
    let values = staging.start.bindMemory(to: Float.self, capacity: staging.floats.count)
    let most = staging.floats.count / columns
    var first = 0
    for entry in table.entries(at: place) {
      let read = try reader(of: entry)
      let end = first + entry.count / columns
      while first < end {
        let rows = min(most, end - first)
        try read(rows * columns, values)
        body(first, Matrix(values, rows: rows, columns: columns))
        first += rows
      }
    }
  }
}
