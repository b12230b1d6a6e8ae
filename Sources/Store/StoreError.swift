import Glibc

/// What can go wrong between the process and its files.
public enum StoreError: ActionableError, Equatable {
  /// A system call failed on `path`.
  case system(operation: String, path: String, failure: SystemFailure)
  /// Another live process writes there.
  case locked(path: String, holder: String)
  /// A place for results holds something else; nothing is overwritten.
  case occupied(path: String, found: String, instead: String)
  /// A place for results that cannot be one.
  case unusableOutput(path: String, found: String, expected: String)
  /// A file is not what its name promises.
  case malformed(path: String, found: String, expected: String)
  /// A pipe, a socket or a device where a file is read: it would have to be waited for.
  case notAFile(path: String)
  /// A result that is larger than the room for it; nothing is written yet.
  case noRoom(path: String, needed: Int, free: Int)
  /// Whoever asked for the file wanted no more of it.
  case stopped(path: String)

  public var message: String {
    switch self {
    case .system(let operation, let path, let failure):
      "Cannot \(operation) \(path): \(failure.words)."
    case .locked(let path, let holder):
      "\(path) is being written by \(holder)."
    case .occupied(let path, let found, _):
      "\(path) exists already and holds \(found); nothing was changed."
    case .unusableOutput(let path, let found, let expected):
      "Cannot write to \(path.isEmpty ? "\"\"" : path): found \(found), expected \(expected)."
    case .malformed(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)."
    case .notAFile(let path):
      "\(path): found no regular file (a pipe, socket or device), expected a file."
    case .noRoom(let path, let needed, let free):
      "\(path) takes \(needed) bytes, and its disk has \(free) left."
    case .stopped(let path):
      "\(path) was not read to its end: stopped on request."
    }
  }

  public var hint: String {
    switch self {
    case .system(_, let path, let failure): failure.hint(path: path)
    case .locked:
      "Wait for that process to end, or stop it; then run this command again."
    case .occupied(_, _, let instead): instead
    case .unusableOutput: "Name another place."
    case .malformed:
      "Mend it or restore it from a copy; what a command wrote, that command writes again."
    case .notAFile: "Write what it gives into a file, and name that."
    case .noRoom:
      "Free some disk space (df -h shows how much there is), or name a place on another disk."
    case .stopped:
      "Run the same command again: finished work is kept."
    }
  }
}

extension StoreError {
  /// Whether something could not be written for want of room, or by a disk that fails: nothing that
  /// was given is wrong, and the same work can be done elsewhere.
  public var isFailedWrite: Bool {
    if case .noRoom = self { return true }
    guard case .system(let operation, _, let failure) = self else { return false }
    return switch failure.code {
    // Nothing that only reads meets these.
    case ENOSPC, EDQUOT, EFBIG, EROFS: true
    case EIO: Self.writing.contains(operation)
    default: false
    }
  }

  /// Operations of what writes, by the words that they are reported with.
  private static let writing: Set<String> = [
    "close", "create", "cut", "link", "make the folder", "move aside", "rename to", "shorten",
    "sync",
    "write",
  ]

  /// The error that `errno` names.
  public static func system(operation: String, path: String) -> StoreError {
    .system(operation: operation, path: path, failure: SystemFailure(code: errno))
  }

  /// An error that no system call names.
  public static func system(operation: String, path: String, reason: String) -> StoreError {
    .system(operation: operation, path: path, failure: SystemFailure(words: reason))
  }
}
