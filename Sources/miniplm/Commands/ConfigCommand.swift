import ArgumentParser
import Foundation
import Store
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
      what the project remembers (its view.json), that before config.toml, and that before the default. \
      What cannot be used is told and left at its default. keys.toml has lines such as \
      ratio.down = ["[", "Left"]; 'help keys' lists the actions and their keys. An open screen takes \
      what is edited within a second. --once and --script read none of these files, so that they give \
      everybody the same.
      """,
    subcommands: [Check.self, Path.self, Print.self, Default.self])

  /// Which settings are meant.
  struct Place: ParsableArguments {
    @Option(
      help: ArgumentHelp("Settings to read in place of your config.toml.", valueName: "file"))
    var config: String?
  }

  struct Check: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract:
        "Read settings, keys and your themes; exit code 2 and all complaints where something is "
        + "wrong.")
    @OptionGroup var place: Place

    func run() throws {
      let settings = try UserSettings(config: place.config)
      let complaints = settings.complaints.map(\.description) + themes()
      for complaint in complaints { Output.error(complaint) }
      guard complaints.isEmpty else {
        throw ExitStatus(
          code: 2, text: complaints.count == 1 ? "1 complaint." : "\(complaints.count) complaints.")
      }
      try Output.line("Nothing to complain about.")
    }

    /// What is wrong in the person's own themes.
    private func themes() -> [String] {
      let catalogue = ThemeCatalogue(folders: [UserSettings.folder + "/themes"])
      return catalogue.names.flatMap { name in
        do { return try catalogue.load(name).warnings } catch { return ["\(error)"] }
      }
    }
  }

  struct Path: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print the folder in which settings, keys and themes are looked for.")

    func run() throws { try Output.line(UserSettings.folder) }
  }

  struct Print: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print what holds, a line each: name, value and where it is from.")
    @Argument(help: "Project whose memory counts too.")
    var project: String?
    @OptionGroup var place: Place

    func run() throws {
      let settings = try UserSettings(config: place.config)
      var layers = settings.layers(Preferences())
      if let project {
        guard Folder.isFolder(project) else { throw ExitStatus.noProject(project) }
        layers[.project] = ViewMemory.preferences(at: project + "/" + ViewMemory.name)
      }
      for preference in Preference.all {
        let origin = layers.origin(of: preference)
        let value = preference.text(of: layers[origin]) ?? preference.usualWords
        try Output.row([preference.name, value, from(origin, preference, settings)])
      }
      for (changed, shipped) in zip(settings.table.actions, ActionTable.standard.actions)
      where changed.keys != shipped.keys {
        try Output.row([changed.id, changed.keyNames, UserSettings.keyFile])
      }
    }

    private func from(
      _ origin: PreferenceOrigin, _ preference: Preference, _ settings: UserSettings
    ) -> String {
      switch origin {
      case .option, .usual: origin.title
      case .environment: "NO_COLOR"
      case .project: (project ?? ".") + "/" + ViewMemory.name
      case .configuration:
        settings.file + (settings.reading.lines[preference.name].map { ":\($0)" } ?? "")
      }
    }
  }

  struct Default: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print a config.toml that sets nothing and explains every setting.")

    func run() throws { try Output.text(PreferenceFile.commented) }
  }
}
