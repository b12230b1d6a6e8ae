import Testing

/// What the program says about itself: a change of words, options or defaults shows here.
@Suite struct HelpTests {
  static let commands: [[String]] =
    [
      "open", "attach", "demo", "init", "run", "tokenizer", "pack", "convert", "split", "corpus",
      "new-model", "pull", "models", "check", "score", "select", "quality", "drivers", "commit",
      "generate",
      "cache-logits", "train", "batch", "fork", "export",
      "evaluate", "compare",
      "compare-precision", "compare-curves", "report", "fit", "inspect", "probe", "bench", "themes",
      "config",
    ].map { [$0] }
    + ["train", "encode", "decode"].map { ["tokenizer", $0] }
    + ["search", "study", "chunk", "document"].map { ["corpus", $0] }
    + ["check", "path", "print", "default"].map { ["config", $0] }

  @Test(arguments: commands) func helpIsAsCommitted(command: [String]) throws {
    let outcome = try Program.run(["help"] + command)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    // The number of threads is the machine's.
    try Golden.check(outcome.output, "help/\(command.joined(separator: "-"))")
  }

  @Test func theProgramNamesAllCommands() throws {
    let outcome = try Program.run(["--help"])
    #expect(outcome.status == 0)
    try Golden.check(outcome.output, "help/miniplm")
    for command in Self.commands where command.count == 1 {
      #expect(outcome.output.contains("  \(command[0]) "), "\(command[0]) is not listed")
    }
  }

  @Test func everyCommandThatIsListedIsTested() throws {
    let lines = try Program.run(["--help"]).lines.drop { $0 != "SUBCOMMANDS:" }.dropFirst()
    let listed = lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
    #expect(Set(listed) == Set(Self.commands.map { $0[0] }))
  }

  @Test func versionIsALine() throws {
    let outcome = try Program.run(["--version"])
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 1)
  }
}
