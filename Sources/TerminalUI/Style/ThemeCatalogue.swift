import Foundation

/// Finds theme files in folders; earlier folders win.
public struct ThemeCatalogue: Sendable {
  /// Themes are TOML, by either name.
  public static let fileExtensions = ["theme", "toml"]
  public var folders: [String]

  public init(folders: [String]) {
    self.folders = folders
  }

  /// Names of all themes, sorted; `neutral` is always there.
  public var names: [String] {
    var names: Set<String> = [Theme.neutral.name]
    for folder in folders {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
        if let name = Self.name(ofFile: file) { names.insert(name) }
      }
    }
    return names.sorted()
  }

  /// The theme that a file of a folder holds; nil where it is no theme's.
  public static func name(ofFile file: String) -> String? {
    guard let dot = file.lastIndex(of: "."), dot > file.startIndex,
      fileExtensions.contains(String(file[file.index(after: dot)...]))
    else { return nil }
    return String(file[..<dot])
  }

  /// Reads a theme by name.
  public func load(_ name: String) throws(ThemeError) -> (theme: Theme, warnings: [String]) {
    // A name is a file name, never a path.
    if !name.contains("/") {
      for folder in folders {
        for ending in Self.fileExtensions {
          let path = "\(folder)/\(name).\(ending)"
          if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            return try ThemeFile.parse(text, name: name)
          }
        }
      }
    }
    if name == Theme.neutral.name { return (.neutral, []) }
    throw ThemeError.notFound(theme: name, known: names)
  }
}
