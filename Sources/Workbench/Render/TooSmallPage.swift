import EngineInterface
import TerminalUI

/// What a terminal below the minimum shows: the sizes, the job, the keys that still work.
enum TooSmallPage {
  static func draw(_ state: ViewState, on canvas: inout Canvas) {
    let needed = ViewState.minimumSize
    var lines: [StyledText] = [
      StyledText("Terminal is \(state.size.width) x \(state.size.height)", .warn),
      StyledText("This screen needs \(needed.width) x \(needed.height)"), [],
    ]
    if let job = state.engine.job {
      lines.append(StyledText(job.isActive ? "jobs go on:" : "no job runs:", .dim))
      lines.append(StyledText(StageText.progress(job, state)))
      if !job.detail.isEmpty { lines.append(StyledText(job.detail)) }
    } else {
      lines.append(StyledText("no job runs", .dim))
    }
    lines.append([
      Span(state.key(.quit), .key), Span(" quit   "), Span(HelpContent.digits(state), .key),
      Span(" screens   "), Span(state.key(.log), .key), Span(" jobs"),
    ])
    let hasFrame = canvas.size.height >= 6 && canvas.size.width >= 20
    let area = hasFrame ? canvas.box(canvas.bounds) : canvas.bounds
    canvas.inside(area) { view in
      let top = max(0, (view.size.height - lines.count) / 2)
      // Where room is short, the sizes and the job come first and the keys stay at the bottom.
      for (row, line) in lines.prefix(view.size.height).enumerated() {
        view.put(line, x: 0, y: top + row, width: view.size.width, alignment: .centre)
      }
    }
  }
}
