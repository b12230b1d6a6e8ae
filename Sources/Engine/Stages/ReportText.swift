import Numerics
import Pipeline
import Training

/// The report as people read it; the same text goes to the terminal and to `report.md`.
extension Report {
  /// Markdown with tables.
  var markdown: String {
    var lines = ["# \(project): \(commit)", ""]
    lines += summary.map { "- \($0)" }
    lines += [
      "",
      "Ratio \(Number.fixed(ratio, 3)): \(Number.grouped(keptChunks)) of \(Number.grouped(chunks)) chunks, "
        + "\(Number.count(keptTokens)) of \(Number.count(tokens)) tokens, difference >= "
        + "\(Number.fixed(threshold, 3)) nats per token. Each student was trained on "
        + "\(Number.count(studentTokens)) tokens.", "",
    ]
    lines += table(
      [
        "held-out loss (nats/token)", "A uniform", "B refined", "B - A", "95 % interval",
        "keep rate",
      ],
      comparison.rows.map { row in
        [
          row.name, Number.fixed(row.lossA, 3), Number.fixed(row.lossB, 3),
          Number.signed(row.delta, 3),
          row.halfWidth.map { "+-" + Number.fixed($0, 3) } ?? "-",
          sources.first { $0.name == row.name }.map { Number.percent($0.keepRate) } ?? "",
        ]
      })
    if !damage.isEmpty {
      lines += table(
        ["planted damage", "documents", "tokens", "dropped"],
        damage.map {
          [
            $0.kind, Number.grouped($0.documents), Number.grouped($0.tokens),
            Number.percent($0.droppedShare),
          ]
        })
    }
    lines += table(
      ["model", "parameters", "tokens", "held-out loss", "bits per byte"],
      models.map {
        [
          $0.role, Number.count($0.parameters), $0.tokens.map { Number.count($0) } ?? "-",
          Number.fixed($0.heldOutLoss, 3), Number.fixed($0.bitsPerByte, 3),
        ]
      })
    lines.append("Measured on \(machine).")
    if let textBytes {
      let sizes = DemoSize.choices.map { Number.bytes($0) }.joined(separator: ", ")
      lines.append(
        "Text: \(Number.bytes(textBytes)); by itself the demo takes the largest of \(sizes) that "
          + "the machine works through in eight minutes.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A Markdown table whose columns line up in plain text, too: names left, numbers right.
  private func table(_ header: [String], _ rows: [[String]]) -> [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + space : space + cell
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    let rule = widths.enumerated().map { column, width in
      column == 0
        ? String(repeating: "-", count: width)
        : String(repeating: "-", count: max(1, width - 1)) + ":"
    }
    return [line(header), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line) + [""]
  }
}
