import TerminalUI

/// What is wrong in a file of settings: the line, what stands there, what could.
public struct Complaint: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int
  public let text: String

  public var description: String { "\(file):\(line): \(text)" }

  static func unknown(
    _ entry: TOMLText.Entry, _ what: String, known: [String], in file: String
  ) -> Complaint {
    let nearest = NearestName.of(entry.key, among: known)
    let advice = nearest.map { "Did you mean '\($0)'?" } ?? "Known: \(shown(known))."
    return Complaint(
      file: file, line: entry.line, text: "There is no \(what) '\(entry.key)'. \(advice)")
  }

  /// The key of a sentence that the default follows.
  static func bad(
    _ entry: TOMLText.Entry, expected: String, in file: String
  ) -> Complaint {
    Complaint(
      file: file, line: entry.line,
      text: "'\(entry.key)' is \(entry.value.shown); expected \(expected). The default is used.")
  }

  static func notTOML(_ problem: TOMLText.Problem, in file: String) -> Complaint {
    Complaint(file: file, line: problem.line, text: "This is no TOML: \(problem.text).")
  }

  private static func shown(_ known: [String]) -> String {
    known.count > 12 ? "'miniplm help keys' lists them" : known.joined(separator: ", ")
  }
}
