import ArgumentParser
import Foundation
import TerminalUI
import Workbench

/// The user's settings and keys.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Check and show the settings of the workbench.",
    discussion: """
      Settings are in config.toml, keys in keys.toml, themes in themes/, all in $MINIPLM_CONFIG_DIR, \
      else in miniplm under $XDG_CONFIG_HOME or ~/.config. An option comes before NO_COLOR, that before \
      config.toml, and that before the default. What cannot be used is told and left at its default. \
      keys.toml has lines as ratio.down = ["[", "Left"]; 'help keys' lists the actions and their keys.
      """,
    subcommands: [Check.self, Path.self, Print.self, Default.self])

  /// Which settings are meant.
  struct Place: ParsableArguments {
    @Option(
      help: ArgumentHelp("Settings to read instead of the user's config.toml.", valueName: "file"))
    var config: String?
  }

  struct Check: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Read settings and keys; exit code 2 and all complaints where something is wrong.")
    @OptionGroup var place: Place

    func run() throws {
      let settings = try UserSettings(config: place.config)
      for complaint in settings.complaints { Output.error("\(complaint)") }
      guard settings.complaints.isEmpty else { throw ExitStatus(code: 2, text: nil) }
      try Output.line("nothing to complain about")
    }
  }

  struct Path: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(abstract: "Print the folder of the settings.")

    func run() throws { try Output.line(UserSettings.folder) }
  }

  struct Print: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print what holds, a line each: name, value and where it is from.")
    @OptionGroup var place: Place

    func run() throws {
      let settings = try UserSettings(config: place.config)
      let set = settings.preferences
      let isColourless = ScreenArguments.forbidsColour
      let rows: [(key: String, value: String?, usual: String)] = [
        ("theme", set.theme, Theme.neutral.name),
        ("color", set.colours.map { "\($0.rawValue)" }, "as many as the terminal has"),
        ("glyphs", set.glyphs?.rawValue, "as the locale allows"),
        ("mouse", set.usesMouse.map { "\($0)" }, "true"),
        ("screen", set.screen.map { "\($0)" }, "corpus"),
      ]
      for row in rows {
        if row.key == "color", isColourless {
          try Output.row(["color", "0", "NO_COLOR"])
          continue
        }
        let line = set.lines[row.key].map { "\(settings.file):\($0)" }
        try Output.row([row.key, row.value ?? row.usual, line ?? "default"])
      }
      for (changed, shipped) in zip(settings.table.actions, ActionTable.standard.actions)
      where changed.keys != shipped.keys {
        try Output.row([changed.id, changed.keyNames, UserSettings.keyFile])
      }
    }
  }

  struct Default: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print a config.toml that sets nothing and explains every setting.")

    func run() throws {
      try Output.text(Preferences.defaultText(themes: ScreenArguments.catalogue.names))
    }
  }
}
