import EngineInterface
import Foundation
import TerminalUI
import Testing
import Workbench

/// Lines of the palette: what they mean, what is wrong with them, and what they do.
@Suite struct PaletteTests {
  let snapshots = FixtureSnapshots()

  private static let names = PaletteNames(
    sources: ["dictionary", "manual pages"], themes: ["dark", "light"], chunks: 1200)

  @Test(arguments: [
    ("ratio 0.3", PaletteCommand.ratio(0.3)), ("ratio 30%", .ratio(0.3)),
    ("threshold -0.25", .threshold(-0.25)),
    ("floor dictionary 60", .floor(source: "dictionary", share: 0.6)),
    ("floor dictionary 0.06", .floor(source: "dictionary", share: 0.06)),
    ("floor \"manual pages\" 6%", .floor(source: "manual pages", share: 0.06)),
    ("floor dictionary none", .floor(source: "dictionary", share: nil)),
    ("cap 4.5", .cap(4.5)), ("cap none", .cap(nil)),
    ("rank lowest-difference", .rank(.lowestDifference)), ("flip 12", .flip(chunk: 12)),
    ("pin a", .pin("A")), ("recall B", .recall("B")), ("undo", .undo), ("commit", .commit),
    ("note #12 reads  like a list", .note(chunk: 12, text: "reads  like a list")),
    ("note good", .note(chunk: nil, text: "good")),
    ("start train", .start(.train)), ("theme dark", .theme("dark")),
    ("export", .export(ExportTarget())), ("export csv", .export(ExportTarget(format: .csv))),
    ("export svg a.svg", .export(ExportTarget(format: .svg, name: "a.svg"))),
    ("export out/a.json", .export(ExportTarget(format: .json, name: "out/a.json"))),
    ("source all", .source(nil)), ("filter d > 0.5 and source:x", .filter("d > 0.5 and source:x")),
    ("set mouse off", .set(key: "mouse", value: "off")),
  ])
  func linesAreRead(_ line: String, _ command: PaletteCommand) throws {
    #expect(try PaletteCommand(line, names: Self.names) == command)
  }

  @Test func screensAreReadByNameFormerNameAndDigit() throws {
    let train = try #require(ScreenID(name: "train"))
    for line in ["screen train", "screen 7", "screen TRAIN"] {
      #expect(try PaletteCommand(line) == .screen(train))
    }
  }

  @Test(arguments: [
    ("ratio 1.3", "1.3 is not", 6), ("floor dictonary 60", "dictonary is no name of a source", 6),
    ("floor dictionary 160", "160 is not", 17), ("threshold high", "high is no number", 10),
    ("cap -1", "from 0 on", 4), ("flip 1200", "the corpus has 1,200", 5),
    ("theme blue", "blue is no name of a theme: dark, light", 6),
    ("ratio 0.3 now", "nothing is expected here", 10), ("rato 0.3", "rato is no command", 0),
    ("export word a.doc", "word is no format", 7), ("start select", "no name of a stage", 6),
  ])
  func mistakesAreNamedWhereTheyStand(_ line: String, _ words: String, _ column: Int) {
    do {
      _ = try PaletteCommand(line, names: Self.names)
      Issue.record("\(line) was read")
    } catch {
      #expect(error.reason.contains(words), "\(error.reason)")
      #expect(error.column == column, "\(line)")
      #expect(!error.isIncomplete)
    }
  }

  @Test(arguments: ["ratio", "floor dictionary ", "set mouse", "pin "])
  func aLineThatMayGoOnIsIncomplete(_ line: String) {
    do {
      _ = try PaletteCommand(line, names: Self.names)
      Issue.record("\(line) was read")
    } catch {
      #expect(error.isIncomplete, "\(line)")
    }
  }

  // MARK: - On the screen

