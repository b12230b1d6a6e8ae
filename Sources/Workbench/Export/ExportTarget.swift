/// What a screen can be written as.
public enum ExportFormat: String, Sendable, CaseIterable {
  case csv, json, svg, txt

  static let list = "csv, json, svg or txt"

  var words: String {
    switch self {
    case .csv: "the rows of the focused pane"
    case .json: "the data of the screen"
    case .svg: "a picture of the screen"
    case .txt: "the screen as text"
    }
  }

  /// By the end of a file's name.
  init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: ".") else { return nil }
    self.init(rawValue: fileName[fileName.index(after: dot)...].lowercased())
  }
}

/// What is asked to be written, as far as it was said.
public struct ExportTarget: Sendable, Equatable {
  public var format: ExportFormat?
  /// A name in the project's folder of exports, or a path.
  public var name: String?

  public init(format: ExportFormat? = nil, name: String? = nil) {
    self.format = format
    self.name = name
  }
}

/// A file that is to be written: what is shown, in a format.
public struct ExportOrder: Sendable, Equatable {
  public var format: ExportFormat
  public var screen: ScreenID
  public var pane: Pane
  /// A name without folders goes into the project's `exports`, anything else is a path.
  public var name: String
  /// A person has said that a file of that name may go.
  public var replaces: Bool

  public init(
    format: ExportFormat, screen: ScreenID, pane: Pane, name: String, replaces: Bool = false
  ) {
    self.format = format
    self.screen = screen
    self.pane = pane
    self.name = name
    self.replaces = replaces
  }
}

/// What became of it.
public enum ExportAnswer: Sendable, Equatable {
  /// The path of the file.
  case written(String)
  /// A file of that name was there, and stays as it is.
  case exists(String)
  case failed(String)
}

/// Writes a text under a name for the workbench, which knows no files.
public typealias ExportPort =
  @MainActor (_ order: ExportOrder, _ text: String, _ folder: String?) -> ExportAnswer
