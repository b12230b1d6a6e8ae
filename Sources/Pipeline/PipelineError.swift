public import Store
public import TensorKit

/// What a verb cannot work with, beyond the errors of the modules that it uses.
public enum PipelineError: ActionableError, Equatable {
  /// A setting that cannot work.
  case setting(name: String, found: String, expected: String)
  /// What an earlier run has left was made with other settings.
  case otherSettings(path: String, found: String, expected: String)
  /// Shards without a table of their documents.
  case noDocuments(folder: String)
  /// Something that is none of the kinds that are known.
  case unknownKind(path: String, known: [String])
  /// Checks before a scoring that failed and were not waived.
  case checks([CheckRow])
  /// Scores that were begun in a precision that this processor computes otherwise.
  case foreignPrecision(path: String, found: Precision, has: String)

  public var message: String {
    switch self {
    case .setting(let name, let found, let expected):
      "Setting \(name): found \(found), expected \(expected)."
    case .otherSettings(let path, let found, let expected):
      "\(path) was made with \(found), this run asks for \(expected)."
    case .noDocuments(let folder): "\(folder) holds no documents.json."
    case .unknownKind(let path, let known):
      "\(path) is none of what is known here: \(known.joined(separator: ", "))."
    case .foreignPrecision(let path, let found, let has):
      "\(path) was begun in \(found.rawValue), which this processor (\(has)) computes otherwise."
    case .checks(let rows):
      (rows.count == 1 ? "A check" : "\(rows.count) checks") + " before scoring failed. "
        + rows.map { row in
          let text = row.text.hasSuffix(".") ? String(row.text.dropLast()) : row.text
          return "\(row.check.rawValue): \(text)."
        }.joined(separator: " ")
    }
  }

  public var hint: String {
    switch self {
    case .setting: "Correct it in project.json or on the command line."
    case .noDocuments: "Name the folder that pack wrote, with --documents."
    case .unknownKind: "Name one of them."
    case .otherSettings: "Write to another place, or remove what is there."
    case .foreignPrecision:
      "Scores of two kinds cannot be mixed: go on where they were begun, or begin in another folder."
    case .checks(let rows):
      rows.compactMap(\.advice).map { "\($0) " }.joined()
        + "To score all the same: --waive \(rows.map(\.check.rawValue).joined(separator: ","))."
    }
  }
}
