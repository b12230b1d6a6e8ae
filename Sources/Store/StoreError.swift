/// What can go wrong between the process and its files.
public enum StoreError: ActionableError, Equatable {
  /// A system call failed on `path`.
  case system(operation: String, path: String, reason: String)
  /// Another live process holds the project.
  case locked(path: String, holder: String)
  /// A file is not what its name promises.
  case malformed(path: String, found: String, expected: String)
  /// Whoever asked for the file wanted no more of it.
  case stopped(path: String)

  public var message: String {
    switch self {
    case .system(let operation, let path, let reason):
      "Cannot \(operation) \(path): \(reason)."
    case .locked(let path, let holder):
      "\(path) is in use by \(holder)."
    case .malformed(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)."
    case .stopped(let path):
      "\(path) was not read to its end: stopped on request."
    }
  }

  public var hint: String {
    switch self {
    case .system(_, _, let reason) where reason.contains("No space"):
      "Free some disk space and run the same command again: finished work is kept."
    case .system:
      "Check that the path exists and that you may use it."
    case .locked:
      "Wait for that process to end, or stop it."
    case .malformed:
      "Remove the file to have it made again, or restore it."
    case .stopped:
      "Run the same command again: finished work is kept."
    }
  }
}
