public import LanguageModels
public import Training

/// What came out of one student: `results/NAME.json`, the last file that is written of it.
public struct StudentResult: Codable, Sendable, Equatable {
  /// Floating-point operations, without those of evaluation.
  public struct Computation: Codable, Sendable, Equatable {
    /// What every student of the group may compute, scoring included.
    public var budget: Double
    /// Of its own training, a teacher's passes beside it included.
    public var training: Double
    /// Its share of what was computed before, scores and text that the teacher writes, as the recipe
    /// charges it.
    public var scoring: Double
    /// All of that which its arm needs.
    public var fullScoring: Double

    /// What it is charged with in all.
    public var charged: Double { training + scoring }
  }

  /// The held-out loss while it was trained, on some of the chunks.
  public struct Point: Codable, Sendable, Equatable {
    public var step: Int
    public var tokens: Int
    /// Of training up to here.
    public var flops: Double
    /// Mean over chunks, nats a token.
    public var loss: Double
  }

  public var student: String
  /// Students that are compared but for arm and seed.
  public var group: String
  public var arm: String
  public var method: String
  public var ratio: Double?
  public var model: String
  public var family: Family
  public var parameters: Int
  public var seed: UInt64
  /// Input tokens of the budget, and of this student.
  public var budgetTokens: Int
  public var tokens: Int
  public var steps: Int
  public var flops: Computation
  /// On all held-out chunks, after the last step.
  public var losses: EvaluationSummary
  public var curve: [Point]

  /// The loss that students are compared by: mean over chunks, as published.
  public var loss: Double { losses.all.chunkMean }
}
