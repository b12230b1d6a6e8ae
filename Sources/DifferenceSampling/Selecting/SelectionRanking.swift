/// By what chunks are ranked, the first ones being kept.
///
/// The method ranks by the difference. The others are controls that the same scores give for nothing:
/// no part of the method, and named as such wherever they decide.
public enum SelectionRanking: String, Sendable, Codable, CaseIterable {
  /// The highest reference NLL - teacher NLL: difference sampling.
  case difference
  /// The lowest of the same.
  case lowestDifference = "lowest-difference"
  /// What the reference finds hardest, whatever the teacher says.
  case highestReferenceLoss = "highest-reference-loss"
  /// What the reference finds easiest.
  case lowestReferenceLoss = "smallest-reference-loss"

  /// Whether it is the published method's.
  public var isMethod: Bool { self == .difference }

  /// "the lowest difference".
  public var words: String {
    switch self {
    case .difference: "the highest difference"
    case .lowestDifference: "the lowest difference"
    case .highestReferenceLoss: "the highest reference NLL"
    case .lowestReferenceLoss: "the smallest reference NLL"
    }
  }

  /// What it looks at, nats per counted token.
  public func value(of score: ChunkScore) -> Float {
    switch self {
    case .difference, .lowestDifference: score.difference
    case .highestReferenceLoss, .lowestReferenceLoss: score.referenceNLL
    }
  }

  /// Falls with the rank.
  func key(of score: ChunkScore) -> Float {
    switch self {
    case .difference, .highestReferenceLoss: value(of: score)
    case .lowestDifference, .lowestReferenceLoss: -value(of: score)
    }
  }
}
