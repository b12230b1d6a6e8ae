import Foundation

/// Finds theme files in folders; earlier folders win.
public struct ThemeCatalogue: Sendable {
  public static let fileExtension = "theme"
  public var folders: [String]

  public init(folders: [String]) {
    self.folders = folders
  }

  /// Names of all themes, sorted; `neutral` is always there.
  public var names: [String] {
    var names: Set<String> = [Theme.neutral.name]
    for folder in folders {
      for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      where file.hasSuffix(".\(Self.fileExtension)") {
        names.insert(String(file.dropLast(Self.fileExtension.count + 1)))
      }
    }
    return names.sorted()
  }

  /// Reads a theme by name.
  public func load(_ name: String) throws(ThemeError) -> (theme: Theme, warnings: [String]) {
    // A name is a file name, never a path.
    if !name.contains("/") {
      for folder in folders {
        let path = "\(folder)/\(name).\(Self.fileExtension)"
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
          return try ThemeFile.parse(text, name: name)
        }
      }
    }
    if name == Theme.neutral.name { return (.neutral, []) }
    throw ThemeError.notFound(theme: name, known: names)
  }
}
