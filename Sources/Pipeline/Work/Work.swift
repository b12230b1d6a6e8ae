/// How far a verb is.
public struct WorkProgress: Sendable, Equatable {
  /// Share that is done, 0...1; nil while nobody can know it.
  public var fraction: Double?
  /// Seconds to go where the verb knows better than its fraction tells.
  public var secondsLeft: Double?
  /// One line for people: what is done of what, how fast.
  public var detail: String
  /// What leaving at once would lose; nil when nothing.
  public var unsaved: String?

  public init(
    _ fraction: Double?, secondsLeft: Double? = nil, detail: String, unsaved: String? = nil
  ) {
    self.fraction = fraction
    self.secondsLeft = secondsLeft
    self.detail = detail
    self.unsaved = unsaved
  }
}

/// Something that a person should know, once.
public struct WorkNote: Sendable, Equatable {
  public enum Level: Sendable { case info, warning }

  public var level: Level
  public var text: String

  public init(_ text: String, _ level: Level = .info) {
    self.level = level
    self.text = text
  }
}

/// The work was stopped on request at a safe point; the same verb goes on from there.
public struct WorkStopped: Error, Equatable {
  public init() {}
}

/// What every verb is given besides its settings and its input: how it is steered, and where it
/// says how far it is. The callbacks are called on the thread that runs the verb.
public struct Work {
  public let control: WorkControl
  private let onProgress: (WorkProgress) -> Void
  private let onNote: (WorkNote) -> Void

  public init(
    control: WorkControl = WorkControl(), progress: @escaping (WorkProgress) -> Void = { _ in },
    note: @escaping (WorkNote) -> Void = { _ in }
  ) {
    self.control = control
    onProgress = progress
    onNote = note
  }

  /// Says how far the work is. Cheap for the verb: whoever listens thins it out.
  public func report(_ progress: WorkProgress) { onProgress(progress) }

  public func note(_ text: String, _ level: WorkNote.Level = .info) {
    onNote(WorkNote(text, level))
  }

  /// Waits while the work is paused.
  ///
  /// - Throws: `WorkStopped` when it is to end here, at a safe point.
  public func checkpoint() throws(WorkStopped) {
    control.waitWhilePaused()
    if control.isStopping { throw WorkStopped() }
  }

  /// Reports, waits while paused, and says whether to go on: for loops that are told by a Bool.
  public func goesOn(_ progress: @autoclosure () -> WorkProgress) -> Bool {
    onProgress(progress())
    control.waitWhilePaused()
    return !control.isStopping
  }

  /// A part of a larger work: fractions go into `range` of the whole, details get a prefix.
  public func part(_ range: ClosedRange<Double>, _ prefix: String = "") -> Work {
    Work(
      control: control,
      progress: { [onProgress] progress in
        var progress = progress
        progress.fraction = progress.fraction.map {
          range.lowerBound + (range.upperBound - range.lowerBound) * $0
        }
        progress.detail = prefix + progress.detail
        onProgress(progress)
      }, note: onNote)
  }
}
