import EngineInterface
import Numerics
import TerminalUI

/// One token is marked in text and table at once, and strong runs of them can be gone to.
extension Action {
  static let strongestSpan = span(
    "span.next", "s", "to the strongest run of tokens, then the next one", 1, label: "span")
  static let previousSpan = span("span.previous", "S", "back to the stronger run", -1)
  static let previousToken = token("token.previous", "(", "token before", -1)
  static let nextToken = token("token.next", ")", "next token", 1)

  private static func span(
    _ id: String, _ key: Character, _ title: String, _ step: Int, label: String? = nil
  ) -> Action {
    Action(
      id, [.character(key)], title, label: label, notNow: withoutTokens,
      does: { $0.goToSpan(step) })
  }

  private static func token(_ id: String, _ key: Character, _ title: String, _ step: Int) -> Action
  {
    Action(id, [.character(key)], title, notNow: withoutTokens, does: { $0.stepToken(step) })
  }

  private static let withoutTokens: @Sendable (ViewState) -> String? = { state in
    ChunkScreen.tokenOrder(state).isEmpty ? "The tokens have no scores yet." : nil
  }
}

extension ChunkScreen {
  /// Why the chunk is kept or dropped, once its tokens are scored.
  static func reason(_ state: ViewState) -> ChunkReason? {
    picture(state).flatMap(ChunkReason.init)
  }

  /// The runs that `s` goes through: of a dropped chunk those that speak against it come after the
  /// first of those that speak for it.
  static func spans(_ state: ViewState) -> [ChunkSpan] {
    guard let reason = reason(state), let chunk = picture(state) else { return [] }
    let most = 9
    if chunk.row.kept != false { return Array(reason.rising.prefix(most)) }
    let (for_, against) = (reason.rising, reason.falling)
    return Array(
      (for_ + against).sorted { abs($0.contribution) > abs($1.contribution) }.prefix(most))
  }
}

extension Reducer {
  fileprivate mutating func goToSpan(_ step: Int) {
    let spans = ChunkScreen.spans(state)
    guard !spans.isEmpty, let chunk = ChunkScreen.picture(state) else {
      return say("No run of tokens stands out.")
    }
    let present = spans.firstIndex { $0.tokens == state.chunk.span }
    let place = present.map { ($0 + step + spans.count) % spans.count } ?? 0
    let span = spans[place]
    state.chunk.span = span.tokens
    mark(token: strongest(of: span, chunk))
    showToken(first: span.tokens.lowerBound)
    say("Run \(place + 1) of \(spans.count): \(ChunkReason.text(span, chunk)) of the mean.")
  }

  private func strongest(of span: ChunkSpan, _ chunk: ChunkDetail) -> Int {
    let sign: Double = span.contribution < 0 ? -1 : 1
    return span.tokens.max {
      sign * (chunk.tokens[$0].difference ?? 0) < sign * (chunk.tokens[$1].difference ?? 0)
    } ?? span.tokens.lowerBound
  }

  fileprivate mutating func stepToken(_ step: Int) {
    let scored = ChunkScreen.tokenOrder(state).sorted()
    guard let first = scored.first, let last = scored.last else { return }
    let present = state.chunk.token ?? first
    let next =
      step > 0 ? scored.first { $0 > present } ?? last : scored.last { $0 < present } ?? first
    mark(token: next)
    showToken(first: next)
  }

  /// Marks a token in text and table.
  mutating func mark(token: Int) {
    let order = ChunkScreen.tokenOrder(state)
    guard let row = order.firstIndex(of: token) else { return }
    state.chunk.token = token
    var list = state.list(.tokens)
    list.selected = row
    if case .rows(let count, let visible)? = state.content(of: .tokens) {
      list.clamp(count: count, height: visible)
    }
    state.lists[.tokens] = list
    state.chunk.linked = linkedPlaces
  }

  /// Scrolls the text so that a token is in sight.
  mutating func showToken(first token: Int) {
    guard let rect = state.paneRect(.text),
      let line = ChunkScreen.line(ofToken: token, state, size: rect.size),
      case .lines(_, let visible)? = state.content(of: .text)
    else { return }
    let top = state.list(.text).top
    if line < top || line >= top + visible {
      state.lists[.text] = ListState(selected: line, top: max(0, line - 2))
    }
    state.chunk.linked = linkedPlaces
  }

  private var linkedPlaces: ChunkOptions.Linked {
    ChunkOptions.Linked(row: state.list(.tokens).selected, top: state.list(.text).top)
  }

  /// Keeps mark, table and text together after anything moved one of them.
  mutating func followTokens() {
    guard state.screen == .chunk else { return }
    let (before, now) = (state.chunk.linked, linkedPlaces)
    guard state.chunk.token == nil || before != now else { return }
    let order = ChunkScreen.tokenOrder(state)
    guard let selected = order[safe: now.row] else { return }
    if state.chunk.token == nil || before?.row != now.row {
      state.chunk.token = selected
      // A mark that nobody has set moves no text.
      if before != nil { showToken(first: selected) }
    } else {
      followText(order)
    }
    state.chunk.linked = linkedPlaces
  }

  /// The text was scrolled: a mark that is out of sight moves to its first line.
  private mutating func followText(_ order: [Int]) {
    guard let rect = state.paneRect(.text), let token = state.chunk.token,
      case .lines(_, let visible)? = state.content(of: .text)
    else { return }
    let top = state.list(.text).top
    func line(_ token: Int) -> Int? {
      ChunkScreen.line(ofToken: token, state, size: rect.size)
    }
    if let present = line(token), present >= top, present < top + visible { return }
    // Lines ascend with the tokens.
    let scored = order.sorted()
    var (low, high) = (0, scored.count)
    while low < high {
      let middle = (low + high) / 2
      if line(scored[middle]) ?? 0 < top { low = middle + 1 } else { high = middle }
    }
    if let first = scored[safe: min(low, scored.count - 1)] { mark(token: first) }
  }
}
