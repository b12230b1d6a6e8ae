import TerminalUI
import Testing
import Workbench

/// What config.toml and keys.toml may say, and what is said of what they may not.
@Suite struct PreferenceTests {
  private let themes = ["auto", "dark", "neutral"]

  @Test func everySettingIsRead() throws {
    let text = """
      theme = "dark"
      color = 16
      glyphs = "block"
      mouse = false
      screen = "select"
      remember = false
      [histogram]
      bins = 32
      logarithmic = true
      [curves]
      smoothing = 0.9
      logarithmic = true
      """
    let reading = try PreferenceFile.read(text, themes: themes)
    #expect(reading.complaints == [])
    for preference in Preference.all {
      #expect(preference.text(of: reading.preferences) != nil, "\(preference.name)")
      #expect(reading.lines[preference.name] != nil, "\(preference.name)")
    }
    #expect(reading.preferences.theme == "dark" && reading.preferences.colours == .sixteen)
    #expect(reading.preferences.glyphs == .block && reading.preferences.mouse == false)
    #expect(reading.preferences.screen == .select && reading.preferences.bins == 32)
    #expect(reading.lines["curves.smoothing"] == 11)
  }

  /// Each bad line is told with its number, what stands there and what could; the others hold.
  @Test(arguments: [
    ("theme = \"drak\"", "There is no theme 'drak'; did you mean dark? The default is used."),
    ("theme = 3", "theme is 3, expected a theme's name. The default is used."),
    ("colour = 16", "There is no setting 'colour'; did you mean color?"),
    ("color = 17", "color is 17, expected 256, 16, 8 or 0. The default is used."),
    (
      "glyphs = \"dots\"",
      "glyphs is \"dots\", expected \"braille\", \"block\" or \"ascii\". The default is used."
    ),
    ("mouse = \"no\"", "mouse is \"no\", expected true or false. The default is used."),
    (
      "curves.smoothing = 2",
      "curves.smoothing is 2, expected 0.0, 0.6, 0.9, 0.98. The default is used."
    ),
    ("mouse = [1, 2]", "mouse is [1, 2], expected true or false. The default is used."),
    (
      "histogram.bins = 1e400",
      "histogram.bins is inf, expected 16, 32, 64, 128. The default is used."
    ),
  ])
  func aBadLineIsTold(_ line: String, _ words: String) throws {
    let reading = try PreferenceFile.read("remember = true\n\(line)\n", file: "c", themes: themes)
    #expect(reading.complaints.map(\.description) == ["c:2: \(words)"])
    #expect(reading.preferences.remembers == true)
    #expect(reading.lines.count == 1)
  }

  @Test func theFileOfDefaultsSaysNothingAndEverything() throws {
    let commented = PreferenceFile.commented
    let empty = try PreferenceFile.read(commented, themes: themes)
    #expect(empty.preferences == Preferences() && empty.complaints == [])
    // Without the signs in front of values it says all defaults.
    let said = commented.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("# ") && line.contains(" = ") ? String(line.dropFirst(2)) : String(line)
    }
    let full = try PreferenceFile.read(said.joined(separator: "\n"), themes: themes)
    #expect(full.complaints == [])
    for preference in Preference.all {
      #expect(full.lines[preference.name] != nil, "\(preference.name)")
      if let usual = preference.usual {
        #expect(preference.text(of: full.preferences) == usual)
      }
    }
  }

  @Test func theStrongestWordHolds() throws {
    var layers = PreferenceLayers()
    let theme = try #require(Preference.named("theme"))
    #expect(layers.origin(of: theme) == .usual && layers.effective.theme == nil)
    for (origin, name) in [
      (PreferenceOrigin.configuration, "c"), (.project, "p"), (.environment, "e"), (.option, "o"),
    ] {
      layers[origin].theme = name
      #expect(layers.effective.theme == name && layers.origin(of: theme) == origin)
    }
    layers[.configuration].mouse = false
    #expect(layers.effective.mouse == false)
  }

  // MARK: Keys

  @Test func keysAreGivenByName() throws {
    let text = """
      settings = "F3"
      "ratio.down" = [",", "Left"]
      [job]
      next = []
      """
    let (keys, complaints) = try KeyFile.read(text)
    #expect(complaints == [])
    #expect(keys["settings"] == [.function(3)])
    #expect(keys["ratio.down"] == [.character(","), .left])
    let table = ActionTable(keys: keys)
    #expect(table.action(for: .function(3), on: .corpus)?.id == "settings")
    #expect(table.action(for: .function(2), on: .corpus) == nil)
    #expect(table.action(for: .character("R"), on: .corpus) == nil)
  }

  @Test(arguments: [
    ("setings = \"F3\"", "k:1: There is no action 'setings'; did you mean settings?"),
    ("help = 3", "k:1: help is 3, expected a key such as"),
    ("help = \"Ctrl-Shift-Q\"", "k:1: help is \"Ctrl-Shift-Q\", expected a key such as"),
    ("help = [\"F1\", \"F99\"]", "k:1: help is \"F99\", expected a key such as"),
    ("quit = \"J\"", "k: J means log and quit everywhere."),
    ("log = \"]\"", "k:1: ] means ratio.up on Select, so that log has no such key there."),
  ])
  func badKeysAreTold(_ text: String, _ words: String) throws {
    let complaints = try KeyFile.read(text, file: "k").complaints.map(\.description)
    #expect(complaints.contains { $0.hasPrefix(words) }, "\(complaints)")
  }

  @Test func theShippedKeysWrittenAsAFileAreNoConflict() throws {
    let text = ActionTable.standard.keyRows.map { row in
      let keys = row.keys.map {
        "\"\($0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
      }
      return "\"\(row.id)\" = [\(keys.joined(separator: ", "))]"
    }
    let (keys, complaints) = try KeyFile.read(Set(text).sorted().joined(separator: "\n"))
    #expect(complaints == [])
    #expect(keys.count == ActionTable.standard.actions.count)
    #expect(
      ActionTable(keys: keys).actions.map(\.keys) == ActionTable.standard.actions.map(\.keys))
  }

  @Test func everyActionStandsInTheRows() {
    let rows = ActionTable.standard.keyRows
    #expect(Set(rows.map(\.id)) == Set(ActionTable.standard.actions.map(\.id)))
    #expect(
      rows.contains { $0.place == "everywhere" && $0.id == "quit" && $0.keys == ["q", "F10"] })
    #expect(rows.contains { $0.place == "select" && $0.id == "ratio.down" && $0.keys == ["["] })
  }
}