  @Test func aLineChangesTheSelectionAndIsKept() {
    var player = Player(snapshots.choosing())
    player.type(":ratio 0.3")
    #expect(player.text.contains("--ratio 0.3"), "\(player.text)")
    #expect(player.text.contains("recipe  ratio 0.3"), "\(player.text)")
    player.press(.enter)
    #expect(player.state.overlay == nil)
    #expect(player.sent.last?.ratio == 0.3)
    #expect(player.state.paletteHistory.lines == ["ratio 0.3"])
    player.type(":pin A")
    player.press(.enter)
    #expect(player.sent.last == .pin("A"))
    // The arrows bring lines back, and past the newest one nothing.
    player.type(":")
    player.press(.up)
    #expect(player.text.contains("> pin A"))
    player.press(.up, .up, .up)
    #expect(player.text.contains("> ratio 0.3"))
    player.press(.down, .down)
    #expect(!player.text.contains("> pin A"))
    #expect(player.state.overlay == .palette(PaletteState()))
  }

  @Test func namesAreCompleted() throws {
    var player = Player(snapshots.choosing())
    let source = try #require(player.state.engine.selection?.sources.last?.name)
    player.type(":flo")
    player.press(.tab)
    #expect(player.text.contains("> floor "))
    player.type(String(source.prefix(3)))
    player.press(.tab)
    player.type("60")
    #expect(player.text.contains("--floor"), "\(player.text)")
    player.press(.enter)
    #expect(player.sent.last == .setFloor(source: source, share: 0.6))
  }

  /// Enter behind a beginning takes the best name; behind nothing it says what is missing.
  @Test func enterCompletesWhatWasBegun() {
    var player = Player(snapshots.choosing())
    player.type(":screen tra")
    player.press(.enter)
    #expect("\(player.state.screen)" == "train")
    player.type(":start ")
    let sent = player.sent.count
    player.press(.enter)
    #expect(player.sent.count == sent)
    #expect(player.text.contains("then a stage"), "\(player.text)")
    // A name that was gone to is taken.
    player.press(.down, .enter)
    #expect(player.sent.count == sent + 1 || player.state.overlay != nil)
  }

  @Test func mistakesStandUnderTheLine() throws {
    var player = Player(snapshots.choosing(), size: Size(width: 80, height: 24))
    player.type(":ratio 1.3")
    let lines = player.text.split(separator: "\n").map(String.init)
    let row = try #require(lines.firstIndex { $0.contains("> ratio 1.3") })
    let place = try #require(lines[row].range(of: "1.3"))
    let mark = try #require(lines[row + 1].range(of: "^ 1.3 is not"))
    #expect(
      place.lowerBound.utf16Offset(in: lines[row])
        == mark.lowerBound.utf16Offset(in: lines[row + 1]))
    player.press(.enter)
    #expect(player.state.overlay != nil)
    #expect(player.sent.allSatisfy { $0.ratio == nil })
  }

  @Test func themesAndNotesAndSettings() {
    var player = Player(snapshots.choosing())
    player.state.display.themes = ["dark", "light"]
    player.type(":theme dark")
    player.press(.enter)
    #expect(player.effects == [.theme("dark"), .prefer("theme", "\"dark\"")])
    player.type(":note #7 a list")
    player.press(.enter)
    #expect(player.sent.contains(.setNote(chunk: 7, "a list")))
    player.type(":set mouse off")
    player.press(.enter)
    #expect(player.effects.last == .set(key: "mouse", value: "off"))
  }

  @Test func aSourceIsListed() throws {
    var player = Player(snapshots.choosing())
    let source = try #require(player.state.engine.corpus?.sources.first?.name)
    player.type(":source \(source)")
    player.press(.enter)
    #expect("\(player.state.screen)" == "corpus")
    #expect(player.text.contains("Only \(source)."))
  }

  @Test func nothingIsSelectedFromWithoutScores() {
    var player = Player([.project(snapshots.project(done: 0, running: false))])
    player.type(":ratio 0.3")
    player.press(.enter)
    #expect(player.text.contains("No scores yet"))
    #expect(player.sent.allSatisfy { $0.ratio == nil })
  }

  /// What the recipe line says is read again as the same command.
  @Test func everyChangeIsWrittenAsALineThatReadsTheSame() throws {
    for line in [
      "ratio 0.3", "floor \"manual pages\" 6.5%", "cap none", "flip 3", "rank difference", "pin B",
    ] {
      var player = Player(snapshots.choosing())
      player.type(":")
      player.send(.paste(line))
      if line.contains("manual") { continue }
      let shown = player.text.split(separator: "\n").first { $0.contains("recipe  ") }
      #expect(shown?.contains(line) == true, "\(line)\n\(player.text)")
    }
  }
}
