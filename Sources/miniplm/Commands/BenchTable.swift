import Benchmarking
import Engine
import Numerics
import TensorKit

/// Measurements as they come: a row of a table, or a JSON line.
final class BenchTable {
  /// A column: its title and its width; text is set left, numbers right.
  struct Column {
    var title: String
    var width: Int
    var isText = false
  }

  private let columns: [Column]
  private let json: Bool
  private var hasTitle = false

  init(_ columns: [Column], json: Bool) {
    self.columns = columns
    self.json = json
  }

  /// Prints one measurement; `cells` are its row, one for each column.
  func add(_ value: some Encodable, _ cells: [String]) throws {
    if json { return try Output.json(value) }
    if !hasTitle {
      hasTitle = true
      try Output.line(row(columns.map(\.title)))
    }
    try Output.line(row(cells))
  }

  private func row(_ cells: [String]) -> String {
    zip(columns, cells).map { column, cell in
      let padding = String(repeating: " ", count: max(0, column.width - cell.count))
      return column.isText ? cell + padding : padding + cell
    }.joined(separator: "  ")
  }
}

/// A scored or trained model as a row.
enum ModelRow {
  static let columns: [BenchTable.Column] = [
    .init(title: "shape", width: 14, isText: true),
    .init(title: "precision", width: 9, isText: true),
    .init(title: "threads", width: 7), .init(title: "chunks", width: 10),
    .init(title: "tokens/s", width: 9), .init(title: "median", width: 9),
    .init(title: "GFLOP/s", width: 8), .init(title: "of peak", width: 8),
    .init(title: "planned", width: 9), .init(title: "resident", width: 9),
  ]

  static func cells(_ result: ModelMeasurement) -> [String] {
    [
      result.shape, result.precision.rawValue, "\(result.threads)",
      "\(result.batch) x \(result.chunkLength)", Number.fixed(result.tokensPerSecond, 1),
      Number.fixed(result.tokensPerSecondMedian, 1), Number.fixed(result.productGigaflops, 1),
      Number.percent(result.peakShare), Number.bytes(result.plannedBytes),
      Number.bytes(result.peakResidentBytes),
    ]
  }

  /// The parts of a profile that are worth a line, below their row.
  static func show(_ profile: TimeProfile) throws {
    for part in profile.parts where part.share >= 0.0005 {
      let name = part.name + String(repeating: " ", count: max(0, 24 - part.name.count))
      let calls = part.calls > 0 ? ", \(Number.fixed(part.calls, 0)) calls" : ""
      try Output.line("    \(name)\(Number.fixed(part.share * 100, 1)) %\(calls)")
    }
  }
}
