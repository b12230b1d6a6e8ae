import ArgumentParser
import Foundation
import TerminalUI
import Workbench

/// How the workbench looks.
struct ScreenArguments: ParsableArguments {
  @Option(
    help: "Theme; 'miniplm themes' lists them, auto is dark or light as the terminal's ground is.")
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

  /// Where themes are looked for.
  static var catalogue: ThemeCatalogue { ThemeCatalogue(folders: ThemeFolders.all) }

  /// What the terminal is opened with.
  func options() throws -> TerminalUI.ScreenOptions {
    let ground = Ground(colorFGBG: ProcessInfo.processInfo.environment["COLORFGBG"])
    let isAutomatic = theme == Theme.automatic
    let (theme, warnings) = try Self.catalogue.load(isAutomatic ? Theme.name(on: ground) : theme)
    for warning in warnings { Output.error("theme \(theme.name): \(warning)") }
    return TerminalUI.ScreenOptions(
      theme: theme, glyphs: ascii ? .ascii : glyphs, level: noColor ? .monochrome : color,
      usesMouse: !noMouse, watchesGround: isAutomatic, ground: ground)
  }
}
