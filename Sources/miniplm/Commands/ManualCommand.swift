import ArgumentParser
import Engine
import Workbench

/// Prints the manual page; `make install` asks for it.
struct ManualCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page's source.", shouldDisplay: false)

  func run() throws {
    let page = ManualPage(
      program: try .program(), keys: .standard, version: Program.version)
    try Output.text(page.text)
  }
}
