import Foundation
import Store
import TerminalUI
import Workbench

/// The files of a person and of a project behind a screen: read at its start, looked at while it stands,
/// written whole (temporary file, fsync, rename).
@MainActor
final class UserFiles: PersonalFiles {
  private var user: UserSettings
  private let options: Preferences
  private let viewFile: String
  private var stamps: [String: Stamp]

  /// What tells that a file is another one.
  private struct Stamp: Equatable {
    var time: timespec
    var size: Int
    var number: UInt

    static func == (left: Stamp, right: Stamp) -> Bool {
      left.time.tv_sec == right.time.tv_sec && left.time.tv_nsec == right.time.tv_nsec
        && left.size == right.size && left.number == right.number
    }

    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      (time, size, number) = (status.st_mtim, Int(status.st_size), UInt(status.st_ino))
    }
  }

  /// `options` are what the command line says, `project` the folder that remembers its screens.
  init(_ user: UserSettings, options: Preferences, project: String) {
    self.user = user
    self.options = options
    viewFile = project + "/view.json"
    stamps = Self.stamps(user.file)
  }

  var settings: PersonalSettings {
    PersonalSettings(
      layers: user.layers(options), table: user.table,
      themes: [Theme.automatic] + ScreenArguments.catalogue.names, complaints: user.complaints)
  }

  private static func stamps(_ config: String) -> [String: Stamp] {
    var paths = [config, UserSettings.keyFile]
    for folder in ScreenArguments.catalogue.folders {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      paths += files.filter { ThemeCatalogue.name(ofFile: $0) != nil }.map { "\(folder)/\($0)" }
    }
    return Dictionary(
      paths.compactMap { path in Stamp(path).map { (path, $0) } }, uniquingKeysWith: { $1 })
  }

  func changes() -> PersonalNews? {
    let now = Self.stamps(user.file)
    let paths = Set(now.keys).union(stamps.keys).filter { now[$0] != stamps[$0] }.sorted()
    guard !paths.isEmpty else { return nil }
    stamps = now
    var (words, problems): ([String], [String]) = ([], [])
    let themes = paths.filter { $0 != user.file && $0 != UserSettings.keyFile }
    if paths.contains(user.file) {
      do { try user.readSettings() } catch { problems.append("\(error)") }
      problems += user.reading.complaints.map(\.description)
      words.append((user.file as NSString).lastPathComponent)
    }
    if paths.contains(UserSettings.keyFile) {
      do { try user.readKeys() } catch { problems.append("\(error)") }
      problems += user.complaints.dropFirst(user.reading.complaints.count).map(\.description)
      words.append(KeyFile.name)
    }
    for path in themes where now[path] != nil {
      guard let name = ThemeCatalogue.name(ofFile: (path as NSString).lastPathComponent) else {
        continue
      }
      do {
        problems += try ScreenArguments.catalogue.load(name).warnings
      } catch {
        problems.append("\(error)")
      }
      words.append("theme \(name)")
    }
    let text =
      problems.first.map { $0 + (problems.count > 1 ? " \(problems.count - 1) more." : "") }
      ?? (words.isEmpty ? "A theme has gone." : "Read again: \(words.joined(separator: ", ")).")
    return PersonalNews(
      settings: settings, hasNewThemes: !themes.isEmpty, text: text, isWarning: !problems.isEmpty)
  }

  func write(_ preference: String, _ value: String) throws {
    let path = user.file
    let text: String
    if FileManager.default.fileExists(atPath: path) {
      text = String(decoding: try FileContents.read(path), as: UTF8.self)
      // What cannot be read is not written over.
      _ = try TOMLText(text)
    } else {
      try Folder.make((path as NSString).deletingLastPathComponent)
      text = ""
    }
    // A link keeps its place, as people who keep their settings elsewhere have made it.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    try AtomicFile.write(text: TOMLEdit.setting(preference, to: value, in: text), to: target)
    try user.readSettings()
    stamps[path] = Stamp(path)
  }

  func view() -> String? {
    guard FileManager.default.fileExists(atPath: viewFile) else { return nil }
    return (try? FileContents.read(viewFile)).map { String(decoding: $0, as: UTF8.self) }
  }

  func write(view: String) throws {
    try AtomicFile.write(text: view, to: viewFile)
  }
}
