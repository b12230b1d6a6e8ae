public import Store

/// What is wrong with a cache of a teacher's distributions.
public enum DistillationError: ActionableError, Equatable {
  /// A folder without a cache, or with one that cannot be used here.
  case cache(path: String, found: String, expected: String, advice: String)

  public var message: String {
    switch self {
    case .cache(let path, let found, let expected, _):
      "\(path): found \(found), expected \(expected)."
    }
  }

  public var hint: String {
    switch self {
    case .cache(_, _, _, let advice): advice
    }
  }
}
