import ArgumentParser
import Foundation

/// A command as the argument parser describes it, with everything below it.
struct CommandDescription: Decodable {
  struct Argument: Decodable {
    enum Kind: String, Decodable { case positional, option, flag }

    struct Name: Decodable {
      var kind: String
      var name: String

      var written: String { (kind == "long" ? "--" : "-") + name }
    }

    var kind: Kind
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var discussion: String?
    var defaultValue: String?
    var isOptional: Bool
    var isRepeating: Bool
    var shouldDisplay: Bool
  }

  var commandName: String
  var abstract: String?
  var discussion: String?
  var arguments: [Argument]?
  var subcommands: [CommandDescription]?
  var shouldDisplay: Bool

  /// What a command's own options are: help and version are those of all.
  var ownArguments: [Argument] {
    (arguments ?? []).filter { argument in
      argument.shouldDisplay
        && !(argument.names ?? []).contains { ["help", "version"].contains($0.name) }
    }
  }

  /// The whole program's.
  static func program() throws -> CommandDescription {
    struct Tool: Decodable { var command: CommandDescription }
    do {
      _ = try Miniplm.parseAsRoot(["--experimental-dump-help"])
    } catch {
      let text = Miniplm.fullMessage(for: error)
      return try JSONDecoder().decode(Tool.self, from: Data(text.utf8)).command
    }
    throw ExitStatus(code: 1, text: "The argument parser does not describe its commands.")
  }
}
