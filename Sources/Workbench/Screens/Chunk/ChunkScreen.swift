import EngineInterface
import Numerics
import TerminalUI

extension ScreenID {
  public static let chunk = ScreenID(ChunkScreen.self)
}

extension Pane {
  public static let text = Pane("text")
  public static let tokens = Pane("tokens")
  public static let profile = Pane("profile")
}

/// Chunk: one chunk with the difference of every token.
enum ChunkScreen: Screen {
  static let title = "Chunk"
  static let short = "Chk"
  static let formerNames = ["document"]
  static let panes: [Pane] = [.text, .tokens, .profile]
  static let actions: [Action] = [
    .flip, .previousChunk, .nextChunk, .colour, .tokenOrder, .goToToken, .backToList,
    .plotCursor, .zoomIn, .zoomOut,
    .strongestSpan, .previousSpan, .previousToken, .nextToken, .note,
  ]
  static let footer: [FooterEntry] = [
    FooterEntry(.previousChunk, .nextChunk), FooterEntry(.down, .up), FooterEntry(.colour),
    FooterEntry(.tokenOrder), FooterEntry(.strongestSpan), FooterEntry(.note),
    FooterEntry(.copy), FooterEntry(.flip), FooterEntry(.back),
  ]

  static func selectedChunk(_ state: ViewState) -> Int? { state.chunk.index }

  static func copyText(_ state: ViewState) -> String? {
    state.engine.chunk?.tokens.map(\.text).joined()
  }

  static func enter(_ state: ViewState) -> Action? {
    state.focusedPane == .tokens ? .goToToken : nil
  }

  static func back(_ state: ViewState) -> Action? {
    state.chunk.returnScreen == .chunk ? nil : .backToList
  }

  /// Without a chunk yet, the one that is selected in a list.
  static func willShow(_ reducer: inout Reducer) {
    let before = reducer.state.screen
    if before != .chunk { reducer.state.chunk.returnScreen = before }
    guard reducer.state.chunk.index == nil else { return }
    let origin: ScreenID = before == .select ? .select : .corpus
    guard let pane = origin.view.chunkPane else { return }
    reducer.openChunk(row: reducer.state.list(pane).selected, of: origin)
  }

  static func press(_ target: HitTarget, _ reducer: inout Reducer) -> Bool {
    guard target.kind == TokenText.hitKind else { return false }
    reducer.focus(.text)
    reducer.mark(token: target.index)
    return true
  }

  static func wheel(_ direction: Int, over kind: String, _ reducer: inout Reducer) -> Bool {
    guard kind == TokenText.hitKind else { return false }
    reducer.scroll(.text, by: direction * Reducer.wheelStep)
    return true
  }

  static func layout(_ state: ViewState) -> [Pane: Rect] {
    let body = Rect(state.bodySize)
    let rows = body.rows([.fill(), .fixed(state.isWide ? 9 : 6)])
    let side = state.isWide ? max(38, body.width / 4) : 30
    let top = rows[0].columns([.fill(), .fixed(side)])
    return [.text: top[0], .tokens: top[1], .profile: rows[1]]
  }

  static func plots(of pane: Pane, _ state: ViewState) -> [PlotID] {
    pane == .profile ? [.mean] : []
  }

  static func draw(_ pane: Pane, _ state: ViewState, on canvas: inout Canvas) {
    switch pane {
    case .text: drawText(state, on: &canvas)
    case .tokens: TokenTable.draw(state, on: &canvas)
    default: ChunkProfile.draw(state, on: &canvas)
    }
  }

  static func content(of pane: Pane, _ state: ViewState, size: Size) -> PaneContent? {
    switch pane {
    case .text:
      guard state.engine.chunk != nil else { return nil }
      let text = tokenText(state, size: size)
      let count = text.lineCount(width: max(1, size.width - 4))
      let step = showsMarks(state) ? 2 : 1
      let height = textHeight(state, size: size)
      return .lines(count: count, visible: max(1, height / step) * text.columns)
    case .tokens: return .rows(count: tokenOrder(state).count, visible: size.height - 3)
    default: return nil
    }
  }

  static func status(_ state: ViewState) -> [StyledText] {
    guard let chunk = picture(state) else { return [] }
    var words = "chunk \(chunk.row.index) \(chunk.row.source) \(chunk.row.tokens) tok"
    guard let difference = chunk.row.difference else {
      return [StyledText(words), StyledText("not scored yet", .warn)]
    }
    words += "  d \(Number.signed(difference, 3))"
    var side = RowText.side(chunk.row)
    if let kept = chunk.row.kept {
      side = StyledText(kept ? "KEPT" : "DROPPED", kept ? .keep : .drop, .bold)
    }
    if chunk.row.manual { side += StyledText(" by hand", .accent) }
    if !chunk.row.note.isEmpty { side += StyledText("  [\(chunk.row.note)]", .accent) }
    guard state.ranking.isMethod else {
      return [StyledText(words + "  ") + side + StyledText(" by a control", .warn)]
    }
    let threshold = state.threshold ?? chunk.threshold
    let sign = difference >= threshold ? ">=" : "<"
    return [StyledText("\(words) \(sign) \(Number.fixed(threshold, 3)) ") + side]
  }

  /// The engine's picture, when it is of the wanted chunk.
  static func picture(_ state: ViewState) -> ChunkDetail? {
    guard let chunk = state.engine.chunk else { return nil }
    return chunk.row.index == state.chunk.index ?? chunk.row.index ? chunk : nil
  }

