import CorpusQuality
import Numerics

/// What drives keeping, as lines for a person.
enum DriversLines {
  static func of(_ report: DriversReport) -> [String] {
    var lines: [String] = []
    for group in report.groups {
      let (kept, dropped) = (group.keptChunks, group.droppedChunks)
      lines.append(
        "\(group.source): \(Number.grouped(kept)) kept and \(Number.grouped(dropped)) dropped chunks "
          + "of the sample")
      for row in group.keeps { lines.append(line("for keeping", row)) }
      for row in group.drops { lines.append(line("for dropping", row)) }
      for row in group.adds { lines.append(line("adds", row)) }
      for row in group.takes { lines.append(line("takes away", row)) }
    }
    return lines
  }

  private static func line(_ side: String, _ row: DriversReport.NGram) -> String {
    "  \(side) \(quoted(row.text)): in \(Number.grouped(row.keptChunks)) kept and "
      + "\(Number.grouped(row.droppedChunks)) dropped chunks, z \(Number.signed(row.z, 1))"
  }

  private static func line(_ side: String, _ row: DriversReport.Token) -> String {
    "  \(side) \(quoted(row.text)): \(Number.signed(row.total, 2)) nats in \(row.count) places, "
      + "mean \(Number.signed(row.mean, 3))"
  }

  /// In one line, with nothing that a terminal would take for a command.
  private static func quoted(_ text: String) -> String {
    var flat = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      flat.unicodeScalars.append(isControl ? " " : scalar)
    }
    return "\"\(flat)\""
  }
}
