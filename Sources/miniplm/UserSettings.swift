import Foundation
import Store
import TerminalUI
import Workbench

/// What the files config.toml and keys.toml of a person say.
struct UserSettings {
  /// Where they lie: `MINIPLM_CONFIG_DIR`, else `miniplm` under `XDG_CONFIG_HOME` or `~/.config`.
  static var folder: String { folder(ProcessInfo.processInfo.environment) }

  static func folder(_ environment: [String: String]) -> String {
    if let own = environment["MINIPLM_CONFIG_DIR"], !own.isEmpty { return own }
    // The specification of XDG: what is no absolute path counts as unset.
    let shared = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (shared ?? (environment["HOME"] ?? ".") + "/.config") + "/miniplm"
  }

  static var keyFile: String { folder + "/" + KeyFile.name }

  /// Whether the environment forbids colours.
  static var forbidsColour: Bool {
    ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
  }

  /// The file of settings in use, and whether it was asked for by name.
  let file: String
  private let isWanted: Bool
  private(set) var reading = PreferenceFile.Reading()
  private(set) var table = ActionTable.standard
  /// What is wrong with the keys.
  private var keyComplaints: [Complaint] = []

  /// What is wrong in either file.
  var complaints: [Complaint] { reading.complaints + keyComplaints }

  /// Reads both files. One that is not there says nothing, except one that was asked for by name.
  init(config: String?) throws {
    file = config ?? Self.folder + "/" + PreferenceFile.name
    isWanted = config != nil
    try readSettings()
    try readKeys()
  }

  /// Reads the settings again. Text that is no TOML leaves what holds.
  mutating func readSettings() throws {
    guard let text = try Self.text(file, isWanted: isWanted) else {
      reading = PreferenceFile.Reading()
      return
    }
    do {
      reading = try PreferenceFile.read(
        text, file: file, themes: [Theme.automatic] + ScreenArguments.catalogue.names)
    } catch {
      reading.complaints = [Self.broken(file, error)]
    }
  }

  /// Reads the keys again. Text that is no TOML leaves what holds, and so does a key with two meanings.
  mutating func readKeys() throws {
    guard let text = try Self.text(Self.keyFile, isWanted: false) else {
      (table, keyComplaints) = (.standard, [])
      return
    }
    do {
      let (keys, complaints) = try KeyFile.read(text, file: Self.keyFile)
      (table, keyComplaints) = (ActionTable(keys: keys), complaints)
    } catch {
      keyComplaints = [Self.broken(Self.keyFile, error)]
    }
  }

  private static func broken(_ file: String, _ fault: TOMLFault) -> Complaint {
    Complaint(
      file: file, line: fault.line, "This is no TOML: \(fault.problem). What held before holds.")
  }

  private static func text(_ path: String, isWanted: Bool) throws -> String? {
    if !isWanted, !FileManager.default.fileExists(atPath: path) { return nil }
    return String(decoding: try FileContents.read(path), as: UTF8.self)
  }
}

extension UserSettings {
  /// What the files and the environment say, under the options of the command line.
  func layers(_ options: Preferences) -> PreferenceLayers {
    var layers = PreferenceLayers()
    layers[.option] = options
    layers[.environment].colours = Self.forbidsColour ? .monochrome : nil
    layers[.configuration] = reading.preferences
    return layers
  }
}
