public import Store

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

  public var message: String {
    switch self {
    case .setting(let name, let found, let expected):
      "Setting \(name): found \(found), expected \(expected)."
    case .otherSettings(let path, let found, let expected):
      "\(path) was made with \(found), this run asks for \(expected)."
    case .noDocuments(let folder): "\(folder) holds no documents.json."
    case .unknownKind(let path, let known):
      "\(path) is none of what is known here: \(known.joined(separator: ", "))."
    }
  }

  public var hint: String {
    switch self {
    case .setting: "Correct it in project.json or on the command line."
    case .noDocuments: "Name the folder that pack wrote, with --documents."
    case .unknownKind: "Name one of them."
    case .otherSettings: "Write to another place, or remove what is there."
    }
  }
}
