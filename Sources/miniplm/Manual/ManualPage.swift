import Workbench

/// The manual page in the man macros of troff, made from the commands and the table of actions, so that
/// it never says what is not so.
struct ManualPage {
  let program: CommandDescription
  let keys: ActionTable
  let version: String

  /// The source, for `man -l` and for `man1/miniplm.1`.
  var text: String {
    var page = Troff()
    page.line(".TH MINIPLM 1 \"\" \"miniplm \(version)\" \"User Commands\"")
    page.section("NAME")
    page.text("miniplm - score, select and train by difference sampling, in a terminal")
    page.section("SYNOPSIS")
    page.line(".B miniplm")
    page.line("[\\fIcommand\\fR] [\\fIoptions\\fR]")
    page.section("DESCRIPTION")
    page.text((program.abstract ?? "") + " " + (program.discussion ?? ""))
    page.section("COMMANDS")
    for command in program.subcommands ?? [] where command.shouldDisplay {
      write(command, below: "miniplm", to: &page)
    }
    writeKeys(to: &page)
    writeFiles(to: &page)
    page.section("SEE ALSO")
    page.line(".BR reset (1),")
    page.line(".BR terminfo (5)")
    return page.source
  }

  private func write(_ command: CommandDescription, below parent: String, to page: inout Troff) {
    let name = "\(parent) \(command.commandName)"
    let below = (command.subcommands ?? []).filter(\.shouldDisplay)
    guard command.commandName != "help" else { return }
    page.subsection(name)
    page.line(synopsis(command, name))
    page.line(".PP")
    if let abstract = command.abstract { page.text(abstract) }
    if let discussion = command.discussion {
      page.line(".PP")
      page.text(discussion)
    }
    for argument in command.ownArguments {
      page.line(".TP")
      page.line(term(argument))
      page.text(description(argument))
    }
    for inner in below { write(inner, below: name, to: &page) }
  }

  /// `miniplm open [project] [options]`
  private func synopsis(_ command: CommandDescription, _ name: String) -> String {
    var words = ["\\fB\(Troff.escaped(name))\\fR"]
    for argument in command.ownArguments where argument.kind == .positional {
      let value = "\\fI\(Troff.escaped(argument.valueName ?? "value"))\\fR"
      let repeated = value + (argument.isRepeating ? " ..." : "")
      words.append(argument.isOptional ? "[\(repeated)]" : repeated)
    }
    if command.ownArguments.contains(where: { $0.kind != .positional }) {
      words.append("[\\fIoptions\\fR]")
    }
    if command.subcommands?.isEmpty == false { words.append("\\fIcommand\\fR") }
    return words.joined(separator: " ")
  }

  private func term(_ argument: CommandDescription.Argument) -> String {
    let value = "\\fI\(Troff.escaped(argument.valueName ?? "value"))\\fR"
    guard argument.kind != .positional else { return value }
    let names = (argument.names ?? []).map { "\\fB\(Troff.escaped($0.written))\\fR" }
    return names.joined(separator: ", ") + (argument.kind == .option ? " \(value)" : "")
  }

  private func description(_ argument: CommandDescription.Argument) -> String {
    [
      argument.abstract, argument.discussion,
      argument.defaultValue.map { "By default \($0)." },
    ].compactMap(\.self).joined(separator: " ")
  }

  private func writeKeys(to page: inout Troff) {
    page.section("KEYS")
    page.text(
      "On every screen ? lists what can be done there and why not now; the palette finds it by words. "
        + "Keys that hold everywhere:")
    write(keys.everywhere, to: &page)
    for screen in ScreenID.allCases {
      page.subsection("On \(screen.title)")
      write(keys.own(of: screen), to: &page)
    }
  }

  private func write(_ actions: [Action], to page: inout Troff) {
    for action in actions where !action.keys.isEmpty {
      page.line(".TP")
      page.line("\\fB\(Troff.escaped(action.keyNames))\\fR")
      page.text(action.title + ".")
    }
  }

  private func writeFiles(to page: inout Troff) {
    let entries: [(title: String, [(term: String, text: String)])] = [
      (
        "FILES",
        [
          (
            "config.toml, keys.toml, themes/",
            "Settings, keys and themes of a person, in $MINIPLM_CONFIG_DIR, else in "
              + "$XDG_CONFIG_HOME/miniplm or ~/.config/miniplm. 'miniplm config default' prints a file "
              + "with every setting, 'miniplm help keys' the names of all actions; an open screen takes "
              + "what is edited."
          ),
          (
            "PROJECT/view.json",
            "How the screens of a project were left. Without it they begin anew."
          ),
          (
            "share/miniplm/themes/*.theme",
            "Themes, beside the program's folder; a person's own are looked for before them in "
              + "the folder of settings and in $XDG_DATA_HOME/miniplm/themes, the machine's "
              + "in each folder of $XDG_DATA_DIRS."
          ),
        ]
      ),
      (
        "ENVIRONMENT",
        [
          (
            "TERM, COLORTERM, COLORFGBG",
            "The kind of terminal, and what theme auto takes for its ground where the terminal "
              + "does not answer."
          ),
          ("MINIPLM_CONFIG_DIR", "The folder of settings, keys and themes."),
          ("NO_COLOR", "No colours, if set to anything but nothing."),
          ("COLUMNS, LINES", "The size of the frame that --once and --script draw."),
        ]
      ),
      (
        "SIGNALS",
        [
          (
            "INT, TERM, HUP, USR2, XCPU",
            "Save and stop, or leave the work to its own process; the terminal is restored."
          ),
          ("USR1", "Save, and go on."),
          ("TSTP, CONT", "Leave the screen and come back to it."),
          (
            "KILL",
            "Nobody can restore the terminal behind it: the command reset does. What was saved "
              + "stays, and the same command goes on."
          ),
        ]
      ),
    ]
    for (title, list) in entries {
      page.section(title)
      for entry in list {
        page.line(".TP")
        page.line("\\fB\(Troff.escaped(entry.term))\\fR")
        page.text(entry.text)
      }
    }
  }
}
