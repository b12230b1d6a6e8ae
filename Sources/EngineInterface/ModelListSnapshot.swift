/// Whose place in the method a model takes.
public enum ModelRole: String, Sendable, CaseIterable, Codable { case teacher, reference }

/// The models that lie on this machine, to choose teacher and reference from.
public struct ModelListSnapshot: Sendable, Equatable, Codable {
  public struct Row: Sendable, Equatable, Codable {
    public var name: String
    /// The folder or the file.
    public var path: String
    /// Whose place it lies in: "hub cache", "Ollama".
    public var place: String
    public var family: String?
    public var parameters: Int?
    /// On the disk.
    public var bytes: Int
    /// Element types of the weights: "Q4_K/F32".
    public var weights: String
    public var vocabulary: Int?
    /// Memory that scoring takes in the precision in force.
    public var memory: Int?
    /// Whether that fits into what is free.
    public var fits: Bool
    /// Why it cannot be used, in a few words; nil when it can.
    public var obstacle: String?
    public var sameTokenizerAs: [String]
    /// What it is in this project already.
    public var roles: [ModelRole]

    public init(
      name: String, path: String, place: String, family: String? = nil, parameters: Int? = nil,
      bytes: Int = 0, weights: String = "", vocabulary: Int? = nil, memory: Int? = nil,
      fits: Bool = true, obstacle: String? = nil, sameTokenizerAs: [String] = [],
      roles: [ModelRole] = []
    ) {
      self.name = name
      self.path = path
      self.place = place
      self.family = family
      self.parameters = parameters
      self.bytes = bytes
      self.weights = weights
      self.vocabulary = vocabulary
      self.memory = memory
      self.fits = fits
      self.obstacle = obstacle
      self.sameTokenizerAs = sameTokenizerAs
      self.roles = roles
    }
  }

  public var rows: [Row]
  /// Where was looked, a line each.
  public var places: [String]
  /// Whether somebody is still looking.
  public var isLooking: Bool

  public init(rows: [Row], places: [String] = [], isLooking: Bool = false) {
    self.rows = rows
    self.places = places
    self.isLooking = isLooking
  }
}
