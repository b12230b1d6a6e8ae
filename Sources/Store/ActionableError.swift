/// An error that a person can act on.
///
/// Every module's error enum conforms: `message` says what was found and what was expected, `hint`
/// says what to do. The command line prints both; the workbench shows them in its status line.
public protocol ActionableError: Error, CustomStringConvertible {
  /// What was found and what was expected, one sentence.
  var message: String { get }
  /// What to do about it, one sentence.
  var hint: String { get }
}

extension ActionableError {
  public var description: String { hint.isEmpty ? message : "\(message) \(hint)" }
}
