import Numerics
import Pipeline

/// How far an experiment is as a whole: parts count by the time that they take.
final class ExperimentProgress {
  private let outer: Work
  private let deadline: ContinuousClock.Instant?
  private let started = ContinuousClock.now
  /// Seconds that were estimated for what this process has done, beside what it took.
  private var estimatedDone = 0.0
  /// Of the plan: all, and what was done before the part that is going on.
  private var (total, before) = (0.0, 0.0)
  private var current = 0.0
  private var number = (part: 0, of: 0)
  private var partStarted = ContinuousClock.now

  /// Estimates are trusted until so much has been seen of this machine.
  private static let leastSeen = 5.0

  init(_ work: Work, timeLimit: Double?) {
    outer = work
    deadline = timeLimit.map { ContinuousClock.now + .seconds($0) }
  }

  /// - Throws: `WorkStopped` where the time is over.
  func begin(_ part: ExperimentPart, of plan: ExperimentPlan) throws {
    func seconds(_ parts: some Sequence<ExperimentPart>) -> Double {
      parts.reduce(0) { $0 + ($1.cost.seconds ?? 0) }
    }
    total = seconds(plan.parts)
    before = seconds(try plan.parts.filter { try plan.isDone($0) })
    current = part.cost.seconds ?? 0
    number = ((plan.parts.firstIndex { $0.name == part.name } ?? 0) + 1, plan.parts.count)
    partStarted = ContinuousClock.now
    endInTime()
    if outer.control.isStopping { stopped(plan) }
    try outer.checkpoint()
  }

  func end(_ part: ExperimentPart, _ line: String) {
    estimatedDone += current
    let took = (ContinuousClock.now - partStarted) / .seconds(1)
    outer.note(
      "[\(number.part)/\(number.of)] \(part.name): \(line) (\(Number.duration(took)))")
  }

  func stopped(_ plan: ExperimentPlan) {
    let done = (try? plan.parts.count { try plan.isDone($0) }) ?? 0
    outer.note(
      "stopped with \(done) of \(plan.parts.count) parts done, about "
        + "\(Number.duration(secondsLeft(of: 0))) to go")
  }

  /// The work of one part: its progress goes into the whole, its notes stay to themselves unless they
  /// warn.
  func work(for part: ExperimentPart) -> Work {
    Work(
      control: outer.control,
      progress: { [self] progress in
        endInTime()
        let share = progress.fraction ?? 0
        var whole = progress
        whole.fraction = total > 0 ? min(1, (before + share * current) / total) : nil
        whole.secondsLeft = secondsLeft(of: share)
        whole.detail = "[\(number.part)/\(number.of)] \(part.name), \(progress.detail)"
        outer.report(whole)
      },
      note: { [outer] note in
        if note.level == .warning { outer.note("\(part.name): \(note.text)", .warning) }
      })
  }

  /// Seconds to go, by the pace of this process.
  private func secondsLeft(of share: Double) -> Double {
    let seen = estimatedDone + share * current
    let elapsed = (ContinuousClock.now - started) / .seconds(1)
    let pace = seen > Self.leastSeen ? elapsed / seen : 1
    return pace * max(0, total - before - share * current)
  }

  private func endInTime() {
    if let deadline, ContinuousClock.now >= deadline, !outer.control.isStopping {
      outer.note("the time is over")
      outer.control.stop()
    }
  }
}
