/// The models of the project and what was checked about them.
public struct ModelsSnapshot: Sendable, Equatable, Codable {
  public struct Model: Sendable, Equatable, Codable {
    /// "teacher", "reference", "student A", "student B".
    public var role: String
    public var name: String
    /// For example "Qwen2", "Mamba".
    public var architecture: String
    public var parameters: Int
    /// Bytes in memory at the work that it is for, in the precision in force: scoring for teacher
    /// and reference that are ready, else training. Students share their activations.
    public var bytes: Int
    /// For example "training", "ready", "fresh".
    public var state: String
    /// Facts, one line each: layers, hidden size, heads, vocabulary, file, digest.
    public var facts: [String]

    public init(
      role: String, name: String, architecture: String, parameters: Int, bytes: Int, state: String,
      facts: [String] = []
    ) {
      self.role = role
      self.name = name
      self.architecture = architecture
      self.parameters = parameters
      self.bytes = bytes
      self.state = state
      self.facts = facts
    }
  }

  public struct Check: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable {
      case ok, warning, failed, waiting
      /// There is nothing to tell it by.
      case unknown
    }

    public var state: State
    public var text: String

    public init(state: State, text: String) {
      self.state = state
      self.text = text
    }
  }

  public var models: [Model]
  public var checks: [Check]
  /// The teacher's and the reference's own training, while they train in this project.
  public var runs: [RunSnapshot]
  /// nil until the project is open.
  public var precision: PrecisionSnapshot?
  /// What teacher and reference can be chosen from; nil until somebody asks (`findModels`).
  public var available: ModelListSnapshot?

  public init(
    models: [Model], checks: [Check], runs: [RunSnapshot] = [],
    precision: PrecisionSnapshot? = nil, available: ModelListSnapshot? = nil
  ) {
    self.models = models
    self.checks = checks
    self.runs = runs
    self.precision = precision
    self.available = available
  }
}
