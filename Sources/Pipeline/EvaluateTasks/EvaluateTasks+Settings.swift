public import Evaluation
public import TensorKit

/// One task and its file.
public struct TaskFile: Sendable, Codable, Hashable {
  public var task: ZeroShotTask
  public var path: String

  public init(_ task: ZeroShotTask, path: String) {
    self.task = task
    self.path = path
  }
}

extension EvaluateTasks {
  /// How tasks are evaluated.
  public struct Settings: Sendable, Equatable {
    public var precision: Precision
    /// The release of lm-evaluation-harness that is reproduced.
    public var version: HarnessVersion
    /// The first so many items of each task; nil for all.
    public var limit: Int?
    /// Positions of a forward pass, where a single item does not need more.
    public var passTokens: Int
    /// Whether texts begin with the beginning-of-text token; nil as the version decides it.
    public var addsBeginning: Bool?
    /// Inputs of a text at most; nil: as the model and its tokenizer say.
    public var longest: Int?

    public init(
      precision: Precision = .f32, version: HarnessVersion = .newest, limit: Int? = nil,
      passTokens: Int = 4096, addsBeginning: Bool? = nil, longest: Int? = nil
    ) {
      self.precision = precision
      self.version = version
      self.limit = limit
      self.passTokens = passTokens
      self.addsBeginning = addsBeginning
      self.longest = longest
    }

    /// Refuses sizes that cannot even be planned with.
    ///
    /// - Throws: `PipelineError.setting`.
    func validate() throws(PipelineError) {
      for (name, value, range) in [
        ("limit", limit ?? 1, 1...1 << 40), ("pass-tokens", passTokens, 1...1 << 30),
        ("max-length", longest ?? 2, 2...1 << 30),
      ] where !range.contains(value) {
        throw .setting(
          name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
      }
    }
  }
}
