import EngineInterface
import Numerics
import TerminalUI

/// Words for stages and jobs, the same in header, status line, log and dialogs.
enum StageText {
  /// "6/10 score every chunk 62% ETA 2m41s ": what counts has a width of its own, so that nothing behind
  /// it moves while it counts.
  static func job(_ job: JobSnapshot, _ state: ViewState) -> String {
    let words = progress(job, state, isFixed: true)
    return Stage.allCases.contains(job.stage)
      ? "\(place(of: job.stage, state)) \(words)" : words
  }

  /// "6/10": the place of a stage in the project's.
  static func place(of stage: Stage, _ state: ViewState) -> String {
    let stages = state.engine.project?.stages.map(\.stage) ?? Stage.allCases
    return "\((stages.firstIndex(of: stage) ?? 0) + 1)/\(stages.count)"
  }

  /// "score every chunk 62% ETA 2m41s", or what became of it.
  static func progress(
    _ job: JobSnapshot, _ state: ViewState, isFixed: Bool = false
  ) -> String {
    var words = [job.stage.title]
    switch job.state {
    case .running: break
    case .pausing: words.append("(pausing)")
    case .paused: words.append("(paused, \(state.key(.pause)) goes on)")
    case .stopping: words.append("(stopping)")
    case .stopped: words.append("(stopped, \(state.key(start(of: job.stage))) goes on)")
    case .done: words.append("(done)")
    case .failed(let why): words.append("(failed: \(why))")
    }
    guard job.isActive else { return words.joined(separator: " ") }
    if let fraction = job.fraction {
      let percent = ProgressBar.percent(fraction)
      words.append(isFixed ? padded(percent, 3, onLeft: true) : percent)
    }
    if job.eta != nil || isFixed && job.fraction != nil {
      let eta = Number.duration(job.eta)
      words.append("ETA " + (isFixed ? padded(eta, etaWidth, onLeft: false) : eta))
    }
    return words.joined(separator: " ")
  }

  /// "23h59m".
  private static let etaWidth = 6

  private static func padded(_ text: String, _ width: Int, onLeft: Bool) -> String {
    let room = String(repeating: " ", count: max(0, width - text.count))
    return onLeft ? room + text : text + room
  }

  /// What starts a stage, or goes on with it.
  static func start(of stage: Stage) -> Action {
    stage == .evaluate ? .evaluateTasks : .runNext
  }

  static func mark(_ state: StageStatus.State) -> String {
    switch state {
    case .waiting: "[ ]"
    case .running: "[>]"
    case .stopped: "[-]"
    case .done: "[x]"
    case .failed: "[!]"
    }
  }

  static func role(_ state: StageStatus.State) -> StyleRole {
    switch state {
    case .waiting: .dim
    case .running: .accent
    case .stopped: .warn
    case .done: .ok
    case .failed: .error
    }
  }

  /// Why a screen is empty, and what to do about it: one line.
  static func waiting(for stage: Stage, what: String, _ state: ViewState) -> StyledText {
    let status = state.engine.status(of: stage)
    let (run, log) = (state.key(.runNext), state.key(.log))
    if case .failed(let why)? = state.engine.job?.state, state.engine.job?.stage == stage {
      return StyledText("\(what): failed. \(why)  \(run) tries again.", .error)
    }
    switch status?.state {
    case .running?: return StyledText("\(what): being made now (\(stage.title)).", .dim)
    case .stopped?: return StyledText("\(what): stopped. \(run) goes on.", .warn)
    case .failed?:
      return StyledText("\(what): failed. \(log) says why, \(run) tries again.", .error)
    case .done?: return StyledText("\(what): made; reading it.", .dim)
    case .waiting?, nil:
      if let job = state.engine.job, job.isActive {
        return StyledText("\(what): after this job (\(progress(job, state))).", .dim)
      }
      guard let next = state.engine.nextStage else {
        return StyledText("\(what): waiting for the engine.", .dim)
      }
      return next == stage
        ? StyledText("\(what): nothing yet. \(run) starts it (\(stage.title)).", .dim)
        : StyledText("\(what): needs \"\(next.title)\" first. \(run) starts it.", .dim)
    }
  }
}
