import Foundation
import Glibc
import Testing

/// The program on a terminal, watched by an emulator: whatever happens, the terminal comes back as it
/// was, and what stands on it is what a fresh start would draw.
@Suite(.serialized) struct TerminalTests {
  /// What a terminal of today answers.
  static let modern = [
    "CSI ?u": "\u{1B}[?0u", "CSI ?2026$p": "\u{1B}[?2026;2$y", "CSI ?2031$p": "\u{1B}[?2031;2$y",
    "CSI ?996n": "\u{1B}[?997;1n", "OSC 11;?": "\u{1B}]11;rgb:1c1c/1c1c/1c1c\u{1B}\\",
    "CSI c": "\u{1B}[?62;22c",
  ]
  /// Modes that are switched on wherever there is a mouse.
  static let usual: Set<Int> = [1000, 1002, 1006, 2004, 1049]

  private func open(
    _ place: Workplace, _ arguments: [String] = [], answers: [String: String] = [:],
    terminal: String = "xterm-256color", columns: Int = 100, rows: Int = 30
  ) throws -> TerminalProgram {
    let screen = try TerminalProgram(
      ["open", "project"] + arguments, in: place.path, columns: columns, rows: rows,
      terminal: terminal)
    screen.answers = answers
    return screen
  }

  /// The end of a screen: its code, and a terminal as it was.
  private func expectRestored(
    _ screen: TerminalProgram, code: Int32, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = screen.end()
    #expect(found == code, "\(screen.text.suffix(300))", sourceLocation: sourceLocation)
    #expect(screen.emulator.leftovers.isEmpty, sourceLocation: sourceLocation)
    #expect(!screen.emulator.isAlternate, sourceLocation: sourceLocation)
    #expect(screen.hasSettingsBack, sourceLocation: sourceLocation)
    #expect(screen.emulator.unknown.isEmpty, sourceLocation: sourceLocation)
  }

  struct WayOut: Sendable, CustomTestStringConvertible {
    let name: String
    var signal: Int32?
    let code: Int32
    var words: [String] = []
    var testDescription: String { name }
  }

  static let waysOut = [
    WayOut(name: "the key", code: 0),
    WayOut(name: "TERM", signal: SIGTERM, code: 4),
    WayOut(name: "INT", signal: SIGINT, code: 4),
    WayOut(name: "USR2", signal: SIGUSR2, code: 4),
    WayOut(name: "XCPU", signal: SIGXCPU, code: 4),
    WayOut(name: "HUP", signal: SIGHUP, code: 0),
    WayOut(
      name: "QUIT", signal: SIGQUIT, code: 128 + SIGQUIT,
      words: ["left at once; the terminal has been restored", "project/engine.log"]),
    WayOut(
      name: "ABRT", signal: SIGABRT, code: -SIGABRT,
      words: ["crashed; the terminal has been restored", "project/engine.log"]),
    WayOut(
      name: "SEGV", signal: SIGSEGV, code: -SIGSEGV,
      words: ["crashed; the terminal has been restored", "project/engine.log"]),
  ]

