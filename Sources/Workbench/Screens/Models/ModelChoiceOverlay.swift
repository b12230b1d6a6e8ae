import EngineInterface
import Numerics
import TerminalUI

/// Teacher or reference out of the models of this machine. The engine writes the choice into the
/// project, or says why not.
enum ModelChoiceOverlay {
  static let hitKind = "model-choice"

  /// The models that a filter shows; letters that are no filter are looked for in name, family, place
  /// and weights.
  static func rows(_ choice: ModelChoiceState, _ state: ViewState) -> [ModelListSnapshot.Row] {
    let rows = state.engine.models?.available?.rows ?? []
    let wanted = choice.field.text.lowercased()
    if wanted.isEmpty { return rows }
    if let filter = try? Filter(choice.field.text, fields: RowFields.models.fields) {
      return rows.shown(by: filter, RowFields.models)
    }
    return rows.filter { row in
      [row.name, row.family ?? "", row.place, row.weights].contains {
        $0.lowercased().contains(wanted)
      }
    }
  }

  private static func rect(_ state: ViewState) -> Rect {
    Rect(state.size).centred(
      Size(width: min(112, state.size.width - 4), height: min(28, state.size.height - 2)))
  }

  /// Below the rows: what is known of the selected one.
  private static let factLines = 4

  static func visibleRows(_ state: ViewState) -> Int {
    max(1, rect(state).height - 2 - 3 - factLines - 1)
  }

  static func draw(_ choice: ModelChoiceState, _ state: ViewState, on canvas: inout Canvas) {
    let found = rows(choice, state)
    let list = state.engine.models?.available
    let footer = StyledText(
      "\(found.count) models   \(state.fieldKey(.open)) takes it as \(choice.role.rawValue)   "
        + "\(state.fieldKey(.back)) closes")
    let area = canvas.box(
      rect(state), title: StyledText("Choose the \(choice.role.rawValue)"), footer: footer,
      isFocused: true)
    canvas.inside(area) { view in
      guard let list, !list.rows.isEmpty else {
        view.draw(Paragraph(emptiness(list)), in: view.bounds)
        return
      }
      view.draw(TextField(prompt: "filter: ", state: choice.field), in: view.bounds.row(0))
      let parts = Rect(x: 0, y: 2, width: view.size.width, height: view.size.height - 2)
        .rows([.fill(), .fixed(1), .fixed(factLines)])
      view.draw(table(found, choice, isWide: view.size.width >= 90), in: parts[0])
      let selected = found[safe: choice.list.selected]
      let lines = facts(selected, list).flatMap {
        TextWrap.lines($0, width: max(1, parts[2].width), limit: 2)
      }
      for (index, line) in lines.prefix(factLines).enumerated() {
        view.put(line, x: 0, y: parts[2].y + index, width: parts[2].width)
      }
    }
  }

  private static func table(
    _ rows: [ModelListSnapshot.Row], _ choice: ModelChoiceState, isWide: Bool
  ) -> Table {
    Table(
      columns: [
        TableColumn("model", width: .fill()), TableColumn("family", width: .fixed(7)),
        .number("params", width: 7), .number("disk", width: 8),
      ]
        + (isWide
          ? [TableColumn("weights", width: .fixed(12)), .number("vocabulary", width: 10)] : [])
        + [.number("memory", width: 8), TableColumn("", width: .fixed(isWide ? 11 : 6))],
      rowCount: rows.count, state: choice.list, hitKind: hitKind
    ) { cells(rows[$0], isWide: isWide) }
  }

  private static func cells(_ row: ModelListSnapshot.Row, isWide: Bool) -> [StyledText] {
    let role: StyleRole = row.obstacle == nil ? .text : .dim
    func cell(_ text: String?) -> StyledText { StyledText(text ?? "-", role) }
    return [
      cell(row.name), cell(row.family), cell(row.parameters.map { Number.short(Double($0)) }),
      cell(RowText.bytes(row.bytes)),
    ]
      + (isWide
        ? [
          cell(row.weights.isEmpty ? nil : row.weights), cell(row.vocabulary.map(Number.grouped)),
        ]
        : []) + [cell(row.memory.map(RowText.bytes)), mark(row, isWide: isWide)]
  }

  /// What it is, or why it is no choice, in a word.
  private static func mark(_ row: ModelListSnapshot.Row, isWide: Bool) -> StyledText {
    if let role = row.roles.first {
      return StyledText(isWide ? role.rawValue : String(role.rawValue.prefix(6)), .accent)
    }
    if row.obstacle != nil { return StyledText("no", .dim) }
    return row.fits ? StyledText("fits", .ok) : StyledText(isWide ? "too large" : "large", .warn)
  }

  private static func facts(
    _ row: ModelListSnapshot.Row?, _ list: ModelListSnapshot
  ) -> [StyledText] {
    guard let row else { return [StyledText("No model matches.", .dim)] }
    var lines = [StyledText("\(row.path) (\(row.place))", .dim)]
    if let obstacle = row.obstacle {
      lines.append(StyledText("cannot be used: \(obstacle)", .warn))
    }
    if !row.sameTokenizerAs.isEmpty {
      lines.append(StyledText("same tokenizer as \(row.sameTokenizerAs.joined(separator: ", "))"))
    }
    if list.isLooking { lines.append(StyledText("looking again...", .dim)) }
    return lines
  }

  /// What stands where no models are.
  private static func emptiness(_ list: ModelListSnapshot?) -> StyledText {
    guard let list, !list.isLooking else { return StyledText("Looking for models...", .dim) }
    return StyledText(
      "No models found. Fetch one with 'miniplm pull OWNER/NAME', as miniplm pull Qwen/Qwen2.5-0.5B, "
        + "and open this list again. Looked into: " + list.places.joined(separator: "; ") + ".",
      .dim)
  }
}
