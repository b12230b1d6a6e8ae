import Numerics
import Reports
import Training

/// The two students on the held-out text.
extension ProjectReport {
  func comparisonSections(_ record: ComparisonRecord?) -> [ReportSection] {
    guard let record else { return [] }
    func keepRate(_ name: String) -> Double? {
      record.sources.first { $0.name == name }?.keepRate
    }
    let comparison = record.comparison
    let hasBands = comparison.rows.contains { $0.band != nil }
    func band(_ found: Interval?) -> ReportTable.Cell {
      guard let found else { return .text("-") }
      return .text("\(Number.signed(found.low, 3)) to \(Number.signed(found.high, 3))")
    }
    let table = ReportTable(
      ["held-out loss", "chunks", "A uniform", "B refined", "B - A", "95 % interval"]
        + (hasBands ? ["over \(units(comparison))"] : []) + ["keep rate"],
      comparison.rows.map { row in
        var keep = ReportTable.Cell.percent(keepRate(row.name), 0)
        if keep.exact.isEmpty { keep.shown = "" }
        return [
          .text(row.name), .whole(row.chunks), .number(row.lossA, 3), .number(row.lossB, 3),
          .signed(row.delta, 3), .plusMinus(row.halfWidth, 3),
        ] + (hasBands ? [band(row.band)] : []) + [keep]
      })
    func value(_ row: EvaluationComparison.Row) -> IntervalChart.Value {
      // The wider end of both.
      let half = row.halfWidth.map { (row.delta - $0, row.delta + $0) }
      let ends = [half, row.band.map { ($0.low, $0.high) }].compactMap { $0 }
      return .init(row.delta, low: ends.map(\.0).min(), high: ends.map(\.1).max())
    }
    let chart = IntervalChart(
      title: "Refined against uniform student",
      subtitle: "Difference of the held-out loss on the same chunks with its 95 % interval"
        + (hasBands ? ", the wider of both" : "") + ": left of zero the refined student is better.",
      xLabel: "B refined minus A uniform (nats per token)", series: ["B - A"],
      rows: comparison.sources.map { .init($0.name, [value($0)]) }
        + [.init("all", [value(comparison.chunkMean)])], marksZero: true)
    let lines = [
      "Both students have equal shapes, first weights and schedules; A's text is a uniform sample of "
        + "the scored text, B's as many tokens that difference sampling keeps.",
      "Differences are paired by chunk. The first interval counts the chunks of one document as "
        + "independent, so that it is somewhat too narrow"
        + (hasBands ? "; the second draws whole \(units(comparison)) anew." : ".")
        + " One seed: what another one would give is not known.",
    ]
    return [
      ReportSection(
        "Comparison",
        [
          .list(lines), .table(table, file: "comparison.csv"),
          .picture(
            svg: chart.svg, file: "comparison.svg",
            words: "paired difference of the held-out loss by source"),
        ])
    ]
  }

  /// What intervals were drawn from.
  private func units(_ comparison: EvaluationComparison) -> String {
    comparison.bands?.unit.rawValue ?? "documents"
  }
}
