public import Store

/// What can go wrong between the stages of a project.
public enum EngineError: ActionableError, Equatable {
  /// A stage needs the result of an earlier one.
  case missing(stage: String, needs: String, path: String)
  /// The project folder was made with other settings.
  case otherSettings(path: String, found: String, expected: String)
  /// A setting that cannot work.
  case setting(name: String, found: String, expected: String)
  /// A number or a choice in a project's file that cannot work.
  case projectFile(path: String, setting: String, found: String, expected: String)
  /// A chunk that does not exist.
  case noChunk(index: Int, count: Int)

  public var message: String {
    switch self {
    case .missing(let stage, let needs, let path):
      "To \(stage), \(needs) is needed; \(path) does not hold it."
    case .otherSettings(let path, let found, let expected):
      "\(path) was made with \(found), this run asks for \(expected)."
    case .setting(let name, let found, let expected):
      "Setting \(name): found \(found), expected \(expected)."
    case .projectFile(let path, let setting, let found, let expected):
      "\(path): \(setting) is \(found), expected \(expected)."
    case .noChunk(let index, let count):
      "There is no chunk \(index); the corpus has \(count)."
    }
  }

  public var hint: String {
    switch self {
    case .missing: "Run the earlier stage first."
    case .otherSettings: "Use another project folder, or remove this one."
    case .setting: "Correct it in project.json or on the command line."
    case .projectFile: "Correct it in that file."
    case .noChunk: "Choose a chunk of the list."
    }
  }
}