  @Test(arguments: waysOut)
  func theTerminalComesBackAsItWas(way: WayOut) throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place, ["--theme", "auto"], answers: Self.modern)
    #expect(screen.shows("all stages done"), "\(screen.text.suffix(300))")
    #expect(screen.waits { !screen.emulator.keyboard.isEmpty })
    if let signal = way.signal { screen.signal(signal) } else { screen.type("q") }
    expectRestored(screen, code: way.code)
    #expect(screen.emulator.everOn.isSuperset(of: Self.usual.union([2026, 2031])))
    for words in way.words { #expect(screen.text.contains(words), "\(screen.text.suffix(300))") }
  }

  @Test(arguments: ["xterm-256color", "screen", "linux", "vt100", "tmux-256color"])
  func terminalsOfAllKindsComeBack(terminal: String) throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    // They answer nothing, not even their kind.
    let screen = try open(place, terminal: terminal)
    #expect(screen.shows("all stages done"))
    screen.type("4")
    #expect(screen.shows("[4 Select]"))
    screen.type("q")
    expectRestored(screen, code: 0)
    #expect(screen.emulator.everOn.isDisjoint(with: [2026, 2031]))
  }

  /// A signal may come at any time: before the screen, while it is taken, when it stands.
  @Test(arguments: [SIGUSR1, SIGUSR2, SIGTERM])
  func signalsBeforeTheFirstFrame(signal: Int32) throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    for step in 0..<6 {
      let screen = try open(place, ["--screen", "select"])
      usleep(UInt32(step * step * 6_000))
      screen.signal(signal)
      if signal == SIGUSR1, screen.shows("all stages done") { screen.type("q") }
      let code = screen.end()
      // Before the program has begun nothing of its own can take the signal; then it has shown nothing.
      #expect(
        [0, 4].contains(code) || code == -signal && screen.text.isEmpty,
        "\(step): \(code) \(screen.text.suffix(300))")
      #expect(screen.emulator.leftovers.isEmpty && screen.hasSettingsBack)
      // The engine that it may have started ends by itself.
      for _ in 0..<1000 where place.exists("project/.engine.sock") { usleep(10_000) }
    }
  }

  @Test func afterAStormOfSizesTheScreenIsThatOfAFreshStart() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = Steps(seed)
    let screen = try open(place, ["--screen", "select"])
    #expect(screen.shows("all stages done"))
    for step in 0..<200 {
      screen.resize(columns: 1 + random.next(below: 240), rows: 1 + random.next(below: 70))
      // Help opens and closes on the same key. No Esc: with what follows it would be a sequence.
      if step % 7 == 0 { screen.type(["?", "v", "]", "["][random.next(below: 4)]) }
      if step % 3 == 0 { screen.drain() }
    }
    screen.type("\u{1B}")
    usleep(100_000)
    #expect(screen.settles())
    screen.resize(columns: 120, rows: 36)
    #expect(screen.shows("all stages done") && screen.settles(), "seed \(seed)")
    // The moves of the ratio are undone by a restart, so compare a screen that does not show them.
    screen.type("2")
    #expect(screen.shows("[2 Models]") && screen.settles())
    let stormed = screen.emulator
    screen.type("q")
    expectRestored(screen, code: 0)
    let fresh = try open(place, ["--screen", "models"], columns: 120, rows: 36)
    #expect(fresh.shows("all stages done") && fresh.settles())
    for row in 0..<36 where row != 34 {
      #expect(stormed.lines[row] == fresh.emulator.lines[row], "seed \(seed), row \(row)")
      #expect(seen(stormed.rows[row]) == seen(fresh.emulator.rows[row]), "seed \(seed), row \(row)")
    }
    fresh.type("q")
    expectRestored(fresh, code: 0)
  }

  /// A row as an eye sees it: a blank keeps the colour and weight of what stood there before, which
  /// costs no bytes and cannot be seen; what a blank does show is its background, a line under it and
  /// whether it is reversed.
  private func seen(_ row: [Emulator.Cell]) -> [Emulator.Cell] {
    row.map { cell in
      guard cell.text == " ", !cell.look.attributes.contains(7) else { return cell }
      var blank = cell
      blank.look.attributes.formIntersection([4, 9])
      if blank.look.attributes.isEmpty { blank.look.foreground = -1 }
      return blank
    }
  }

  @Test func theMouseDragsTheRatio() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place, ["--screen", "select"])
    #expect(screen.shows("ratio 0.500") && screen.settles())
    func handle() -> (x: Int, y: Int)? {
      for (y, line) in screen.emulator.rows.enumerated() {
        if line.contains(where: { $0.text == "━" }),
          let x = line.firstIndex(where: { $0.text == "●" })
        {
          return (x, y)
        }
      }
      return nil
    }
    let start = try #require(handle())
    func report(_ code: Int, _ x: Int, _ isRelease: Bool = false) {
      screen.type("\u{1B}[<\(code);\(x + 1);\(start.y + 1)\(isRelease ? "m" : "M")")
    }
    report(0, start.x)
    for step in 1...6 { report(32, start.x + step) }
    report(0, start.x + 6, true)
    #expect(screen.waits { handle().map { $0.x == start.x + 6 } ?? false })
    // The status line goes on naming it: as what undo goes back to.
    #expect(screen.waits { !screen.emulator.text.contains("ratio 0.500 d>=") })
    // Moves without a button do nothing.
    report(32, start.x)
    #expect(screen.settles())
    #expect(handle()?.x == start.x + 6)
    screen.type("q")
    expectRestored(screen, code: 0)
  }

  @Test func aLargePasteIsNoTyping() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place)
    #expect(screen.shows("all stages done"))
    let text = String(repeating: "q4\u{7}paste\n", count: 1 << 17)
    screen.type("\u{1B}[200~\(text)\u{1B}[201~")
    screen.type("2")
    #expect(screen.shows("[2 Models]"))
    // Into a prompt.
    screen.type("/")
    screen.type("\u{1B}[200~\(text)\u{1B}[201~")
    screen.type("\u{1B}")
    usleep(60_000)
    screen.type("1")
    #expect(screen.shows("[1 Corpus]"))
    screen.type("q")
    expectRestored(screen, code: 0)
  }

  @Test func theEngineIsKilled() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place)
    #expect(screen.shows("all stages done"))
    struct Status: Decodable { var engine: String }
    let outcome = try Program.run(["attach", "project", "--json"], in: place.path)
    let status = try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
    let number = status.engine.split(separator: "process ").last?.prefix { $0.isNumber }
    let engine = try #require(number.flatMap { Int32($0) }, "\(status.engine)")
    kill(engine, SIGKILL)
    #expect(screen.shows("The engine has gone"))
    screen.type("d")
    expectRestored(screen, code: 1)
  }

  @Test func aClosedTerminalEndsTheScreenAlone() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place)
    #expect(screen.shows("all stages done"))
    screen.hangUp()
    #expect([0, -SIGHUP].contains(screen.end()))
    // The engine goes a quarter of a minute after the last screen.
    for _ in 0..<4000 where place.exists("project/.engine.sock") { usleep(10_000) }
    #expect(!place.exists("project/.engine.sock"))
  }

  /// Answers come between keys, in pieces, late or not at all, and no key is lost for them.
  @Test func answersAreNoKeysAndKeysAreNoAnswers() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    var answers = Self.modern
    answers["CSI ?u"] = "4\u{1B}[?0u"
    answers["CSI c"] = "\u{1B}[?62;2"
    let screen = try open(place, answers: answers)
    usleep(20_000)
    screen.type("2c")
    #expect(screen.shows("[4 Select]"))
    #expect(screen.settles())
    // In the kitty keyboard's form Escape and letters with Ctrl are sequences.
    screen.type("?")
    #expect(screen.shows("This screen"))
    screen.type("\u{1B}[27u")
    #expect(screen.waits { !screen.emulator.text.contains("This screen") })
    screen.type("2\u{1B}[112;5u")
    #expect(screen.shows("[2 Models]"))
    #expect(screen.settles())
    screen.type("\u{1B}[27u")
    #expect(screen.settles())
    screen.type("q")
    expectRestored(screen, code: 0)
  }

  @Test func theThemeFollowsTheGround() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    var answers = Self.modern
    answers["CSI ?996n"] = nil
    answers["OSC 11;?"] = "\u{1B}]11;rgb:ffff/ffff/ffff\u{7}"
    let screen = try open(place, ["--theme", "auto"], answers: answers)
    #expect(screen.shows("all stages done"))
    #expect(screen.waits { screen.emulator.rows[5][1].look.background == 231 })
    screen.type("\u{1B}[?997;1n")
    #expect(screen.waits { screen.emulator.rows[5][1].look.background == 234 })
    screen.type("q")
    expectRestored(screen, code: 0)
    // Silence leaves the terminal's own ground.
    let silent = try open(place, ["--theme", "auto"])
    #expect(silent.shows("all stages done"))
    #expect(silent.emulator.rows[5][1].look.background == -1)
    silent.type("q")
    expectRestored(silent, code: 0)
  }
}
