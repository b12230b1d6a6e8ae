import ArgumentParser
import Engine
import Numerics
import TerminalUI

/// Themes and how well they can be read.
struct ThemesCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "themes",
    abstract: "List the themes with their lowest contrast against their own background.")

  func run() throws {
    let catalogue = ScreenArguments.catalogue
    for name in catalogue.names {
      let (theme, warnings) = try catalogue.load(name)
      let lowest = StyleRole.allCases.compactMap { theme.contrast(Style($0)) }.min()
      try Output.line(
        "\(name): "
          + (lowest.map { "lowest contrast \(Number.fixed($0, 1)):1" }
            ?? "the terminal's own background"))
      for warning in warnings { try Output.line("  \(warning)") }
    }
  }
}
