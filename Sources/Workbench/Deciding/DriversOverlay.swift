import EngineInterface
import Numerics
import TerminalUI

extension Action {
  static let drivers = Action(
    "drivers", [.character("W")], "why chunks are kept: n-grams and tokens, by source",
    label: "why", notNow: withoutSelection,
    does: { reducer in
      reducer.state.overlay = .list(ListOverlayID(DriversOverlay.self), ListState())
      reducer.send(.drivers(.show))
    })
}

/// What speaks for keeping and what for dropping, side by side, over all sources or in one.
enum DriversOverlay: ListOverlay {
  static let hitKind = "drivers"
  static let toggle = Action.drivers

  static let tokens: Key = .character("t")
  static let score: Key = .character("s")
  static let renew: Key = .character("r")
  static let stop: Key = .character("x")

  static func group(_ state: ViewState) -> DriversSnapshot.Group? {
    guard let groups = state.engine.drivers?.groups, !groups.isEmpty else { return nil }
    return groups[min(state.decide.driversGroup, groups.count - 1)]
  }

  static func count(_ state: ViewState) -> Int { rows(state).count }

  /// Lists the chunks that hold what is selected.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let row = rows(reducer.state)[safe: row], let text = row.texts.first else { return }
    reducer.listChunks(containing: text)
  }

  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool {
    let count = reducer.state.engine.drivers?.groups.count ?? 0
    switch key {
    case tokens:
      reducer.state.decide.driversShowTokens.toggle()
      restart(&reducer)
    case score: reducer.send(.drivers(.scoreTokens))
    case renew: reducer.send(.drivers(.renew))
    case stop: reducer.send(.drivers(.stop))
    default:
      switch reducer.state.table.action(for: key) {
      case Action.left?, Action.previousPane?: turn(-1, count, &reducer)
      case Action.right?, Action.nextPane?: turn(1, count, &reducer)
      default: return false
      }
    }
    return true
  }

  private static func turn(_ step: Int, _ count: Int, _ reducer: inout Reducer) {
    guard count > 0 else { return }
    reducer.state.decide.driversGroup =
      (min(reducer.state.decide.driversGroup, count - 1) + step + count) % count
    restart(&reducer)
  }

  private static func restart(_ reducer: inout Reducer) {
    reducer.state.overlay = .list(ListOverlayID(Self.self), ListState())
  }

  // MARK: - Rows

  private struct Row {
    /// What is searched for by Enter, the left side first.
    var texts: [String]
    var cells: [StyledText]
  }

  private static func rows(_ state: ViewState) -> [Row] {
    guard let group = group(state) else { return [] }
    if state.decide.driversShowTokens {
      return (0..<max(group.adds.count, group.takes.count)).map { place in
        let sides = [group.adds[safe: place], group.takes[safe: place]]
        return Row(
          texts: sides.compactMap { $0?.text },
          cells: zip(sides, [StyleRole.keep, .drop]).flatMap { token, role in
            guard let token else { return [StyledText](repeating: "", count: 4) }
            return [
              quoted(token.text, role), StyledText(Number.grouped(token.count)),
              StyledText(Number.signed(token.total, 1)), StyledText(Number.signed(token.mean, 2)),
            ]
          })
      }
    }
    return (0..<max(group.keeps.count, group.drops.count)).map { place in
      let sides = [group.keeps[safe: place], group.drops[safe: place]]
      return Row(
        texts: sides.compactMap { $0?.text },
        cells: zip(sides, [StyleRole.keep, .drop]).flatMap { ngram, role in
          guard let ngram else { return [StyledText](repeating: "", count: 4) }
          return [
            quoted(ngram.text, role), StyledText(Number.grouped(ngram.kept)),
            StyledText(Number.grouped(ngram.dropped)), StyledText(Number.signed(ngram.z, 1)),
          ]
        })
    }
  }

  /// With its spaces in sight.
  private static func quoted(_ text: String, _ role: StyleRole) -> StyledText {
    StyledText("\"\(RowText.flat(text))\"", role)
  }

  // MARK: - Drawing

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    let picture = state.engine.drivers
    let rows = rows(state)
    let showsTokens = state.decide.driversShowTokens
    let rect = canvas.bounds.centred(
      Size(
        width: min(state.size.width - 2, 150),
        height: min(max(12, rows.count + 7), state.size.height - 2)))
    let area = canvas.box(
      rect, title: "What drives keeping" + StyledText(title(state), .accent),
      footer: footer(state, width: rect.width - 4), isFocused: true)
    canvas.inside(area) { view in
      let parts = view.bounds.rows([.fixed(2), .fill()])
      for (place, line) in facts(picture, state).enumerated() {
        view.put(line, x: 0, y: place, width: view.size.width)
      }
      guard !rows.isEmpty else {
        let lines = TextWrap.lines(empty(state), width: view.size.width, limit: 4)
        for (place, line) in lines.enumerated() {
          view.put(line, x: 0, y: parts[1].y + place, width: view.size.width)
        }
        return
      }
      let numbers: [TableColumn] =
        showsTokens
        ? [.number("count", width: 6), .number("sum d", width: 7), .number("mean", width: 6)]
        : [.number("kept", width: 5), .number("drop'd", width: 6), .number("z", width: 6)]
      view.draw(
        Table(
          columns: [TableColumn(showsTokens ? "adds" : "for keeping", width: .fill())] + numbers
            + [TableColumn(showsTokens ? "takes away" : "for dropping", width: .fill())]
            + numbers,
          rowCount: rows.count, state: list, hitKind: hitKind
        ) { rows[$0].cells }, in: parts[1])
    }
  }

  private static func title(_ state: ViewState) -> String {
    guard let group = group(state), let groups = state.engine.drivers?.groups else { return "" }
    let place = min(state.decide.driversGroup, groups.count - 1)
    let name = place == 0 ? "all sources" : group.source
    return "   \(name) (\(place + 1) of \(groups.count))"
  }

  private static func footer(_ state: ViewState, width: Int) -> StyledText {
    let isRunning = if case .running? = state.engine.drivers?.state { true } else { false }
    let work = isRunning ? "\(stop.name) stops" : "\(renew.name) anew  \(score.name) scores tokens"
    let text =
      "\(state.key(.left)) \(state.key(.right)) source  \(tokens.name) "
      + "\(state.decide.driversShowTokens ? "n-grams" : "tokens")  \(work)  "
      + "\(state.key(.open)) lists  \(state.key(.back)) closes"
    return StyledText(text)
  }

  /// What was counted, and what is being done.
  private static func facts(_ picture: DriversSnapshot?, _ state: ViewState) -> [StyledText] {
    var first = StyledText("")
    if let group = group(state) {
      first = StyledText(
        state.decide.driversShowTokens
          ? "\(Number.grouped(group.scoredTokens)) tokens scored one by one: sums of d in nats"
          : "sample of \(Number.grouped(group.keptChunks)) kept and "
            + "\(Number.grouped(group.droppedChunks)) dropped chunks; chunks that hold each n-gram",
        .dim)
    }
    var second = StyledText("")
    switch picture?.state {
    case .running(let what, let fraction)?:
      second = StyledText("\(what), \(ProgressBar.percent(fraction))", .accent)
    case .failed(let why)?: second = StyledText(why, .error)
    case .done? where picture?.isStale == true:
      second = StyledText(
        "Of \(picture?.selection ?? ""), not of the present selection: \(renew.name) counts anew.",
        .warn)
    case .done?: second = StyledText("of \(picture?.selection ?? "")", .dim)
    default: break
    }
    return [first, second]
  }

  private static func empty(_ state: ViewState) -> StyledText {
    if group(state) == nil { return StyledText("Nothing is counted yet.", .dim) }
    return state.decide.driversShowTokens
      ? StyledText(
        "No token is scored by itself yet: \(score.name) scores a sample of chunks with both models.",
        .dim)
      : StyledText("No n-gram stands out on either side.", .dim)
  }
}

extension Reducer {
  /// Shows the chunks of the corpus whose text holds this.
  mutating func listChunks(containing text: String) {
    state.overlay = nil
    showChunks { $0.filter = .text(text) }
    go(to: .corpus)
    focus(.chunks)
  }
}
