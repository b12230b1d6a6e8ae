import ArgumentParser
import Foundation
import TerminalUI
import Workbench

/// How the workbench looks.
struct ScreenArguments: ParsableArguments {
  @Option(
    help: """
      Theme; 'miniplm themes' lists them, auto is dark or light as the terminal's ground is. \
      (default: the project's, else that of config.toml, else neutral)
      """)
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
  @Flag(help: "Print one frame as text and leave, once all of it is there; SCREEN says of which.")
  var once = false
  @Option(help: "With --once: write the frame as a picture (SVG) in the theme's colours.")
  var svg: String?
  @Option(
    help: ArgumentHelp(
      "With --once: print the rows of a pane of the screen as CSV.", valueName: "pane"))
  var csv: String?
  @Option(
    help: ArgumentHelp("Settings to read in place of your config.toml.", valueName: "file"))
  var config: String?

  /// Where themes are looked for.
  static var catalogue: ThemeCatalogue { ThemeCatalogue(folders: ThemeFolders.all) }

  /// What the options say, in the words of the settings.
  var preferences: Preferences {
    var preferences = Preferences()
    preferences.theme = theme
    preferences.colours = noColor ? .monochrome : color
    preferences.glyphs = ascii ? .ascii : glyphs
    preferences.mouse = noMouse ? false : nil
    return preferences
  }

  /// Refuses what nothing can be opened with, before anything is made or started: a theme that is not
  /// there, and for a terminal also settings that cannot be read and a kind that cannot be drawn on.
  @MainActor func validate(forFrame: Bool) throws {
    _ = try options()
    guard !forFrame else { return }
    _ = try UserSettings(config: config)
    try CursesTerminal.probe(ProcessInfo.processInfo.environment["TERM"])
  }

  /// What a terminal, or one frame, is opened with. An asked-for theme that cannot be had is refused; one
  /// of the settings gives way to neutral.
  func options(_ layers: PreferenceLayers? = nil) throws -> TerminalUI.ScreenOptions {
    let ground = Ground(colorFGBG: ProcessInfo.processInfo.environment["COLORFGBG"])
    var wanted = PreferenceLayers()
    wanted[.option] = preferences
    let set = (layers ?? wanted).effective
    let name = set.theme ?? Theme.neutral.name
    let isAutomatic = name == Theme.automatic
    var theme = Theme.neutral
    do {
      let found = try Self.catalogue.load(isAutomatic ? Theme.name(on: ground) : name)
      for warning in found.warnings { Output.error(warning) }
      theme = found.theme
    } catch {
      if self.theme != nil { throw error }
      Output.error("\(error)")
    }
    return TerminalUI.ScreenOptions(
      theme: theme, glyphs: set.glyphs,
      // NO_COLOR is the terminal's to know.
      level: preferences.colours ?? (UserSettings.forbidsColour ? nil : set.colours),
      usesMouse: set.mouse ?? true, watchesGround: isAutomatic, ground: ground)
  }
}
