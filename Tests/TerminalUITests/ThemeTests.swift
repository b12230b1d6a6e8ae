import Foundation
import TerminalUI
import Testing

@Suite struct ThemeTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("themes").path
  static let catalogue = ThemeCatalogue(folders: [folder])
  static let shipped = [
    "neutral", "dark", "light", "high-contrast", "colour-blind-dark", "colour-blind-light", "mono",
    "sixteen",
  ]

  @Test func allAreShipped() {
    #expect(Self.catalogue.names == Self.shipped.sorted())
  }

  @Test(arguments: shipped)
  func filesAreCleanAndComplete(name: String) throws {
    let (theme, warnings) = try Self.catalogue.load(name)
    #expect(warnings.isEmpty)
    let text = try String(contentsOfFile: "\(Self.folder)/\(name).theme", encoding: .utf8)
    for role in StyleRole.allCases {
      #expect(text.contains("\n\(role.rawValue) = "), "\(name) lacks \(role.rawValue)")
    }
    #expect(theme.isMonochrome == (name == "mono"))
  }

  @Test func theNeutralFileIsTheBuiltInTable() throws {
    let theme = try Self.catalogue.load("neutral").theme
    for role in StyleRole.allCases {
      #expect(theme.appearance(role) == Theme.neutral.appearance(role), "\(role)")
    }
  }

  /// WCAG AA for text; frames are large marks and need 3:1 only.
  @Test(arguments: shipped)
  func textCanBeRead(name: String) throws {
    let theme = try Self.catalogue.load(name).theme
    guard theme.background != nil else { return }
    let bars = [StyleRole.key, .dim, .warn, .error, .ok, .accent].map { Style($0, ground: .status) }
    for style in StyleRole.allCases.map({ Style($0) }) + bars {
      let contrast = try #require(theme.contrast(style), "\(name) \(style) has no known ground")
      let needed = style.role == .border ? 3.0 : 4.5
      #expect(
        contrast >= needed,
        "\(name): \(style.role.rawValue) on \(style.ground?.rawValue ?? "ground")")
    }
  }

  @Test func fallbacksFollowTheTerminal() throws {
    let theme = try ThemeFile.parse(
      "warn = \"202 yellow bold on 16 black\"\nok = \"46\"", name: "x"
    ).theme
    #expect(
      theme.resolve(Style(.warn), level: .indexed256)
        == ResolvedStyle(foreground: 202, background: 16, attributes: .bold))
    #expect(
      theme.resolve(Style(.warn), level: .sixteen)
        == ResolvedStyle(foreground: 3, background: 0, attributes: .bold))
    #expect(theme.resolve(Style(.warn, .underline), level: .monochrome).foreground == nil)
    #expect(
      theme.resolve(Style(.warn, .underline), level: .monochrome).attributes.contains(.underline))
    #expect(theme.resolve(Style(.ok), level: .sixteen).foreground == 10)
    #expect(theme.resolve(Style(.ok), level: .eight).foreground == 2)
  }

  @Test func mistakesWarnAndKeepTheBuiltInLook() throws {
    let text =
      "keep = \"blurple\"\nnonsense = \"red\"\ndrop = 7\ntitle = \"#ff0000\"\n[mono]\nkeep = \"underline\"\nbad = \"bold\""
    let (theme, warnings) = try ThemeFile.parse(text, name: "x")
    #expect(warnings.count == 4)
    #expect(theme.appearance(.keep) == Theme.neutral.appearance(.keep))
    #expect(theme.appearance(.title).foreground == [.indexed(196)])
    #expect(theme.monochromeAttributes(.keep) == .underline)
  }

  @Test func whatIsNoTOMLThrows() {
    #expect(throws: ThemeError.self) { try ThemeFile.parse("keep = = 1", name: "x") }
    #expect(throws: ThemeError.notFound(theme: "../x", known: Self.catalogue.names)) {
      try Self.catalogue.load("../x")
    }
    let deep = "a = " + String(repeating: "[", count: 100_000)
    #expect(throws: ThemeError.self) { try ThemeFile.parse(deep, name: "x") }
  }

  @Test func knownContrasts() {
    let black = RGB(red: 0, green: 0, blue: 0)
    let white = RGB(red: 255, green: 255, blue: 255)
    #expect(abs(RGB.contrast(black, white) - 21) < 1e-9)
    #expect(abs(RGB.contrast(RGB(red: 255, green: 0, blue: 0), white) - 3.998) < 0.01)
    #expect(abs(RGB.contrast(RGB(red: 119, green: 119, blue: 119), white) - 4.478) < 0.01)
  }

  @Test func noColourMeansNoColour() {
    func level(_ noColor: String?, _ wanted: ColourLevel? = nil) -> ColourLevel {
      ScreenOptions.colourLevel(wanted: wanted, noColor: noColor, terminalColours: 256)
    }
    #expect(level(nil) == .indexed256)
    #expect(level("") == .indexed256)
    #expect(level("1") == .monochrome)
    #expect(level("1", .sixteen) == .sixteen)
    #expect(
      ScreenOptions.colourLevel(wanted: .indexed256, noColor: nil, terminalColours: 8) == .eight)
  }

  @Test func monochromeLooksDiffer() {
    let diffs: [StyleRole] = [.diffNeg2, .diffNeg1, .diff0, .diffPos1, .diffPos2]
    let looks = Set(diffs.map { Theme.neutral.resolve(Style($0), level: .monochrome) })
    #expect(looks.count == 5)
  }
}
