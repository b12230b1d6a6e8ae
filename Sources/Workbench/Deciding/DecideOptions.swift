import EngineInterface
public import TerminalUI

/// What was asked about the selection before deciding.
public struct DecideOptions: ScreenSettings, Hashable {
  /// The budget as it is typed.
  public var budget = TextFieldState()
  /// The source whose drivers are shown: its place, 0 = all of them.
  public var driversGroup = 0
  /// Tokens and what they add, or else n-grams.
  public var driversShowTokens = false
  /// First line of the chunk that is read blind, and whether agreement is shown in its place.
  public var readingTop = 0
  public var showsReadingResult = false

  public init() {}
}

extension ViewState {
  public var decide: DecideOptions {
    get { settings[DecideOptions.self] }
    set { settings[DecideOptions.self] = newValue }
  }

  /// The newest answer, where it is to this question.
  func answer(to question: DecisionQuestion) -> DecisionAnswer.Content? {
    guard let answer = engine.decision, answer.question == question else { return nil }
    return answer.content
  }

  /// The price of the selection on the screen; nil while it is of another one.
  var price: SelectionPrice? {
    guard let price = engine.price, let selection = engine.selection,
      price.chunks == selection.keptChunks, price.tokens == selection.keptTokens
    else { return nil }
    return price
  }

  /// Whether this list lies over the screen.
  func shows(_ view: any ListOverlay.Type) -> Bool {
    if case .list(let id, _)? = overlay { id == ListOverlayID(view) } else { false }
  }
}

extension Reducer {
  /// Asks again what the overlay that is open shows of a selection, which has changed.
  mutating func renewAnswers() {
    if state.shows(PinsOverlay.self) { send(.ask(.pins)) }
    if state.shows(DroppedOverlay.self) { send(.ask(DroppedOverlay.question)) }
    if state.shows(BudgetOverlay.self), let amount = BudgetText.amount(state.decide.budget.text) {
      send(.ask(.budget(amount)))
    }
  }

  /// Opens a chunk that stands in no list of a screen.
  mutating func read(chunk: Int) {
    state.overlay = nil
    state.chunk.index = chunk
    state.chunk.origin = state.screen
    forgetToken()
    for pane in ScreenID.chunk.panes { state.lists[pane] = ListState() }
    send(.openChunk(chunk))
    go(to: .chunk)
  }
}
