import Foundation
import Testing

/// Settings, keys and themes of a person: where they are looked for, what is said of them, what they do
/// to an open screen.
@Suite struct ConfigCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private var environment: [String: String] { ["MINIPLM_CONFIG_DIR": place.path + "/c"] }

  private func put(_ text: String, _ name: String) throws {
    let path = "\(place.path)/c/\(name)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(arguments, in: place.path, environment: environment)
  }

  @Test func theFolderIsFound() throws {
    for (environment, folder) in [
      (["MINIPLM_CONFIG_DIR": "/a", "XDG_CONFIG_HOME": "/b"], "/a"),
      (["MINIPLM_CONFIG_DIR": "", "XDG_CONFIG_HOME": "/b"], "/b/miniplm"),
      (["MINIPLM_CONFIG_DIR": "", "XDG_CONFIG_HOME": "b", "HOME": "/h"], "/h/.config/miniplm"),
    ] {
      let outcome = try Program.run(["config", "path"], environment: environment)
      #expect(outcome.lines == [folder])
    }
  }

  @Test func nothingIsNothingToComplainAbout() throws {
    let outcome = try run("config", "check")
    #expect(outcome.status == 0 && outcome.lines == ["Nothing to complain about."])
    #expect(!place.exists("c"), "asking makes no folder")
  }

  @Test func theFileOfDefaultsIsSound() throws {
    let text = try run("config", "default").output
    try put(text, "config.toml")
    #expect(try run("config", "check").status == 0)
  }

  @Test func everyComplaintIsToldWithItsLine() throws {
    try put("theme = \"drak\"\nthme = 1\n\n[histogram]\nbins = 7\n", "config.toml")
    try put("help = \"F99\"\nquit = \"J\"\nnothing.known = \"x\"\n", "keys.toml")
    try put("text = \"default\"\nkep = \"red\"\n", "themes/mine.toml")
    try put("text = = 3\n", "themes/torn.theme")
    let outcome = try run("config", "check")
    #expect(outcome.status == 2)
    for words in [
      "c/config.toml:1: There is no theme 'drak'; did you mean dark?",
      "c/config.toml:2: There is no setting 'thme'; did you mean theme?",
      "c/config.toml:5: histogram.bins is 7, expected 16, 32, 64, 128.",
      "c/keys.toml:1: help is \"F99\", expected a key such as",
      "J means log and quit everywhere.",
      "c/keys.toml:3: There is no action 'nothing.known'.",
      "Theme mine line 2: there is no role 'kep'; did you mean keep?",
      "Theme torn is no TOML file: line 1", "8 complaints.",
    ] {
      #expect(outcome.errors.contains(words), "\(words) in\n\(outcome.errors)")
    }
    try put("theme = \"dark\"\nmouse = = 1\n", "config.toml")
    let torn = try run("config", "check")
    #expect(torn.status == 2 && torn.errors.contains("c/config.toml:2: This is no TOML"))
  }

  @Test func whatHoldsIsPrintedWithItsOrigin() throws {
    try put("\nmouse = false\n", "config.toml")
    try put("help = [\"F1\", \"F9\"]\n", "keys.toml")
    var lines = try run("config", "print").lines
    #expect(lines.contains("theme\t\"neutral\"\tdefault"))
    #expect(lines.contains("mouse\tfalse\t\(place.path)/c/config.toml:2"))
    #expect(lines.contains("glyphs\tas the terminal is\tdefault"))
    #expect(lines.contains("help\tF1 F9\t\(place.path)/c/keys.toml"))
    try FileManager.default.createDirectory(
      atPath: place.path + "/p", withIntermediateDirectories: true)
    try place.write("{\"theme\": \"dark\", \"screen\": \"train\"}", to: "p/view.json")
    lines = try Program.run(
      ["config", "print", "p"], in: place.path,
      environment: environment.merging(["NO_COLOR": "1"]) { $1 }
    ).lines
    #expect(lines.contains("theme\t\"dark\"\tp/view.json"))
    #expect(lines.contains("screen\t\"train\"\tp/view.json"))
    #expect(lines.contains("color\t0\tNO_COLOR"))
    #expect(try run("config", "print", "nowhere").status == 2)
  }

  @Test func aFileCanBeNamed() throws {
    try put("mouse = true\n", "config.toml")
    try place.write("mouse = false\n", to: "other.toml")
    let outcome = try run("config", "print", "--config", "other.toml")
    #expect(outcome.lines.contains("mouse\tfalse\tother.toml:1"))
    let missing = try run("config", "check", "--config", "missing.toml")
    #expect(missing.status == 3 && missing.errors.contains("missing.toml"))
  }

  @Test func keysAreListedInThreeForms() throws {
    try put("quit = \"Q\"\n", "keys.toml")
    let lines = try run("help", "keys").lines
    #expect(lines.contains("everywhere\tQ\tquit\tquit (asks when busy)"))
    #expect(lines.contains { $0.hasPrefix("select\t[\tratio.down\t") })
    let markdown = try run("help", "keys", "--markdown").output
    #expect(markdown.contains("| `Q` | quit (asks when busy) | `quit` |"))
    #expect(markdown.contains("### everywhere\n"))
    let rows = try #require(try run("help", "keys", "--json").json() as? [[String: Any]])
    #expect(rows.count == lines.count && rows.count > 100)
    #expect(rows.contains { $0["id"] as? String == "quit" && $0["keys"] as? [String] == ["Q"] })
    // Help of commands is as it was.
    #expect(try run("help", "score").output == run("score", "--help").output)
    #expect(try run("help", "tokenizer", "train").output.contains("USAGE: miniplm tokenizer train"))
    #expect(try run("help", "nothing").status == 2)
  }
}

