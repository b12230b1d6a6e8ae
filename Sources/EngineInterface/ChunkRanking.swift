/// By what chunks are ranked, the first ones being kept. All but the difference are controls that the
/// same scores give for nothing, and no part of the method.
public enum ChunkRanking: String, Sendable, CaseIterable, Codable {
  case difference
  case lowestDifference = "lowest-difference"
  case highestReferenceLoss = "highest-reference-loss"
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

  /// What the last kept chunk was ranked by, and on which side of it is kept: "d>=", "ref<=".
  public var border: String {
    switch self {
    case .difference: "d>="
    case .lowestDifference: "d<="
    case .highestReferenceLoss: "ref>="
    case .lowestReferenceLoss: "ref<="
    }
  }
}
