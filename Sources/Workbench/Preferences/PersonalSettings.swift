/// What a person's files and the command line say, as far as they can be used.
public struct PersonalSettings: Sendable {
  public var layers: PreferenceLayers
  public var table: ActionTable
  /// Names of the themes that can be chosen.
  public var themes: [String]
  /// What is wrong in the files.
  public var complaints: [Complaint]

  public init(
    layers: PreferenceLayers = PreferenceLayers(), table: ActionTable = .standard,
    themes: [String] = [], complaints: [Complaint] = []
  ) {
    self.layers = layers
    self.table = table
    self.themes = themes
    self.complaints = complaints
  }

  /// One sentence for the status line; nil where nothing is wrong.
  public var warning: String? {
    guard let first = complaints.first else { return nil }
    let others = complaints.count - 1
    return first.description
      + (others == 0 ? "" : " \(others) more: 'miniplm config check' lists them.")
  }
}

/// What the program keeps for a person between visits. Screens know no files: the executable does.
@MainActor
public protocol PersonalFiles: AnyObject {
  /// What held when the files were looked at last.
  var settings: PersonalSettings { get }
  /// Looks at the files again; nil where nothing has changed since the last look. A file that is broken
  /// now leaves what it said before in force, with a complaint.
  func changes() -> PersonalNews?
  /// Writes a setting, in TOML, into config.toml, and leaves the rest of the file as it is.
  func write(_ preference: String, _ value: String) throws
  /// How the project's screens were left; nil where nobody has left them yet.
  func view() -> String?
  func write(view: String) throws
}

/// Changed files: the settings that hold now, and what is to be said.
public struct PersonalNews: Sendable {
  public var settings: PersonalSettings
  /// A theme's file has changed.
  public var hasNewThemes: Bool
  public var text: String
  public var isWarning: Bool

  public init(
    settings: PersonalSettings, hasNewThemes: Bool = false, text: String, isWarning: Bool = false
  ) {
    self.settings = settings
    self.hasNewThemes = hasNewThemes
    self.text = text
    self.isWarning = isWarning
  }
}
