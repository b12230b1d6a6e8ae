/// What a commit would write, is writing, or wrote.
public struct CommitSnapshot: Sendable, Equatable, Codable {
  public enum State: Sendable, Equatable, Codable {
    case planned
    /// 0...1.
    case writing(Double)
    /// The folder that now exists.
    case written(String)
  }

  public struct File: Sendable, Equatable, Codable {
    public var name: String
    public var bytes: Int
    public var note: String

    public init(name: String, bytes: Int, note: String = "") {
      self.name = name
      self.bytes = bytes
      self.note = note
    }
  }

  public struct Earlier: Sendable, Equatable, Codable {
    public var name: String
    public var ratio: Double
    public var chunks: Int

    public init(name: String, ratio: Double, chunks: Int) {
      self.name = name
      self.ratio = ratio
      self.chunks = chunks
    }
  }

  public var state: State
  public var name: String
  public var folder: String
  public var ratio: Double
  public var chunks: Int
  public var tokens: Int
  public var manualKept: Int
  public var manualDropped: Int
  public var files: [File]
  public var freeDisk: Int
  /// The README.md that goes with it.
  public var card: [String]
  public var earlier: [Earlier]
  /// Against the last commit, nil when there is none: chunks in both, only new, only old.
  public var shared: Int?
  public var added: Int?
  public var removed: Int?

  public init(
    state: State, name: String, folder: String, ratio: Double, chunks: Int, tokens: Int,
    manualKept: Int = 0, manualDropped: Int = 0, files: [File], freeDisk: Int, card: [String],
    earlier: [Earlier] = [], shared: Int? = nil, added: Int? = nil, removed: Int? = nil
  ) {
    self.state = state
    self.name = name
    self.folder = folder
    self.ratio = ratio
    self.chunks = chunks
    self.tokens = tokens
    self.manualKept = manualKept
    self.manualDropped = manualDropped
    self.files = files
    self.freeDisk = freeDisk
    self.card = card
    self.earlier = earlier
    self.shared = shared
    self.added = added
    self.removed = removed
  }
}
