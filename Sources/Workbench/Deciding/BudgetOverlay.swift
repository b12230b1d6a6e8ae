import EngineInterface
import Numerics
import TerminalUI

extension Action {
  static let budget = Action(
    "budget", [.character("$")], "what the selection costs; a budget gives the ratio",
    label: "price", notNow: withoutSelection,
    does: { reducer in
      reducer.state.overlay = .list(ListOverlayID(BudgetOverlay.self), ListState())
      reducer.renewAnswers()
    })
}

/// The price of the selection, and the selection that a budget comes to. It leaves the ratio bar in
/// sight, where the budget is marked.
enum BudgetOverlay: ListOverlay {
  static let hitKind = "budget"
  static let toggle = Action.budget

  static func count(_ state: ViewState) -> Int { 0 }

  /// The plan of the budget that is typed; nil while there is none.
  static func plan(_ state: ViewState) -> BudgetPlan? {
    guard state.shows(Self.self), let amount = BudgetText.amount(state.decide.budget.text),
      case .budget(let plan)? = state.answer(to: .budget(amount))
    else { return nil }
    return plan
  }

  /// Takes the plan.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let plan = plan(reducer.state) else {
      let text = reducer.state.decide.budget.text
      guard !text.isEmpty else { return reducer.state.overlay = nil }
      return reducer.say(
        BudgetText.amount(text) == nil
          ? "No budget: \(BudgetText.hint)." : "There is no ratio for this budget.",
        isWarning: true)
    }
    let amount = BudgetText.amount(reducer.state.decide.budget.text)
    reducer.state.overlay = nil
    reducer.setRatio(plan.ratio)
    let undo = reducer.state.key(.undo)
    reducer.say(
      "Ratio \(Number.fixed(plan.ratio, 3)) for \(amount.map(BudgetText.text) ?? ""). "
        + "\(undo) goes back.")
  }

  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool {
    // Letters are text here; a space would choose.
    if key == .space { return true }
    guard !reducer.state.table.keys(of: toggle).contains(key),
      reducer.state.decide.budget.handle(key)
    else { return false }
    reducer.renewAnswers()
    return true
  }

  static func paste(_ text: String, _ reducer: inout Reducer) {
    reducer.state.decide.budget.insert(text)
    reducer.renewAnswers()
  }

  // MARK: - Drawing

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let lines = lines(state, width: state.size.width - 6)
    // Two rows of figures with their head, lines, and the field.
    let height = min(state.size.height - 4, lines.count + 6)
    let rect = Rect(
      x: 1, y: state.size.height - 2 - height, width: state.size.width - 2, height: height)
    let plan = plan(state)
    let area = canvas.box(
      rect, title: "Price",
      footer: StyledText(
        plan == nil
          ? "\(state.fieldKey(.back)) closes"
          : "\(state.fieldKey(.open)) takes the budget   \(state.fieldKey(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fixed(3), .fill(), .fixed(1)])
      drawFigures(state, plan, on: &view, in: rows[0])
      for (place, line) in lines.prefix(rows[1].height).enumerated() {
        view.put(line, x: 0, y: rows[1].y + place, width: view.size.width)
      }
      drawField(state, on: &view, in: rows[2])
    }
  }

  private static func drawField(
    _ state: ViewState, on canvas: inout Canvas, in rect: Rect
  ) {
    let text = state.decide.budget.text
    let isRead = text.isEmpty || BudgetText.amount(text) != nil
    let hint = StyledText(BudgetText.hint, isRead ? .dim : .error)
    let parts = rect.columns([.fill(), .fixed(min(rect.width / 2, hint.width + 1))])
    canvas.draw(TextField(prompt: "budget: ", state: state.decide.budget), in: parts[0])
    canvas.put(hint, x: parts[1].x + 1, y: rect.y, width: parts[1].width - 1)
  }

  private static func drawFigures(
    _ state: ViewState, _ plan: BudgetPlan?, on canvas: inout Canvas, in rect: Rect
  ) {
    let isWide = rect.width >= 96
    let columns: [TableColumn] =
      [TableColumn("", width: .fixed(7)), .number("ratio", width: 6), .number("chunks", width: 9)]
      + (isWide ? [.number("documents", width: 9)] : [])
      + [.number("tokens", width: 7), .number("mean d", width: 7), .number("vs pure", width: 7)]
      + [
        .number("steps", width: 7), .number("epochs", width: 6), .number("FLOPs", width: 7),
        .number("time", width: 7),
      ]
    func training(_ price: TrainingPrice?) -> [StyledText] {
      guard let price else { return ["-", "-", "-", "-"] }
      return [
        StyledText(Number.grouped(price.steps)), StyledText(Number.fixed(price.epochs, 1)),
        StyledText(BudgetText.operationsText(price.operations)),
        StyledText(price.seconds.map { Number.duration($0) } ?? "-"),
      ]
    }
    func signed(_ value: Double?) -> StyledText {
      value.map { StyledText(Number.signed($0, 3)) } ?? "-"
    }
    let price = state.price
    let selection = state.engine.selection
    var cells: [[StyledText]] = [
      [
        StyledText("now", .text, .bold),
        StyledText(Number.fixed(state.ratio ?? selection?.ratio ?? 0, 3)),
        StyledText(Number.grouped(selection?.keptChunks ?? 0)),
      ]
        + (isWide ? [StyledText(price?.documents.map { Number.grouped($0) } ?? "-")] : [])
        + [
          StyledText(Number.short(Double(selection?.keptTokens ?? 0))),
          signed(selection?.keptMean), signed(price?.meanChange),
        ] + training(price?.training)
    ]
    if let plan {
      cells.append(
        [
          StyledText("budget", .accent, .bold), StyledText(Number.fixed(plan.ratio, 3), .accent),
          StyledText(Number.grouped(plan.chunks)),
        ] + (isWide ? ["-"] : [])
          + [StyledText(Number.short(Double(plan.tokens))), signed(plan.mean), "-"]
          + training(plan.training))
    }
    canvas.draw(
      Table(columns: columns, rowCount: cells.count, row: { cells[$0] }), in: rect)
  }

  /// What leaves the pure choice and what it costs, where the time is from, and what a budget says.
  private static func lines(_ state: ViewState, width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    if let price = state.price {
      lines += price.parts.map(PriceText.part)
      if price.parts.isEmpty {
        lines.append(StyledText("Nothing but the method decides: no difference is given up.", .dim))
      }
      lines.append(StyledText(PriceText.measure(price.training), .dim))
    } else {
      lines.append(StyledText("The price is being worked out.", .dim))
    }
    let text = state.decide.budget.text
    if let amount = BudgetText.amount(text) {
      switch state.answer(to: .budget(amount)) {
      case .budget(let plan)?:
        let note = plan.note.isEmpty ? "" : " \(plan.note)"
        lines.append(
          StyledText(
            "\(BudgetText.text(amount)) for a student: ratio \(Number.fixed(plan.ratio, 3)), "
              + "the last kept at \(Number.signed(plan.threshold, 3)).\(note)", .accent))
      case .none(let why)?: lines.append(StyledText(why, .warn))
      default: lines.append(StyledText("...", .dim))
      }
    }
    return lines.flatMap { TextWrap.lines($0, width: max(1, width), limit: 2) }
  }
}
