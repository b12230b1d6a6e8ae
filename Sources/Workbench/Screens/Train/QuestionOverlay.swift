import EngineInterface
public import TerminalUI

extension Overlay {
  public static func question(_ list: ListState) -> Overlay {
    .list(ListOverlayID(QuestionOverlay.self), list)
  }
}

extension Action {
  static let answer = Action(
    "train.answer", [.character("a")], "answer the training that waits", label: "answer",
    notNow: { $0.engine.project?.question == nil ? "No training waits for an answer." : nil },
    does: { $0.state.overlay = .question(ListState()) })
}

/// What a training waits with, and what can be done about it.
enum QuestionOverlay: ListOverlay {
  static let hitKind = "question"
  static let toggle = Action.answer

  enum Row: Hashable {
    case answer(FaultChoice)
    /// Stops, and shows the batch.
    case fork
  }

  static func rows(_ state: ViewState) -> [Row] {
    guard let question = state.engine.project?.question else { return [] }
    // Only runs of the Train screen can be forked.
    let isForked =
      question.kind != .diskFull
      && state.engine.training?.runs.contains { $0.name == question.run } == true
    return question.kind.answers.map(Row.answer) + (isForked ? [.fork] : [])
  }

  static func count(_ state: ViewState) -> Int { rows(state).count }

  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let question = reducer.state.engine.project?.question else { return }
    switch rows(reducer.state)[safe: row] {
    case .answer(let choice)?:
      reducer.state.overlay = nil
      reducer.send(.answer(choice))
    case .fork?:
      reducer.send(.answer(.stop))
      reducer.openBatch(run: question.run, step: question.step)
    case nil: break
    }
  }

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let rows = rows(state)
    let rect = canvas.bounds.centred(Size(width: 72, height: rows.count + 7))
    let question = state.engine.project?.question
    let area = canvas.box(
      rect, title: StyledText("\(question?.run ?? "A training") waits", .warn),
      footer: state.chooseHint, isFocused: true)
    canvas.inside(area) { view in
      let parts = view.bounds.rows([.fixed(4), .fill()])
      let text = StyledText(question?.text ?? "It goes on.")
      let lines = TextWrap.lines(text, width: view.size.width, limit: 3)
      for (place, line) in lines.enumerated() {
        view.put(line, x: 0, y: place, width: view.size.width)
      }
      view.draw(
        Table(
          columns: [TableColumn("", width: .fill())], rowCount: rows.count, state: list,
          hasHeader: false, hitKind: hitKind
        ) { [StyledText(title(rows[$0], question?.kind ?? .spike))] }, in: parts[1])
    }
  }

  private static func title(_ row: Row, _ kind: FaultKind) -> String {
    switch row {
    case .answer(let choice): choice.title(of: kind)
    case .fork: "stop, and choose chunks of the batch to fork without"
    }
  }
}

extension FaultChoice {
  /// What it does, in the words of a list.
  func title(of kind: FaultKind) -> String {
    switch self {
    case .goOn:
      kind == .diskFull ? "go on without it, try again later" : "apply the update and go on"
    case .skip: "leave the update of the batch out"
    case .back: "back to the newest checkpoint, over the batch"
    case .wait: "wait until there is room"
    case .stop: kind == .diskFull ? "stop" : "stop with a checkpoint"
    case .ask: "ask me; without a screen: \(kind == .diskFull ? "go on" : "stop")"
    }
  }
}
