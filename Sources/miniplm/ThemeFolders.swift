import Foundation

/// The folders in which themes are looked for; what an earlier one has is not looked for in a later.
enum ThemeFolders {
  /// The person's configuration and data, what stands beside the program, the machine's data.
  static var all: [String] {
    folders(
      ProcessInfo.processInfo.environment,
      executable: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0])
  }

  static func folders(_ environment: [String: String], executable: String) -> [String] {
    let home = environment["HOME"] ?? "."
    // The specification of XDG: what is empty or no absolute path counts as unset.
    func path(_ name: String, _ usual: String) -> String {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? usual
    }
    let shared = (environment["XDG_DATA_DIRS"] ?? "").split(separator: ":").map(String.init)
      .filter { $0.hasPrefix("/") }
    return ["\(UserSettings.folder(environment))/themes"]
      + ["\(path("XDG_DATA_HOME", home + "/.local/share"))/miniplm/themes"]
      + beside(executable)
      + (shared.isEmpty ? ["/usr/local/share", "/usr/share"] : shared).map {
        "\($0)/miniplm/themes"
      }
  }

  /// `PREFIX/share` of a program in `PREFIX/bin`, a folder of themes with the program, and the
  /// sources of a program that lies in its build folder.
  private static func beside(_ executable: String) -> [String] {
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
      .deletingLastPathComponent()
    var folders = [
      folder.deletingLastPathComponent().path + "/share/miniplm/themes", folder.path + "/themes",
    ]
    while folder.path.contains("/.build/") || folder.lastPathComponent == ".build" {
      folder.deleteLastPathComponent()
      if folder.lastPathComponent == ".build" {
        folders.append(folder.deletingLastPathComponent().path + "/themes")
        break
      }
    }
    return folders
  }
}