  // MARK: Text

  /// Without colour, marks under the tokens say what colour would.
  private static func showsMarks(_ state: ViewState) -> Bool {
    state.display.isMonochrome && state.chunk.colour != .plain
  }

  /// The text for a pane of this size, frame and all.
  private static func tokenText(_ state: ViewState, size: Size) -> TokenText {
    let colour = state.chunk.colour
    let tokens = (picture(state)?.tokens ?? []).map { token in
      switch colour {
      case .difference: ScoredToken(token.text, difference: token.difference ?? .nan)
      case .teacher: lossToken(token.text, token.teacherLogProbability)
      case .reference: lossToken(token.text, token.referenceLogProbability)
      case .plain: ScoredToken(token.text, role: .text, mark: "")
      }
    }
    var text = TokenText(tokens, top: state.list(.text).top, showsMarks: showsMarks(state))
    text.marked = state.chunk.token
    text.run = state.chunk.span
    // A text that fits into one column keeps its lines.
    let width = max(1, size.width - 4)
    let rows = textHeight(state, size: size) / (showsMarks(state) ? 2 : 1)
    if TokenText.columns(width: width) > 1, text.lineCount(width: width, limit: rows + 1) > rows {
      text.columns = TokenText.columns(width: width)
    }
    return text
  }

  /// Five steps of heat for a loss of 0...8 nats.
  private static func lossToken(_ text: String, _ logProbability: Double?) -> ScoredToken {
    guard let logProbability else { return ScoredToken(text, role: .dim, mark: "?") }
    let heat = min(0.999, max(0, -logProbability / 8))
    return ScoredToken(text, role: .heat(heat), mark: String(Int(heat * 5) + 1))
  }

  /// The line on which a token stands in the text pane.
  static func line(ofToken index: Int, _ state: ViewState, size: Size) -> Int? {
    let width = max(1, size.width - 4)
    return tokenText(state, size: size).line(ofToken: index, width: width)
  }

  private static func drawText(_ state: ViewState, on canvas: inout Canvas) {
    let colour = state.chunk.colour
    var title = "Text   colour: \(colour.title)"
    if state.display.isMonochrome, colour == .difference {
      title += " (++ teacher better, -- worse)"
    }
    frame(.text, state, title: StyledText(title), footer: legend(colour), on: &canvas) { view in
      guard picture(state) != nil else {
        view.draw(Paragraph(emptyLine(state)), in: view.bounds)
        return
      }
      let size = Size(width: view.size.width + 4, height: view.size.height + 2)
      let reason = reasonLines(state, size: size)
      let rows = view.bounds.rows([.fill(), .fixed(reason.count)])
      view.draw(tokenText(state, size: size), in: rows[0])
      for (place, line) in reason.enumerated() {
        view.put(line, x: 0, y: rows[1].y + place, width: view.size.width)
      }
    }
  }

  /// The sentence below the text that says why, in a pane whose frame has this size.
  private static func reasonLines(_ state: ViewState, size: Size) -> [StyledText] {
    guard let chunk = picture(state), let reason = reason(state) else { return [] }
    let text = StyledText(reason.sentence(chunk, isShort: size.width < 70), .accent)
    return TextWrap.lines(text, width: max(1, size.width - 4), limit: size.height >= 18 ? 3 : 2)
  }

  /// Rows that the sentence leaves to the text.
  private static func textHeight(_ state: ViewState, size: Size) -> Int {
    max(1, size.height - 2 - reasonLines(state, size: size).count)
  }

  private static func emptyLine(_ state: ViewState) -> StyledText {
    if let index = state.chunk.index { return StyledText("Reading chunk \(index).", .dim) }
    if state.engine.corpus == nil {
      return StageText.waiting(for: .corpus, what: "Chunk", state)
    }
    let lists = [ScreenID.corpus, .select].map { "\($0.title) (\(state.key(.go(to: $0))))" }
    return StyledText(
      "No chunk opened: \(state.key(.open)) on a row of \(lists.joined(separator: " or ")).", .dim)
  }

  private static func legend(_ colour: ChunkOptions.Colour) -> StyledText {
    switch colour {
    case .plain: []
    case .difference:
      [
        Span("-- ", .diffNeg2), Span("- ", .diffNeg1), Span("0 ", .diff0), Span("+ ", .diffPos1),
        Span("++", .diffPos2), Span(" 0.25 and 1 nat", .dim),
      ]
    case .teacher, .reference:
      [
        Span("0 ", .heat1), Span("1.6 ", .heat2), Span("3.2 ", .heat3), Span("4.8 ", .heat4),
        Span("6.4+", .heat5), Span(" nats", .dim),
      ]
    }
  }

  /// The token that is selected in the table.
  static func selectedToken(_ state: ViewState) -> Int? {
    tokenOrder(state)[safe: state.list(.tokens).selected]
  }

  /// Tokens that have a difference, as the table lists them.
  static func tokenOrder(_ state: ViewState) -> [Int] {
    guard let tokens = picture(state)?.tokens else { return [] }
    let scored = tokens.indices.filter { tokens[$0].difference?.isFinite == true }
    guard state.chunk.sortsTokens else { return scored }
    return scored.sorted {
      let (left, right) = (abs(tokens[$0].difference ?? 0), abs(tokens[$1].difference ?? 0))
      return left == right ? $0 < $1 : left > right
    }
  }
}
