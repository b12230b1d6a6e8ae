import EngineInterface
import Numerics
import TerminalUI

/// Words for stages and jobs, the same in header, status line, log and dialogs.
enum StageText {
  /// "6/10 score every chunk 62% ETA 2m41s".
  static func job(_ job: JobSnapshot, of engine: EnginePicture) -> String {
    let stages = engine.project?.stages.map(\.stage) ?? Stage.allCases
    let place = (stages.firstIndex(of: job.stage) ?? 0) + 1
    return "\(place)/\(stages.count) \(progress(job))"
  }

  /// "score every chunk 62% ETA 2m41s", or what became of it.
  static func progress(_ job: JobSnapshot) -> String {
    var words = [job.stage.title]
    switch job.state {
    case .running: break
    case .pausing: words.append("(pausing)")
    case .paused: words.append("(paused, p goes on)")
    case .stopping: words.append("(stopping)")
    case .stopped: words.append("(stopped, R goes on)")
    case .done: words.append("(done)")
    case .failed(let why): words.append("(failed: \(why))")
    }
    if job.isActive, let fraction = job.fraction { words.append(ProgressBar.percent(fraction)) }
    if job.isActive, let eta = job.eta { words.append("ETA \(Number.duration(eta))") }
    return words.joined(separator: " ")
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
    if case .failed(let why)? = state.engine.job?.state, state.engine.job?.stage == stage {
      return StyledText("\(what): failed. \(why)  R tries again.", .error)
    }
    switch status?.state {
    case .running?: return StyledText("\(what): being made now (\(stage.title)).", .dim)
    case .stopped?: return StyledText("\(what): stopped. R goes on.", .warn)
    case .failed?: return StyledText("\(what): failed. J says why, R tries again.", .error)
    case .done?: return StyledText("\(what): made; reading it.", .dim)
    case .waiting?, nil:
      if let job = state.engine.job, job.isActive {
        return StyledText("\(what): after this job (\(progress(job))).", .dim)
      }
      guard let next = state.engine.nextStage else {
        return StyledText("\(what): waiting for the engine.", .dim)
      }
      return next == stage
        ? StyledText("\(what): nothing yet. R starts it (\(stage.title)).", .dim)
        : StyledText("\(what): needs \"\(next.title)\" first. R starts it.", .dim)
    }
  }
}
