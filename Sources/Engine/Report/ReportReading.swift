import DifferenceSampling
import EngineInterface
import Numerics
import Reports

/// How far a person who read chunks blind agrees with the selection.
extension ProjectReport {
  func readingSection(_ selection: Selection) throws -> [ReportSection] {
    let count = selection.index.chunkCount
    guard let reading = try BlindReading(path: folder.reading, chunkCount: count) else { return [] }
    let (deciles, all) = reading.agreement(with: selection)
    guard all.answered > 0 else { return [] }
    func name(_ row: ReadingSnapshot.Decile) -> String {
      row.number == 0
        ? "at the border"
        : "tenth \(row.number), \(Number.signed(row.lower, 3)) to \(Number.signed(row.upper, 3))"
    }
    let rows = deciles.map { (name($0), $0) } + [("all", all)]
    return [
      ReportSection(
        "Blind reading",
        [
          .paragraph(
            "Chunks at the border and of every tenth by difference, read in random order without "
              + "score or side, with the 95 % interval of the agreement (Wilson)."),
          .table(
            ReportTable(
              ["chunks", "judged", "reader keeps", "agree", "share", "low", "high"],
              rows.map { name, row in
                let share = row.answered == 0 ? nil : Double(row.agreed) / Double(row.answered)
                return [
                  .text(name), .count(row.answered), .count(row.readerKeeps), .count(row.agreed),
                  .percent(share), .percent(row.interval?.lowerBound),
                  .percent(row.interval?.upperBound),
                ]
              }), file: "blind-reading.csv"),
        ])
    ]
  }
}
