import ArgumentParser
import TerminalUI
import Workbench

/// The help of a command, as everywhere, and that of the keys.
struct HelpTopicsCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Help of a command; 'help keys' lists the workbench's keys.",
    shouldDisplay: false)

  @Argument(help: "A command and its subcommands, or 'keys'.")
  var topics: [String] = []
  @Flag(help: "The keys as one JSON list.")
  var json = false
  @Flag(help: "The keys as tables for Markdown.")
  var markdown = false

  func run() throws {
    guard topics == ["keys"] else { return try helpOfCommand() }
    let rows = try UserSettings(config: nil).table.keyRows
    if json { return try Output.json(rows) }
    if markdown { return try Output.text(table(rows)) }
    for row in rows {
      try Output.row([row.place, row.keys.joined(separator: " "), row.id, row.title])
    }
  }

  /// The parser's own answer, with the whole path of the command.
  private func helpOfCommand() throws {
    guard !json, !markdown else {
      throw ExitStatus(code: 2, text: "--json and --markdown belong to 'help keys'.")
    }
    var commands = Miniplm.configuration.subcommands
    for topic in topics {
      guard let found = commands.first(where: { $0._commandName == topic }) else {
        let known = commands.map { $0._commandName } + ["keys"]
        let near = NearestName.of(topic, in: known).map { "; did you mean \($0)?" } ?? "."
        throw ExitStatus(code: 2, text: "There is no command '\(topic)'\(near)")
      }
      commands = found.configuration.subcommands
    }
    var help = try Miniplm.parseAsRoot(topics + ["--help"])
    try help.run()
  }

  private func table(_ rows: [KeyRow]) -> String {
    var text = ""
    var screen = ""
    for row in rows {
      if row.place != screen {
        text += (screen.isEmpty ? "" : "\n") + "### \(row.place)\n\n"
        text += "| Keys | Action | Id |\n| --- | --- | --- |\n"
        screen = row.place
      }
      // A bar would end the cell, a back quote the code.
      let keys = row.keys.map { $0 == "`" ? "`` ` ``" : "`\($0.replacing("|", with: "\\|"))`" }
      text += "| \(keys.joined(separator: " ")) | \(row.title) | `\(row.id)` |\n"
    }
    return text
  }
}
