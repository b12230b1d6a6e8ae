import Foundation
import Store
import TerminalUI
import Workbench

/// The user's files: config.toml, keys.toml and the folder of themes.
struct UserSettings {
  /// Where they lie: `MINIPLM_CONFIG_DIR`, else `miniplm` under `XDG_CONFIG_HOME` or `~/.config`.
  static var folder: String {
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    return value("MINIPLM_CONFIG_DIR")
      ?? (value("XDG_CONFIG_HOME") ?? (value("HOME") ?? ".") + "/.config") + "/miniplm"
  }

  static var keyFile: String { folder + "/keys.toml" }

  /// The settings in use.
  let file: String
  var preferences = Preferences()
  var table = ActionTable.standard
  /// What is wrong in either file.
  var complaints: [Complaint] = []

  /// Reads both files. One that is not there says nothing, except a file that was asked for by name.
  init(config: String?) throws {
    file = config ?? Self.folder + "/config.toml"
    if let text = try Self.text(file, isWanted: config != nil) {
      let themes = ScreenArguments.catalogue.names
      (preferences, complaints) = Preferences.read(text, file: file, themes: themes)
    }
    if let text = try Self.text(Self.keyFile, isWanted: false) {
      let (table, complaints) = KeyFile.read(text, file: Self.keyFile)
      self.table = table
      self.complaints += complaints
    }
  }

  /// One sentence for the status line; nil where nothing is wrong.
  var warning: String? {
    guard let first = complaints.first else { return nil }
    let others = complaints.count - 1
    return first.description
      + (others == 0 ? "" : " \(others) more: 'miniplm config check' lists them.")
  }

  private static func text(_ path: String, isWanted: Bool) throws -> String? {
    if !isWanted, !FileManager.default.fileExists(atPath: path) { return nil }
    return String(decoding: try FileContents.read(path), as: UTF8.self)
  }
}