/// The same on a terminal.
@Suite(.serialized) struct ConfigTerminalTests {
  private func put(_ text: String, _ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    // As editors write: a file beside it, then its name.
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  private func open(
    _ place: Workplace, _ arguments: [String] = []
  ) throws -> TerminalProgram {
    try TerminalProgram(
      ["open", "project"] + arguments, in: place.path,
      environment: ["MINIPLM_CONFIG_DIR": place.path + "/c"])
  }

  @Test func editedFilesReachAnOpenScreen() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    try put("help = \"F9\"\n", place.path + "/c/keys.toml")
    let screen = try open(place)
    #expect(screen.shows("F9 help"), "\(screen.text.suffix(300))")
    try put("help = \"F8\"\n", place.path + "/c/keys.toml")
    #expect(screen.shows("F8 help") && screen.shows("Read again: keys.toml."))
    try put("theme = = 1\n", place.path + "/c/config.toml")
    #expect(screen.shows("This is no TOML"))
    try put("theme = \"dark\"\n", place.path + "/c/config.toml")
    #expect(screen.shows("Read again: config.toml."))
    // Choosing a theme writes it, and leaves what else a person wrote.
    try put("# mine\ntheme = \"dark\"\n", place.path + "/c/config.toml")
    #expect(screen.settles())
    screen.type("\u{1B}OQ")
    #expect(screen.shows("Settings"))
    screen.type("\u{1B}[H\r\u{1B}")
    #expect(
      screen.waits {
        place.data("c/config.toml").map { String(decoding: $0, as: UTF8.self) }
          == "# mine\ntheme = \"auto\"\n"
      })
    #expect(screen.settles())
    screen.type("7q")
    #expect(screen.end() == 0)
    // The project has its screen and theme back, and another terminal may have them, too.
    let view = String(decoding: place.data("project/view.json") ?? Data(), as: UTF8.self)
    #expect(view.contains("\"screen\": \"train\"") && view.contains("\"theme\": \"auto\""))
    let again = try open(place)
    #expect(again.shows("[7 Train]"), "\(again.text.suffix(300))")
    again.type("q")
    #expect(again.end() == 0)
    let elsewhere = try open(place, ["--screen", "score"])
    #expect(elsewhere.shows("[3 Score]"))
    elsewhere.type("q")
    #expect(elsewhere.end() == 0)
  }

  /// What is broken never keeps the program from starting.
  @Test func brokenFilesOnlyWarn() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    try put("theme = \"torn\"\nmouse = 3\n", place.path + "/c/config.toml")
    try put("[[[", place.path + "/c/keys.toml")
    try put("x = = 1", place.path + "/c/themes/torn.theme")
    try place.write("not JSON", to: "project/view.json")
    let screen = try open(place)
    #expect(screen.shows("all stages done"), "\(screen.text.suffix(300))")
    screen.type("q")
    #expect(screen.end() == 0)
  }
}
