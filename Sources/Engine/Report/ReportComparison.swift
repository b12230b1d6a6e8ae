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
    let table = ReportTable(
      ["held-out loss", "chunks", "A uniform", "B refined", "B - A", "95 % interval", "keep rate"],
      record.comparison.rows.map { row in
        var keep = ReportTable.Cell.percent(keepRate(row.name), 0)
        if keep.exact.isEmpty { keep.shown = "" }
        return [
          .text(row.name), .whole(row.chunks), .number(row.lossA, 3), .number(row.lossB, 3),
          .signed(row.delta, 3), .plusMinus(row.halfWidth, 3), keep,
        ]
      })
    let rows = record.comparison.sources + [record.comparison.chunkMean]
    let chart = IntervalChart(
      title: "Refined against uniform student",
      subtitle:
        "Difference of the held-out loss on the same chunks with its 95 % interval: left of "
        + "zero the refined student is better.",
      xLabel: "B refined minus A uniform (nats per token)", series: ["B - A"],
      rows: rows.map {
        .init($0 == rows.last ? "all" : $0.name, [.init($0.delta, halfWidth: $0.halfWidth)])
      }, marksZero: true)
    let lines = [
      "Both students have equal shapes, first weights and schedules; A's text is a uniform sample of "
        + "the scored text, B's as many tokens that difference sampling keeps.",
      "Differences are paired by chunk. Chunks of one document count as independent, so that "
        + "intervals are somewhat too narrow. One seed.",
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
}
