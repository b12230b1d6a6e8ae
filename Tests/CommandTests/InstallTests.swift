import Foundation
import Testing

/// What `make install` brings, and where themes are found.
@Suite struct InstallTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  @Test func theManualNamesEveryCommandAndKey() throws {
    let manual = try Program.run(["manual"]).output
    let commands = try Program.run(["--help"]).output.split(separator: "\n")
      .drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first }
      .filter { $0.allSatisfy { $0.isLowercase || $0 == "-" } }
    #expect(commands.count > 25)
    for command in commands where command != "help" {
      let name = command.replacing("-", with: "\\-")
      #expect(manual.contains(".SS \"miniplm \(name)\""), "\(command)")
    }
    for words in [".TH MINIPLM 1", ".SH \"KEYS\"", ".SS \"On Train\"", "Ctrl\\-P", "reset (1)"] {
      #expect(manual.contains(words), "\(words)")
    }
    // Text that troff would take for a request, or print as something else.
    for line in manual.split(separator: "\n") where line.hasPrefix("'") {
      Issue.record("a line begins as a request: \(line)")
    }
    #expect(!manual.contains { !$0.isASCII })
  }

  @Test func installingAndUninstallingLeavesNothing() throws {
    let place = try Workplace()
    let root = place.path + "/root"
    func run(_ action: String) throws -> Program.Outcome {
      try Program.shell(
        "cd '\(Self.sources)' && scripts/install.sh \(action) \"$MINIPLM\" /usr '\(root)'",
        in: place.path)
    }
    let installed = try run("install")
    #expect(installed.status == 0, "\(installed.errors)")
    for file in [
      "bin/miniplm", "share/miniplm/themes/dark.theme", "share/man/man1/miniplm.1",
      "share/bash-completion/completions/miniplm", "share/zsh/site-functions/_miniplm",
      "share/fish/vendor_completions.d/miniplm.fish",
    ] {
      #expect(place.exists("root/usr/\(file)"), "\(file)")
    }
    // The themes beside the program, whatever the folder and without any of the environment's.
    let listed = try Program.shell(
      "cd / && env XDG_DATA_DIRS=/nowhere HOME=/nowhere '\(root)/usr/bin/miniplm' themes",
      in: place.path)
    #expect(listed.output.contains("colour-blind-dark: "), "\(listed.errors)")
    let gone = try run("uninstall")
    #expect(gone.status == 0, "\(gone.errors)")
    let left = try Program.shell("find '\(root)' -type f", in: place.path)
    #expect(left.output.isEmpty, "\(left.output)")
  }

  @Test func themesAreFoundUnderXDG() throws {
    let place = try Workplace()
    for (folder, name) in [("config", "one"), ("data", "two"), ("shared", "three")] {
      let path = "\(place.path)/\(folder)/miniplm/themes"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try place.write("background = \"16\"\n", to: "\(folder)/miniplm/themes/\(name).theme")
    }
    let environment = [
      "XDG_CONFIG_HOME": place.path + "/config", "XDG_DATA_HOME": place.path + "/data",
      "XDG_DATA_DIRS": "/nowhere:\(place.path)/shared:relative",
    ]
    let listed = try Program.run(["themes"], in: place.path, environment: environment)
    for name in ["one", "two", "three", "neutral", "dark"] {
      #expect(
        listed.output.contains("\n\(name): ") || listed.output.hasPrefix("\(name): "), "\(name)")
    }
  }

  @Test func shippedThemesKeepTheRules() throws {
    let shipped = try Program.run(["themes", "--check"])
    #expect(shipped.status == 0, "\(shipped.output)")
    #expect(shipped.output.contains("colour-blind-light"))
    let place = try Workplace()
    let path = place.path + "/c/miniplm/themes"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try place.write(
      "keep = \"46\"\ndrop = \"196\"\nborder = \"196\"\n", to: "c/miniplm/themes/bad.theme")
    let own = try Program.run(
      ["themes", "--check", "bad"], environment: ["XDG_CONFIG_HOME": place.path + "/c"])
    #expect(own.status == 1)
    #expect(own.output.contains("border and drop are 0.0 apart"), "\(own.output)")
    #expect(own.output.contains("keep and drop are") && own.output.contains("anopia)"))
  }
}
