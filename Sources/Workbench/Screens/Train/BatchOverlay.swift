import EngineInterface
import Numerics
public import TerminalUI

extension Overlay {
  public static func batch(_ list: ListState) -> Overlay {
    .list(ListOverlayID(BatchOverlay.self), list)
  }
}

/// The batch of a step: its chunks, the worst first; marked ones can be dropped in a fork.
enum BatchOverlay: ListOverlay {
  static let hitKind = "batch"
  static let toggle = Action.openBatch

  static let mark: Key = .character("x")
  static let fork: Key = .character("f")

  static func batch(_ state: ViewState) -> BatchSnapshot? {
    guard let wanted = state.train.batch, let batch = state.engine.batch,
      batch.run == wanted.run, batch.step == wanted.step
    else { return nil }
    return batch
  }

  static func count(_ state: ViewState) -> Int { batch(state)?.chunks.count ?? 0 }

  /// Opens the chunk, where it is one of the scored corpus.
  static func choose(_ row: Int, _ reducer: inout Reducer) {
    guard let chunk = batch(reducer.state)?.chunks[safe: row] else { return }
    guard let scored = chunk.scored else {
      return reducer.say("This chunk is not of the scored corpus.", isWarning: true)
    }
    reducer.read(chunk: scored)
  }

  static func press(_ key: Key, row: Int, _ reducer: inout Reducer) -> Bool {
    switch key {
    case mark, .space:
      guard let chunk = batch(reducer.state)?.chunks[safe: row] else { return true }
      if reducer.state.train.marked.remove(chunk.number) == nil {
        reducer.state.train.marked.insert(chunk.number)
      }
    case fork: askForFork(&reducer)
    default: return false
    }
    return true
  }

  private static func askForFork(_ reducer: inout Reducer) {
    guard let batch = reducer.state.train.batch else { return }
    let chunks = reducer.state.train.marked.sorted()
    guard !chunks.isEmpty else {
      return reducer.say("Mark the chunks to drop first: \(mark.name).", isWarning: true)
    }
    let what = chunks.count == 1 ? "1 chunk" : "\(chunks.count) chunks"
    reducer.state.overlay = nil
    reducer.state.prompt = Prompt(
      "Fork \(batch.run) before step \(batch.step) without \(what)? y, d = whole documents: "
    ) { text, reducer in
      guard let answer = text.compact.lowercased().first, answer == "y" || answer == "d" else {
        return text.isEmpty ? nil : "y or d, or nothing"
      }
      reducer.send(
        .fork(run: batch.run, step: batch.step, chunks: chunks, wholeDocuments: answer == "d"))
      reducer.state.train.marked = []
      return nil
    }
  }

  // MARK: - Drawing

  static func draw(_ list: ListState, _ state: ViewState, on canvas: inout Canvas) {
    guard let wanted = state.train.batch else { return }
    let batch = batch(state)
    let count = batch?.chunks.count ?? 0
    let rect = canvas.bounds.centred(
      Size(
        width: min(112, state.size.width - 2),
        height: min(max(8, count + 5), state.size.height - 2)))
    let marked = state.train.marked.count
    let area = canvas.box(
      rect, title: StyledText("Batch of step \(wanted.step), \(wanted.run)"),
      footer: StyledText(
        "\(state.key(.open)) reads  \(mark.name) marks\(marked > 0 ? " (\(marked))" : "")  "
          + "\(fork.name) forks without  \(state.key(.back)) closes"),
      isFocused: true)
    canvas.inside(area) { view in
      let rows = view.bounds.rows([.fixed(1), .fill(), .fixed(1)])
      view.put(facts(batch), x: 0, y: 0, width: view.size.width)
      let chunks = batch?.chunks ?? []
      view.draw(
        Table(
          columns: [
            TableColumn("", width: .fixed(3)), .number("chunk", width: 8),
            .number("loss", width: 8), .number("diff", width: 7), .number("teach", width: 6),
            .number("ref", width: 6), .number("tok", width: 5), .number("docs", width: 4),
            TableColumn("source", width: .fill()),
          ],
          rowCount: chunks.count, state: list, hitKind: hitKind
        ) { cells(chunks[$0], state) }, in: rows[1])
      if let chunk = chunks[safe: list.selected] {
        view.put(
          StyledText(
            chunk.place.isEmpty
              ? "its document's place is not known"
              : "from \(PathText.end(chunk.place, width: view.size.width - 5))", .dim),
          x: 0, y: rows[2].y, width: view.size.width)
      }
    }
  }

  private static func facts(_ batch: BatchSnapshot?) -> StyledText {
    guard let batch else { return StyledText("reading...", .dim) }
    switch batch.state {
    case .reading: return StyledText("reading...", .dim)
    case .failed(let text): return StyledText(text, .error)
    case .computing, .ready: break
    }
    var parts: [String] = []
    if batch.leftOut { parts.append("not trained on") }
    if let loss = batch.loss { parts.append("loss \(Number.fixed(loss, 3))") }
    if let z = batch.lossZScore { parts.append("z \(Number.signed(z, 1))") }
    if case .computing = batch.state {
      parts.append("losses are being computed")
    } else if let checkpoint = batch.checkpoint {
      let isBehind = checkpoint >= batch.step
      parts.append(
        "losses by checkpoint \(checkpoint)" + (isBehind ? ", which has learnt the batch" : ""))
    }
    return StyledText(parts.joined(separator: ", "))
  }

  private static func cells(_ chunk: BatchSnapshot.Chunk, _ state: ViewState) -> [StyledText] {
    func figure(_ value: Double?, _ digits: Int = 2) -> StyledText {
      value.map { $0.isFinite ? StyledText(Number.fixed($0, digits)) : StyledText("NaN", .error) }
        ?? StyledText("-", .dim)
    }
    let isMarked = state.train.marked.contains(chunk.number)
    return [
      isMarked ? StyledText("[x]", .drop) : "[ ]", StyledText("\(chunk.number)"),
      figure(chunk.loss, 3),
      chunk.difference.map { StyledText(Number.signed($0, 2)) } ?? StyledText("-", .dim),
      figure(chunk.teacherLoss), figure(chunk.referenceLoss), StyledText("\(chunk.tokens)"),
      StyledText("\(chunk.documents)"), StyledText(chunk.source),
    ]
  }
}
