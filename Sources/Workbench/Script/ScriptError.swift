public import Store

/// Why a script of keys could not be read or did not hold.
public enum ScriptError: ActionableError, Hashable {
  case unreadable(line: Int, text: String, expected: String)
  case notOnScreen(line: Int, text: String)
  case timeOut(line: Int, waitingFor: String, seconds: Double)

  public var message: String {
    switch self {
    case .unreadable(let line, let text, let expected):
      "Script line \(line): found '\(text)', expected \(expected)."
    case .notOnScreen(let line, let text): "Script line \(line): '\(text)' is not on the screen."
    case .timeOut(let line, let what, let seconds):
      "Script line \(line): waited \(seconds) seconds for \(what)."
    }
  }

  public var hint: String {
    switch self {
    case .unreadable: "'miniplm open --help' lists the steps."
    case .notOnScreen: "Look at the screen with save-screen before this line, or wait for the text."
    case .timeOut: "Give the step more seconds, or check with save-screen what the screen shows."
    }
  }
}
