import TerminalUI
import Testing

/// Settings as people write them: values, their lines, changes that leave the rest alone, and names that
/// somebody may have meant.
@Suite struct TOMLSettingsTests {
  @Test func entriesStandOnTheirLines() throws {
    let text = """
      # a comment with = and [brackets]
      theme = "dark"   # another
      "mouse" = false
      list = [
        "a",
        "b = c",
      ]
      histogram.bins = 64

      [curves]
      smoothing = 0.9
      note = \"\"\"
      x = 1
      \"\"\"
      logarithmic = true
      """
    let entries = try TOMLText(text).entries
    #expect(
      entries.map(\.name) == [
        "theme", "mouse", "list", "histogram.bins", "curves.smoothing", "curves.note",
        "curves.logarithmic",
      ])
    #expect(entries.map(\.line) == [2, 3, 4, 8, 11, 12, 15])
    #expect(entries[0].value == .text("dark"))
    #expect(entries[1].value == .flag(false))
    #expect(entries[2].value == .list([.text("a"), .text("b = c")]))
    #expect(entries[3].value == .whole(64))
    #expect(entries[4].value == .real(0.9))
  }

  @Test(arguments: [
    "theme = ", "a = 1\na = 2", "[x", "[[[", "a = 1\n[", "[[]]", "= 3", "a = 1\n\nb = \"open",
  ])
  func whatIsNoTOMLSaysWhere(_ text: String) {
    #expect(throws: TOMLFault.self) { try TOMLText(text) }
  }

  @Test func aBrokenLineIsNamed() {
    do {
      _ = try TOMLText("theme = \"dark\"\nmouse = = 1\n")
      Issue.record("it was read")
    } catch {
      #expect(error.line == 2)
    }
  }

  @Test func aChangeLeavesTheRestAlone() throws {
    let text = """
      # mine
      theme = "light" # by day

      [histogram]
      bins = 32
      """
    var changed = TOMLEdit.setting("theme", to: "\"dark\"", in: text)
    #expect(changed == text.replacing("\"light\" # by day", with: "\"dark\"  # by day"))
    changed = TOMLEdit.setting("mouse", to: "false", in: changed)
    changed = TOMLEdit.setting("histogram.logarithmic", to: "true", in: changed)
    changed = TOMLEdit.setting("curves.smoothing", to: "0.6", in: changed)
    #expect(changed.hasPrefix("# mine\n"))
    let values = try TOMLText(changed).entries.reduce(into: [:]) { $0[$1.name] = $1.value }
    #expect(
      values == [
        "theme": .text("dark"), "mouse": .flag(false), "histogram.bins": .whole(32),
        "histogram.logarithmic": .flag(true), "curves.smoothing": .real(0.6),
      ])
    #expect(TOMLEdit.setting("theme", to: "\"x\"", in: "") == "theme = \"x\"\n")
  }

  /// Every text with every setting in it is TOML again.
  @Test(arguments: ["", "\n\n", "# only words", "[a]\n", "[a]\nb = 1\n[c]\nd = 2", "x = 1"])
  func aChangeOfAnythingIsTOML(_ text: String) throws {
    for name in ["x", "a.b", "c.e", "new.one"] {
      let changed = TOMLEdit.setting(name, to: "7", in: text)
      let found = try TOMLText(changed).entries.first { $0.name == name }
      #expect(found?.value == .whole(7), "\(name) in \(text.debugDescription): \(changed)")
    }
  }

  @Test func misspeltNamesAreUnderstood() {
    let names = ["theme", "color", "glyphs", "mouse", "histogram.bins"]
    for (typed, meant) in [
      ("themes", "theme"), ("colour", "color"), ("mosue", "mouse"), ("glyph", "glyphs"),
      ("Histogram.bin", "histogram.bins"),
    ] {
      #expect(NearestName.of(typed, in: names) == meant, "\(typed)")
    }
    #expect(NearestName.of("elephant", in: names) == nil)
    #expect(NearestName.of("", in: names) == nil)
  }

  @Test func themesNameTheLineAndTheNearestRole() throws {
    let text = "text = \"default\"\nplott1 = \"red\"\n[mono]\nkep = \"bold\"\n"
    let warnings = try ThemeFile.parse(text, name: "mine").warnings
    #expect(
      warnings == [
        "Theme mine line 2: there is no role 'plott1'; did you mean plot1?",
        "Theme mine line 4: there is no role 'kep' for [mono]; did you mean keep?",
      ])
  }
}
