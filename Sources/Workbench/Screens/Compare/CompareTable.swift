import EngineInterface
import Numerics
import TerminalUI

/// Held-out loss by source, A beside B, with the paired difference.
enum CompareTable {
  /// A measure of all chunks, as the table and `--json` name it.
  struct Measure {
    var row: ComparisonSnapshot.Row
    var isBits = false
  }

  /// Lines of the table with its header above the totals.
  static func tableRows(_ height: Int, _ state: ViewState) -> Int {
    let totals = state.engine.comparison.map { measures($0, state.compare).count + 1 } ?? 0
    return max(1, height - totals)
  }

  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let units = CompareNumbers.units(state.compare)
    // Where the room is short, what is shown matters more than what a mean is taken over.
    let filter = state.filterTitle(.table)
    let over = state.engine.comparison?.bandUnit ?? "chunks"
    CompareScreen.frame(
      .table, state,
      title: StyledText(
        "Held-out \(units.values)\(filter.isEmpty ? ", mean over chunks" : filter)"),
      footer: StyledText("95 % over \(over)   order: \(state.compare.order.rawValue)"),
      on: &canvas
    ) { view in
      guard let comparison = state.engine.comparison else {
        view.draw(
          Paragraph(StageText.waiting(for: .compare, what: "Comparison", state)), in: view.bounds)
        return
      }
      let rows = CompareScreen.rows(state)
      let width = view.size.width
      let height = min(rows.count + 1, tableRows(view.size.height, state))
      let largest = largest(rows)
      let table = Table(
        columns: columns(comparison, state, width: width), rowCount: rows.count,
        state: state.list(.table), isFocused: state.focusedPane == .table,
        hitKind: Pane.table.rawValue
      ) {
        cells(Measure(row: rows[$0]), largest: largest, width: width, state)
      }
      view.draw(table, in: Rect(x: 0, y: 0, width: view.size.width, height: height))
      let all = measures(comparison, state.compare)
      view.draw(
        Table(
          columns: table.columns, rowCount: all.count, hasHeader: false,
          row: { cells(all[$0], largest: largest, width: width, state, style: .bold) }),
        in: Rect(x: 2, y: height + 1, width: view.size.width - 2, height: all.count))
    }
  }

  /// The rows about all text, each named by its measure; the first is the published one, which status
  /// line and findings quote.
  static func measures(_ comparison: ComparisonSnapshot, _ options: CompareOptions) -> [Measure] {
    var named = [
      Measure(row: comparison.chunkMean), Measure(row: comparison.macro),
      Measure(row: comparison.total),
    ]
    var names = ["all, chunk mean", "all, source mean", "all, token mean"]
    // Bits of a byte have no perplexity of their own.
    if let bits = comparison.bitsPerByte, !options.showsPerplexity {
      named.append(Measure(row: bits, isBits: true))
      names.append("all, bits/byte")
    }
    for index in named.indices { named[index].row.name = names[index] }
    return named
  }

  private static func largest(_ rows: [ComparisonSnapshot.Row]) -> Double {
    rows.map { abs($0.difference) }.filter(\.isFinite).max() ?? 1
  }

  /// Cells of the bars: they are the first to shrink.
  private static func barWidth(_ width: Int) -> Int { width >= 92 ? 16 : width >= 68 ? 8 : 5 }

  private static func isRoomy(_ width: Int) -> Bool { width >= 92 }

  private static func columns(
    _ comparison: ComparisonSnapshot, _ state: ViewState, width: Int
  ) -> [TableColumn] {
    let isRoomy = isRoomy(width)
    func name(_ place: Int, _ short: String) -> String {
      isRoomy ? comparison.names[safe: place] ?? short : short
    }
    return [TableColumn("source", width: .fill(minimum: 16))]
      + (isRoomy ? [.number("chunks", width: 6)] : []) + [
        .number(name(0, "A"), width: isRoomy ? 9 : 6),
        .number(name(1, "B"), width: isRoomy ? 9 : 6),
        .number(CompareNumbers.units(state.compare).difference, width: 6),
        .number("95 %", width: 14), .number("keep", width: 4),
        TableColumn("", width: .fixed(barWidth(width))),
      ]
  }

  private static func cells(
    _ measure: Measure, largest: Double, width: Int, _ state: ViewState,
    style: TextAttributes = []
  ) -> [StyledText] {
    let isRoomy = isRoomy(width)
    let row = measure.row
    let numbers = CompareNumbers(row, state.compare, isBits: measure.isBits)
    let role: StyleRole = !row.isBeyondChance ? .dim : row.difference < 0 ? .ok : .warn
    let bar: StyledText =
      measure.isBits
      ? ""
      : HorizontalBar.change(
        row.difference, largest: largest, width: barWidth(width), negative: .ok, positive: .warn)
    let count = StyledText(row.chunks == 0 ? "" : Number.grouped(row.chunks), .dim)
    return [StyledText(row.name, .text, style)] + (isRoomy ? [count] : []) + [
      StyledText(numbers.a, .text, style), StyledText(numbers.b, .text, style),
      StyledText(numbers.difference, role, style), StyledText(numbers.interval, .dim),
      StyledText(row.keepRate.map { "\(Number.fixed($0 * 100, 0))%" } ?? "", .dim), bar,
    ]
  }
}
