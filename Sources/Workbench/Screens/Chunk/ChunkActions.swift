import EngineInterface
import TerminalUI

/// What the Chunk screen shows.
public struct ChunkOptions: ScreenSettings, Hashable {
  public enum Colour: String, CaseIterable, Hashable, Sendable {
    case difference, teacher, reference, plain

    var title: String {
      switch self {
      case .difference: "log p - log q"
      case .teacher: "loss of the teacher"
      case .reference: "loss of the reference"
      case .plain: "off"
      }
    }
  }

  /// The chunk that is wanted; the engine's picture may still be of another one.
  public var index: Int?
  /// The screen whose list has the chunks before and after it.
  public var origin = ScreenID.corpus
  /// Where one goes back to.
  public var returnScreen = ScreenID.corpus
  public var colour: Colour = .difference
  /// Tokens by absolute difference, or else in the order of the text.
  public var sortsTokens = true
  /// The token that is marked in text and table, and the run of tokens that was gone to last.
  public var token: Int?
  public var span: Range<Int>?
  /// Where table and text stood when the mark was set.
  var linked: Linked?

  struct Linked: Hashable, Sendable {
    var row: Int
    var top: Int
  }

  public init() {}
}

extension ViewState {
  public var chunk: ChunkOptions {
    get { settings[ChunkOptions.self] }
    set { settings[ChunkOptions.self] = newValue }
  }
}

/// Opening chunks, going through a list of them, and how one is shown.
extension Action {
  static let read = Action(
    "chunk.read", [], "read the selected chunk",
    notNow: { state in
      state.screen.view.selectedChunk(state) == nil ? "No chunk is selected." : nil
    },
    does: { reducer in
      let origin = reducer.state.screen
      guard let pane = origin.view.chunkPane else { return }
      reducer.openChunk(row: reducer.state.list(pane).selected, of: origin)
      reducer.go(to: .chunk)
    })

  static let previousChunk = neighbour(
    "chunk.previous", [.character("h"), .left], "chunk before", -1,
    end: "This is the first one.", label: "chunk")
  static let nextChunk = neighbour(
    "chunk.next", [.character("l"), .right], "next chunk", 1,
    end: "No further chunk in the list.")

  static let colour = Action(
    "chunk.colour", [.character("c")], "colour: difference, teacher, reference, none",
    label: "colour"
  ) { reducer in
    reducer.state.chunk.colour = Reducer.next(reducer.state.chunk.colour)
    reducer.say("Colour: \(reducer.state.chunk.colour.title).")
  }

  static let tokenOrder = Action(
    "tokens.order", [.character("t")], "tokens by size or by place", label: "tokens"
  ) { reducer in
    reducer.state.chunk.sortsTokens.toggle()
    if let token = reducer.state.chunk.token { reducer.mark(token: token) }
  }

  static let goToToken = Action(
    "tokens.go", [], "to the selected token in the text",
    notNow: { ChunkScreen.selectedToken($0) == nil ? "No token is selected." : nil },
    does: { $0.goToToken() })

  static let backToList = Action("chunk.back", [], "back to the list") { reducer in
    reducer.go(to: reducer.state.chunk.returnScreen)
  }

  private static func neighbour(
    _ id: String, _ keys: [Key], _ title: String, _ step: Int, end: String, label: String? = nil
  ) -> Action {
    Action(
      id, keys, title, label: label,
      notNow: { state in
        guard let pane = state.chunk.origin.view.chunkPane else { return end }
        let row = state.list(pane).selected + step
        return state.chunk.origin.view.chunk(at: row, state) == nil ? end : nil
      },
      does: { $0.openNeighbour(step) })
  }
}

extension Reducer {
  /// Asks for the chunk on a row of a screen's list.
  mutating func openChunk(row: Int, of origin: ScreenID) {
    guard let index = origin.view.chunk(at: row, state) else { return }
    state.chunk.index = index
    state.chunk.origin = origin
    forgetToken()
    for pane in ScreenID.chunk.panes { state.lists[pane] = ListState() }
    send(.openChunk(index))
  }

  /// Another chunk has other tokens.
  mutating func forgetToken() {
    state.chunk.token = nil
    state.chunk.span = nil
    state.chunk.linked = nil
  }

  fileprivate mutating func openNeighbour(_ step: Int) {
    let origin = state.chunk.origin
    guard let pane = origin.view.chunkPane else { return }
    let row = state.list(pane).selected + step
    state.lists[pane]?.selected = row
    if pane == .border { state.select.followsBorder = false }
    openChunk(row: row, of: origin)
  }

  /// Scrolls the text to the token that is selected in the table.
  mutating func goToToken() {
    guard let token = ChunkScreen.selectedToken(state) else { return }
    focus(.text)
    guard let rect = state.paneRect(.text),
      let line = ChunkScreen.line(ofToken: token, state, size: rect.size)
    else { return }
    state.lists[.text] = ListState(selected: line, top: max(0, line - 2))
  }
}
