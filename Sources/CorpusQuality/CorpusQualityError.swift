public import Store

/// What keeps a corpus from being measured.
public enum CorpusQualityError: ActionableError, Equatable {
  /// Nothing is kept, or nothing dropped.
  case emptyGroup(ChunkGroup, scored: Int)
  /// A number that cannot be used.
  case setting(name: String, found: String, expected: String)
  /// Two tables of scores with too few chunks in common.
  case fewInCommon(found: Int, expected: Int)
  /// Vectors that no similarity can be computed of.
  case vectors(found: String, expected: String)

  public var message: String {
    switch self {
    case .emptyGroup(let group, let scored):
      "Of \(scored) scored chunks none is \(group.rawValue), expected at least one."
    case .setting(let name, let found, let expected):
      "Setting \(name): found \(found), expected \(expected)."
    case .fewInCommon(let found, let expected):
      "The tables have \(found) chunks with finite scores in common, expected at least \(expected)."
    case .vectors(let found, let expected):
      "Hidden states: found \(found), expected \(expected)."
    }
  }

  public var hint: String {
    switch self {
    case .emptyGroup: "Choose a ratio above 0 and below 1."
    case .setting: "Change the setting."
    case .fewInCommon: "Name scores of the same chunks."
    case .vectors: "Check the model's weights."
    }
  }
}
