import ArgumentParser
import Foundation
import TerminalUI
import Workbench

/// How the workbench looks.
struct ScreenArguments: ParsableArguments {
  @Option(help: "Theme; 'miniplm themes' lists them. (default: that of config.toml, or neutral)")
  var theme: String?
  @Option(help: "Colours at most: 256, 16, 8 or 0 for none.")
  var color: ColourLevel?
  @Flag(help: "No colours; as NO_COLOR does.")
  var noColor = false
  @Option(help: "Signs to draw with: braille, block or ascii.")
  var glyphs: Glyphs?
  @Flag(help: "Plain ASCII only, the same as --glyphs ascii.")
  var ascii = false
  @Flag(help: "Leave the mouse to the terminal.")
  var noMouse = false
  @Option(help: "Screen to begin with, by name or digit.")
  var screen: ScreenID?
  @Option(help: "Play a script of keys and checks on a screen without a terminal.")
  var script: String?
  @Flag(help: "Print one frame as text and leave.")
  var once = false
  @Option(
    help: ArgumentHelp("Settings to read instead of the user's config.toml.", valueName: "file"))
  var config: String?

  /// Where themes are: the user's folder, then the program's.
  static var catalogue: ThemeCatalogue {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return .standard(configFolder: UserSettings.folder, executablePath: executable)
  }

  /// Whether the environment forbids colours.
  static var forbidsColour: Bool {
    ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
  }

  /// What the terminal is opened with: what the options leave open, the user's settings say.
  func options(_ user: Preferences = Preferences()) throws -> TerminalUI.ScreenOptions {
    let (theme, warnings) = try Self.catalogue.load(theme ?? user.theme ?? Theme.neutral.name)
    for warning in warnings { Output.error("theme \(theme.name): \(warning)") }
    let allowed = Self.forbidsColour ? nil : user.colours
    return TerminalUI.ScreenOptions(
      theme: theme, glyphs: ascii ? .ascii : glyphs ?? user.glyphs,
      level: noColor ? .monochrome : color ?? allowed, usesMouse: usesMouse(user))
  }

  func usesMouse(_ user: Preferences) -> Bool { !noMouse && user.usesMouse != false }
}
