import EngineInterface
import Numerics
import TerminalUI

/// The keep rates by source, the mixture, and what became of planted damage.
enum KeepRates {
  /// Lines of the table with its header; the lines below it take what is left.
  static func tableRows(_ state: ViewState, _ height: Int) -> Int {
    let wanted = (state.engine.selection?.sources.count ?? 0) + 1
    let below = min(state.isWide ? 5 : 1, max(0, height - 4))
    return max(1, min(wanted, height - below))
  }

  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    SelectScreen.frame(
      .rates, state, title: state.isWide ? "Share of chunks kept, by source" : "Chunks kept",
      footer: state.isWide ? StyledText("\(state.key(.floor)) sets a floor") : "", on: &canvas
    ) { view in
      guard let selection = state.engine.selection else { return }
      let rows = tableRows(state, view.size.height)
      view.draw(
        table(selection, state), in: Rect(x: 0, y: 0, width: view.size.width, height: rows))
      view.inside(
        Rect(x: 0, y: rows, width: view.size.width, height: view.size.height - rows)
      ) {
        SelectScreen.put(
          summary(selection, state.price, state, width: $0.size.width), on: &$0)
      }
    }
  }

  private static func share(_ part: Int, of all: Int) -> Double {
    all == 0 ? 0 : Double(part) / Double(all)
  }

  private static func table(_ selection: SelectionSnapshot, _ state: ViewState) -> Table {
    let all = share(selection.keptChunks, of: selection.chunks)
    let glyphs = state.display.glyphs
    let isWide = state.isWide
    let columns: [TableColumn] =
      isWide
      ? [
        TableColumn("source", width: .fill()), .number("keep", width: 4),
        .number("vs all", width: 6), TableColumn("tokens", width: .fixed(10)),
      ] + (selection.sources.contains { $0.floor != nil } ? [.number("floor", width: 5)] : [])
      : [
        TableColumn("source", width: .fill()), .number("keep", width: 4),
        TableColumn("", width: .fixed(6)),
      ]
    return Table(
      columns: columns, rowCount: selection.sources.count, state: state.list(.rates),
      isFocused: state.focusedPane == .rates, hitKind: Pane.rates.rawValue
    ) { index in
      let source = selection.sources[index]
      let rate = StyledText(
        "\(Number.fixed(source.keepRate * 100, 0))%", source.floor == nil ? .text : .accent)
      let bar = HorizontalBar.share(
        share(source.keptTokens, of: source.tokens), width: isWide ? 10 : 6, role: .keep,
        glyphs: glyphs)
      guard isWide else { return [StyledText(source.name), rate, bar] }
      return [
        StyledText(source.name), rate,
        StyledText(Number.signed((source.keepRate - all) * 100, 0), .dim), bar,
        StyledText(source.floor.map { "\(Number.fixed($0 * 100, 0))%" } ?? "", .accent),
      ]
    }
  }

  private static func summary(
    _ selection: SelectionSnapshot, _ price: SelectionPrice?, _ state: ViewState, width: Int
  ) -> [StyledText] {
    let all = Number.fixed(share(selection.keptChunks, of: selection.chunks) * 100, 0)
    guard width >= 34 else {
      let last = cap(selection) ?? "mean d \(Number.signed(selection.keptMean, 2))"
      return [StyledText("all \(all)%  \(last)", .dim)]
    }
    let manual = selection.manualKept + selection.manualDropped
    var lines: [StyledText] = [
      StyledText(
        "all \(all)%   mean d of kept \(Number.signed(selection.keptMean, 3))", .text, .bold),
      StyledText(
        "entropy of the mix \(Number.fixed(selection.entropyBefore, 2)) -> "
          + "\(Number.fixed(selection.entropyAfter, 2)) bits"),
      price.map { PriceText.line($0, width: width) } ?? StyledText("price: ...", .dim),
      StyledText(
        manual == 0
          ? "by hand: none" : "by hand: +\(selection.manualKept) -\(selection.manualDropped)",
        manual == 0 ? .dim : .accent)
        + StyledText(cap(selection).map { "   \($0)" } ?? "", .accent),
    ]
    lines += (state.engine.scoring?.remarks ?? []).prefix(2).flatMap {
      TextWrap.lines(StyledText($0, .warn), width: width, limit: 4)
    }
    // What matters in a labelled corpus: was the damage dropped?
    let labels = selection.labels.map {
      "\($0.name) \(Number.fixed($0.droppedShare * 100, 0))%"
    }
    if !labels.isEmpty {
      let text = StyledText("planted damage dropped: " + labels.joined(separator: ", "), .dim)
      lines =
        Array(lines.prefix(3)) + TextWrap.lines(text, width: width, limit: 6)
        + lines.dropFirst(3)
    }
    return lines
  }

  /// "cap 4.50": the highest mean loss by the teacher that is kept; nil without a cap.
  static func cap(_ selection: SelectionSnapshot) -> String? {
    selection.teacherCap.map { "cap \(Number.fixed(Double($0), 2))" }
  }
}
