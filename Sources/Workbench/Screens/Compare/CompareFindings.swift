import EngineInterface
import Numerics
import TerminalUI

/// What the comparison says, once: the verdict, where B is better and worse, what casts doubt on it,
/// other evidence, and what became of planted damage.
enum CompareFindings {
  static func lines(_ state: ViewState, width: Int) -> [StyledText] {
    guard let comparison = state.engine.comparison else { return [] }
    let width = max(1, width)
    func wrapped(_ lines: [StyledText]) -> [StyledText] {
      lines.flatMap { TextWrap.lines($0, width: width) }
    }
    let sections = [
      wrapped(verdict(comparison)), wrapped(sides(comparison, state)),
      wrapped(comparison.remarks.map { StyledText($0, .warn) }),
      wrapped(CompareEvidence.lines(state)),
      damage(comparison.labels, width: width, glyphs: state.display.glyphs),
    ]
    return Array(sections.filter { !$0.isEmpty }.joined(separator: [[]]))
  }

  private static func verdict(_ comparison: ComparisonSnapshot) -> [StyledText] {
    let row = comparison.chunkMean
    let (words, role): (String, StyleRole) =
      !row.isBeyondChance
      ? ("No difference beyond chance.", .text)
      : row.difference < 0
        ? ("The refined student is better.", .ok)
        : ("The refined student is worse.", .warn)
    func ends(_ band: ComparisonSnapshot.Band) -> String {
      "\(Number.signed(band.low, 3)) to \(Number.signed(band.high, 3))"
    }
    let overChunks = ComparisonSnapshot.Band(
      low: row.difference - row.interval, high: row.difference + row.interval)
    var intervals = "95 %: \(ends(overChunks)) over chunks"
    if let band = row.band, let unit = comparison.bandUnit {
      intervals = "95 %: \(ends(band)) over \(unit), \(ends(overChunks)) over chunks"
    }
    return [
      StyledText(words, role, .bold),
      StyledText(
        "B - A is \(Number.signed(row.difference, 3)) nats per token, mean over "
          + (row.chunks > 0 ? "all \(Number.grouped(row.chunks)) held-out chunks." : "chunks.")),
      StyledText(intervals + ".", .dim),
    ]
  }

  private static func sides(
    _ comparison: ComparisonSnapshot, _ state: ViewState
  ) -> [StyledText] {
    let clear = comparison.rows.filter(\.isBeyondChance)
    func names(_ rows: [ComparisonSnapshot.Row]) -> String {
      rows.sorted { abs($0.difference) > abs($1.difference) }.map(\.name).joined(separator: ", ")
    }
    let better = clear.filter { $0.difference < 0 }
    let worse = clear.filter { $0.difference > 0 }
    let equal = comparison.rows.count - clear.count
    var lines: [StyledText] = []
    if !better.isEmpty { lines.append(StyledText("Better on ", .ok) + StyledText(names(better))) }
    if !worse.isEmpty {
      lines.append(
        StyledText("Worse on ", .warn) + StyledText(names(worse))
          + StyledText("  (\(state.key(.open)) on one: its floor)", .dim))
    }
    if equal > 0 {
      lines.append(
        StyledText(
          "No difference beyond chance on \(equal) of \(comparison.rows.count) sources.", .dim))
    }
    return lines
  }

  /// A table: kind, documents, share of its tokens that was dropped.
  private static func damage(
    _ labels: [SelectionSnapshot.Label], width: Int, glyphs: Glyphs
  ) -> [StyledText] {
    guard !labels.isEmpty else { return [] }
    let isDamage = { (label: SelectionSnapshot.Label) in
      label.name != "none" && label.name != "undamaged"
    }
    let sorted =
      labels.filter(isDamage).sorted { $0.droppedShare > $1.droppedShare }
      + labels.filter { !isDamage($0) }
    let room = max(8, min(sorted.map { VisibleText.width($0.name) }.max() ?? 8, width - 24))
    func line(_ name: StyledText, _ documents: String, _ share: String, _ bar: StyledText)
      -> StyledText
    {
      func left(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      let padding = String(repeating: " ", count: max(0, room - name.width))
      return name + StyledText(padding + left(documents, 7) + left(share, 9) + "  ") + bar
    }
    return [
      StyledText("Planted damage: share of tokens dropped", .title),
      line(StyledText("kind", .dim), "docs", "dropped", ""),
    ]
      + sorted.map { label in
        line(
          StyledText(VisibleText.truncated(label.name, to: room)), Number.grouped(label.documents),
          "\(Number.fixed(label.droppedShare * 100, 0))%",
          HorizontalBar.share(label.droppedShare, width: 6, role: .drop, glyphs: glyphs))
      }
  }
}
