/// Number formats that models compute in; `auto` leaves the choice to what a probe shows.
public enum NumberFormat: String, Sendable, CaseIterable, Codable { case auto, f32, bf16, int8 }

/// One setting of what a project computes in.
public enum PrecisionChoice: Sendable, Hashable, Codable {
  /// In which teacher and reference score.
  case scoring(NumberFormat)
  /// In which models are trained.
  case training(NumberFormat)
  /// Whether training computes activations again instead of keeping them; the results are the same.
  case blockCheckpointing(Bool)
}

/// What a project computes in, and what it could compute in instead.
public struct PrecisionSnapshot: Sendable, Equatable, Codable {
  public struct Option: Sendable, Equatable, Codable {
    public var choice: PrecisionChoice
    public var isInForce: Bool
    /// Memory that the stage would take; nil while the models' shapes are not known.
    public var bytes: Int?
    /// Why it cannot be chosen now, and what to do; nil when it can.
    public var obstacle: String?

    public init(
      choice: PrecisionChoice, isInForce: Bool, bytes: Int? = nil, obstacle: String? = nil
    ) {
      self.choice = choice
      self.isInForce = isInForce
      self.bytes = bytes
      self.obstacle = obstacle
    }
  }

  public var scoring: NumberFormat
  public var training: NumberFormat
  /// What they come to where they are `auto`; nil while nothing has decided it.
  public var scoringInForce: NumberFormat?
  public var trainingInForce: NumberFormat?
  public var blockCheckpointing: Bool
  public var options: [Option]
  /// What this machine cannot do of the project's work, a sentence each.
  public var obstacles: [String]

  public init(
    scoring: NumberFormat, training: NumberFormat, scoringInForce: NumberFormat? = nil,
    trainingInForce: NumberFormat? = nil, blockCheckpointing: Bool, obstacles: [String] = [],
    options: [Option]
  ) {
    self.scoring = scoring
    self.training = training
    self.scoringInForce = scoringInForce
    self.trainingInForce = trainingInForce
    self.obstacles = obstacles
    self.blockCheckpointing = blockCheckpointing
    self.options = options
  }
}
