public import Store

/// What can go wrong between a screen and an engine in another process.
public enum LinkError: ActionableError, Equatable {
  /// Nobody serves the project.
  case notThere(folder: String)
  /// The other side does not answer.
  case silent(seconds: Int)
  /// The other side does not take this one, in its own words.
  case refused(String)
  /// The other side belongs to another user.
  case foreign(user: Int)
  /// The other side speaks another version of the language.
  case version(found: Int, expected: Int)
  /// What came is no message.
  case garbage(found: String)
  /// A message that is larger than any may be.
  case oversize(bytes: Int, limit: Int)
  /// The file system has no sockets, and none could be had elsewhere.
  case noSocket(folder: String, reason: String)

  public var message: String {
    switch self {
    case .notThere(let folder): "Nothing works on \(folder) now."
    case .silent(let seconds): "The engine's process has not answered for \(seconds) seconds."
    case .refused(let reason): reason
    case .foreign(let user): "The other side belongs to user \(user), and not to you."
    case .version(let found, let expected):
      "The other side speaks version \(found) of the link, this program version \(expected)."
    case .garbage(let found): "The other side sent \(found), expected a message of the link."
    case .oversize(let bytes, let limit):
      "The other side sent a message of \(bytes) bytes, expected at most \(limit)."
    case .noSocket(let folder, let reason): "\(folder) cannot be served: \(reason)."
    }
  }

  public var hint: String {
    switch self {
    case .notThere: "'miniplm open' and 'miniplm run' begin work."
    case .silent: "See with ps whether it is stopped (state T): kill -CONT lets it go on."
    case .refused: "Try again when that has changed."
    case .foreign: "Only the user who started the work can attach to it."
    case .version, .garbage, .oversize:
      "Attach with the program that started the work, or let that work end first."
    case .noSocket: "Work goes on; it cannot be attached to."
    }
  }
}
