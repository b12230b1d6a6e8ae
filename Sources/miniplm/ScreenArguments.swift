import ArgumentParser
import Foundation
import TerminalUI
import Workbench

/// How the workbench looks.
struct ScreenArguments: ParsableArguments {
  @Option(help: "Theme; 'miniplm themes' lists them.")
  var theme = "neutral"
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
  @Flag(help: "Print one frame as text and leave, once all of it is there; SCREEN says of which.")
  var once = false
  @Option(help: "With --once: write the frame as a picture (SVG) in the theme's colours.")
  var svg: String?
  @Option(
    help: ArgumentHelp(
      "With --once: print the rows of a pane of the screen as CSV.", valueName: "pane"))
  var csv: String?

  /// Where themes are: the user's folder, then the program's.
  static var catalogue: ThemeCatalogue {
    let environment = ProcessInfo.processInfo.environment
    let configuration =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? (environment["HOME"] ?? ".") + "/.config"
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return .standard(configFolder: configuration + "/miniplm", executablePath: executable)
  }

  /// What the terminal is opened with.
  func options() throws -> TerminalUI.ScreenOptions {
    let (theme, warnings) = try Self.catalogue.load(theme)
    for warning in warnings { Output.error("theme \(theme.name): \(warning)") }
    return TerminalUI.ScreenOptions(
      theme: theme, glyphs: ascii ? .ascii : glyphs, level: noColor ? .monochrome : color,
      usesMouse: !noMouse)
  }
}
