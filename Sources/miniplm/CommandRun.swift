import Foundation
import Pipeline

/// The way in which every long subcommand does its work: progress and notes as lines on standard
/// error, signals that stop it at a safe point, and an exit code of its own when they did.
///
///     let manifest = try CommandRun("pack", common).run { try Pack(...).run($0) }
struct CommandRun {
  let title: String
  let isQuiet: Bool
  /// How the program ends when the work was stopped on request.
  let whenStopped: ExitStatus
  private let started = ContinuousClock.now

  /// - Parameter whenStopped: for work that does not go on where it was, `.stopped("...")` with a
  ///   sentence that says so.
  init(_ title: String, _ common: CommonOptions, whenStopped: ExitStatus = .stopped) {
    self.init(title, isQuiet: common.quiet, whenStopped: whenStopped)
  }

  init(_ title: String, isQuiet: Bool, whenStopped: ExitStatus = .stopped) {
    self.title = title
    self.isQuiet = isQuiet
    self.whenStopped = whenStopped
  }

  /// Does the work; a first signal asks it to stop at a safe point (see `Interruption`).
  ///
  /// - Parameter savingOnRequest: whether USR1 asks it to save what it has and go on, instead.
  func run<Result>(
    savingOnRequest: Bool = false, _ body: (Work) throws -> Result
  ) throws -> Result {
    let control = WorkControl()
    var save: (@Sendable () -> Void)?
    if savingOnRequest { save = { control.checkpoint() } }
    Interruption.shared.begin(saving: save) { control.stop() }
    defer { Interruption.shared.end() }
    var lines = ProgressLines(title, isQuiet: isQuiet)
    let work = Work(
      control: control,
      progress: { lines.report($0.fraction, eta: $0.secondsLeft, $0.detail) },
      note: { note($0.text, $0.level) })
    do {
      return try body(work)
    } catch is WorkStopped {
      throw whenStopped
    }
  }

  /// A line for a person; warnings also where progress is not wanted.
  func note(_ text: String, _ level: WorkNote.Level = .info) {
    switch level {
    case .info: if !isQuiet { Output.error("\(title): \(text)") }
    case .warning: Output.error("\(title): warning: \(text)")
    }
  }

  /// Seconds since the command began.
  var elapsed: Double { (ContinuousClock.now - started) / .seconds(1) }
}
