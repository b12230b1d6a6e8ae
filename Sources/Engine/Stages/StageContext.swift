import DifferenceSampling
import EngineInterface
import Pipeline
import Store
import TensorKit

/// What a stage works with: the project, the machine, and where to report.
struct StageContext {
  let folder: ProjectFolder
  let settings: ProjectSettings
  let compute: Ops
  let control: WorkControl
  let publisher: Publisher
  let stage: Stage
  let started = Clock.seconds()
  /// The commit that training and comparison are about.
  let commit: String?
  /// The selection to commit.
  let selection: SelectionSettings
  /// Digests of the project's files, made once.
  let digests: FileDigests
  /// Takes newly scored chunks, so that the ratio can be moved while scoring goes on.
  let scored: @Sendable ([ChunkScore]) -> Void

  /// Shows how far the job is.
  func progress(
    _ fraction: Double?, eta: Double? = nil, detail: String, unsaved: String? = nil
  ) {
    publisher.show(.job) {
      .job(
        JobSnapshot(
          stage: stage, state: control.state, fraction: fraction,
          elapsed: Clock.seconds() - started, eta: eta ?? estimate(fraction), detail: detail,
          unsaved: unsaved))
    }
  }

  var precisions: ProjectPrecisions {
    ProjectPrecisions(folder: folder, settings: settings, capability: compute.capability)
  }

  /// A line for the log.
  func note(_ text: String, _ level: Notice.Level = .info) {
    publisher.send(.notice(Notice(level: level, text: text, time: Clock.timeOfDay())))
  }

  /// The same for a verb: its progress becomes pictures of the job, its notes lines of the log.
  var work: Work {
    Work(
      control: control,
      progress: {
        progress($0.fraction, eta: $0.secondsLeft, detail: $0.detail, unsaved: $0.unsaved)
      },
      note: { note($0.text, $0.level == .warning ? .warning : .info) })
  }

  private func estimate(_ fraction: Double?) -> Double? {
    guard let fraction, fraction > 0.02 else { return nil }
    return (Clock.seconds() - started) / fraction * (1 - fraction)
  }
}

/// How a stage ended.
enum StageOutcome: Sendable, Equatable {
  /// With one line about the result.
  case done(String)
  /// By request; the next run goes on.
  case stopped
}

/// A stage of the work: blocking, run on the job thread.
protocol StageWork {
  /// - Throws: `WorkStopped` when it was stopped on request, as verbs do.
  func run(_ context: StageContext) throws -> StageOutcome
}

extension WorkControl {
  /// What a picture of the job says.
  var state: JobSnapshot.State { isStopping ? .stopping : isPaused ? .paused : .running }
}
