public import Store

/// Why a recipe cannot be replayed.
public enum RecipeError: ActionableError, Equatable {
  /// A line that is no change of a selection.
  case unreadable(path: String, line: Int, reason: String)
  /// A change that cannot be made here.
  case refused(path: String, line: Int, reason: String)

  public var message: String {
    switch self {
    case .unreadable(let path, let line, let reason), .refused(let path, let line, let reason):
      "\(path), line \(line): \(reason)."
    }
  }

  public var hint: String {
    switch self {
    case .unreadable: "Correct the line; nothing was done."
    case .refused: "Take the line out, or give a project that it fits; nothing was done."
    }
  }
}
