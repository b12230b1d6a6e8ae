import EngineInterface
import TerminalUI

extension Action {
  /// From an event to the chunks that it is about.
  static let openEvent = Action(
    "event.batch", [], "the batch of the event's step",
    notNow: { state in
      guard let event = TrainEvents.selected(state) else { return "No event is selected." }
      return event.step == nil ? "This event is about no step." : nil
    },
    does: { reducer in
      guard let event = TrainEvents.selected(reducer.state), let step = event.step else { return }
      reducer.openBatch(run: event.run, step: step)
    })
}

/// The events of the trainings as rows, newest first.
enum TrainEvents {
  /// Those that the filter shows, the oldest first.
  static func events(_ state: ViewState) -> [RunEvent] {
    (state.engine.training?.events ?? [])
      .shown(by: state.listFilters.filters[.events], RowFields.events)
  }

  /// The event on a row.
  private static func event(at row: Int, _ state: ViewState) -> RunEvent? {
    let events = events(state)
    return events[safe: events.count - 1 - row]
  }

  static func selected(_ state: ViewState) -> RunEvent? {
    event(at: state.list(.events).selected, state)
  }

  /// Where the selected event is on the curves, while somebody goes through events.
  static func place(_ state: ViewState) -> Double? {
    guard state.focusedPane == .events, let event = selected(state), let step = event.step,
      let run = state.engine.training?.runs.first(where: { $0.name == event.run })
    else { return nil }
    let place = run.trainCurve.firstPlace { $0.step > step } - 1
    return run.trainCurve[safe: place].map { state.curveAxis.x($0, of: run) }
  }

  /// The whole of the selected event, where its row has no room for it.
  private static func detail(_ state: ViewState, width: Int) -> [StyledText] {
    guard state.focusedPane == .events, let event = selected(state), width > 0 else { return [] }
    let text = text(event)
    return text.width <= width - 2 ? [] : TextWrap.lines(text, width: width, limit: 4)
  }

  private static func text(_ event: RunEvent) -> StyledText {
    let role: StyleRole =
      event.level == .error ? .error : event.level == .warning ? .warn : .text
    let time = event.time.isEmpty ? "" : "\(event.time) "
    return [Span(time, .dim), Span(event.text, role)]
  }

  /// Rows of the list; what the selected event says at length takes the others, and a line apart.
  static func visibleRows(_ state: ViewState, _ size: Size) -> Int {
    let detail = detail(state, width: size.width).count
    return detail > 0 && size.height > detail + 2 ? size.height - detail - 1 : size.height
  }

  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let footer: StyledText =
      state.focusedPane == .events && selected(state)?.step != nil
      ? StyledText("\(state.key(.open)): batch") : []
    TrainScreen.frame(
      .events, state, title: StyledText("Events, newest first\(state.filterTitle(.events))"),
      footer: footer, on: &canvas
    ) { view in
      let visible = visibleRows(state, view.size)
      let width = view.size.width
      view.draw(
        Table(
          columns: [TableColumn("", width: .fill())], rowCount: events(state).count,
          state: state.list(.events), hasHeader: false, isFocused: state.focusedPane == .events,
          hitKind: Pane.events.rawValue
        ) { row in [event(at: row, state).map(text) ?? []] },
        in: Rect(x: 0, y: 0, width: width, height: visible))
      guard visible < view.size.height else { return }
      for (row, line) in detail(state, width: width).enumerated() {
        view.put(line, x: 0, y: visible + 1 + row, width: width)
      }
    }
  }
}
