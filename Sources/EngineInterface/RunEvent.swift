/// Something that happened in the training of a run. The project keeps it.
public struct RunEvent: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    case start, checkpoint, evaluation, epoch
    /// A loss or gradient far above its like, and an update that was left out.
    case spike
    /// What was asked about a step, and what was done.
    case decision
    /// Something beside the training itself that could not be done.
    case setback
    case end
  }

  public var kind: Kind
  public var level: Notice.Level
  public var text: String
  /// Clock time "12:41:07", with the day if that is another: "11-28 12:41"; empty where it is not known.
  public var time: String
  /// Name of the run that it is about.
  public var run: String
  /// The step that it is about, from 1; nil where it is about none.
  public var step: Int?

  public init(
    _ kind: Kind, level: Notice.Level = .info, text: String, time: String, run: String,
    step: Int? = nil
  ) {
    self.kind = kind
    self.level = level
    self.text = text
    self.time = time
    self.run = run
    self.step = step
  }

  /// The same as a line of the log.
  public var notice: Notice { Notice(level: level, text: text, time: time) }
}
