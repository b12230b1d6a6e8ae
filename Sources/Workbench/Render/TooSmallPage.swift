import EngineInterface
import Numerics
import TerminalUI

/// What a terminal below the minimum shows: the sizes, how the work goes on, the keys that still work.
enum TooSmallPage {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let hasFrame = canvas.size.height >= 6 && canvas.size.width >= 20
    let area = hasFrame ? canvas.box(canvas.bounds) : canvas.bounds
    canvas.inside(area) { view in
      let head = sizes(state) + work(state)
      let keys = keys(state)
      // Where room is short, the sizes and the work come first and the keys stay at the bottom.
      let room = view.size.height - head.count - keys.count
      let lines = head + (room > 0 ? [[]] : []) + keys
      for (row, line) in lines.enumerated() {
        view.put(line, x: 0, y: max(0, room / 2) + row, width: view.size.width, alignment: .centre)
      }
    }
  }

  private static func sizes(_ state: ViewState) -> [StyledText] {
    let needed = ViewState.minimumSize
    return [
      StyledText("Terminal is \(state.size.width) x \(state.size.height)", .warn)
        + StyledText("; needs \(needed.width) x \(needed.height)")
    ]
  }

  /// What runs, and a line of its figures for every part.
  private static func work(_ state: ViewState) -> [StyledText] {
    guard let job = state.engine.job else { return [StyledText("no job runs", .dim)] }
    let place =
      Stage.allCases.contains(job.stage) ? "\(StageText.place(of: job.stage, state)) " : ""
    var lines = [
      StyledText(job.isActive ? place : "no job runs: ", .dim)
        + StyledText(StageText.progress(job, state), .text, .bold)
    ]
    let figures = job.isActive ? figures(of: job.stage, state) : []
    if figures.isEmpty, !job.detail.isEmpty { lines.append(StyledText(job.detail)) }
    return lines + figures
  }

  private static func figures(of stage: Stage, _ state: ViewState) -> [StyledText] {
    switch stage {
    case .teacher, .reference: return runs(state.engine.models?.runs ?? [], of: stage)
    case .train: return runs(state.engine.training?.runs ?? [], of: stage)
    case .score:
      guard let scoring = state.engine.scoring else { return [] }
      return [
        StyledText(
          "\(Number.grouped(scoring.done)) of \(Number.grouped(scoring.total)) scored"
            + "  median d \(Number.signed(scoring.median, 2))"),
        StyledText(
          "ratio \(Number.fixed(state.ratio ?? scoring.ratio, 2))"
            + "  d >= \(Number.fixed(state.threshold ?? scoring.threshold, 3))", .accent),
      ]
    default: return []
    }
  }

  private static func runs(_ runs: [RunSnapshot], of stage: Stage) -> [StyledText] {
    runs.enumerated().filter { stage == .train || $0.element.step < $0.element.steps }.map {
      index, run in
      let heldOut = run.heldOutLoss.map { "  held-out \(RunFigures.loss($0))" } ?? ""
      return [
        Span(run.name, .plot(index), .bold),
        Span(
          " \(run.step)/\(run.steps)  loss \(RunFigures.loss(run.averageLoss))\(heldOut)"
            + "  ETA \(Number.duration(run.eta))"),
      ]
    }
  }

  private static func keys(_ state: ViewState) -> [StyledText] {
    [
      [
        Span(state.key(.quit), .key), Span(" quit   "), Span(HelpContent.digits(state), .key),
        Span(" screens   "), Span(state.key(.log), .key), Span(" jobs"),
      ]
    ]
  }
}
