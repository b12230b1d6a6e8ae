import Foundation
import Glibc
import Testing

/// What takes too long for every change: `make soak` runs it and it prints what it did. MINIPLM_SOAK=1 switches it
/// on; SOAK_SEED repeats a run, SOAK_KEYS and SOAK_SIZES give other counts.
@Suite(
  .serialized, .enabled(if: ProcessInfo.processInfo.environment["MINIPLM_SOAK"] == "1"))
struct SoakTests {
  private static func number(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  private static let seed = number("SOAK_SEED", Int.random(in: 0..<1_000_000))
  private static let keys = number("SOAK_KEYS", 100_000)
  private static let sizes = number("SOAK_SIZES", 1000)
  static let screens = [
    "Corpus", "Models", "Score", "Select", "Chunk", "Commit", "Train", "Compare", "Evaluate",
  ]

  private func tell(_ text: String) { print("soak: \(text)") }

  private func open(
    _ place: Workplace, _ arguments: [String] = [], columns: Int = 120, rows: Int = 36
  ) throws -> TerminalProgram {
    let screen = try TerminalProgram(
      ["open", "project"] + arguments, in: place.path, columns: columns, rows: rows)
    #expect(screen.shows("all stages done"), "\(screen.text.suffix(300))")
    return screen
  }

  /// Leaves by the key, whatever lies over the screen.
  private func leave(_ screen: TerminalProgram) {
    for _ in 0..<3 {
      screen.type("\u{1B}")
      usleep(60_000)
    }
    screen.signal(SIGTERM)
    #expect([0, 4].contains(screen.end()), "\(screen.text.suffix(300))")
    #expect(screen.emulator.leftovers.isEmpty && screen.hasSettingsBack)
    #expect(screen.emulator.unknown.isEmpty, "\(screen.emulator.unknown.prefix(3))")
  }

  @Test(arguments: 1...9)
  func aThousandSizesOnEveryScreen(digit: Int) throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    var random = Steps(UInt64(Self.seed + digit))
    let screen = try open(place)
    screen.type("\(digit)")
    for step in 0..<Self.sizes {
      screen.resize(columns: 1 + random.next(below: 300), rows: 1 + random.next(below: 100))
      if step % 5 == 0 { screen.type(["?", ":", "\u{1B}", "/x", "\u{1B}"][random.next(below: 5)]) }
      screen.drain()
    }
    screen.resize(columns: 120, rows: 36)
    for _ in 0..<3 {
      screen.type("\u{1B}")
      usleep(60_000)
    }
    screen.type("\(digit)\u{C}")
    #expect(screen.shows("[\(digit) \(Self.screens[digit - 1])]") && screen.settles())
    let stormed = screen.emulator
    // Drawn anew, nothing may change: what stood there was what the program believed.
    screen.type("\u{C}")
    #expect(screen.settles())
    for row in 0..<36 {
      #expect(screen.emulator.rows[row] == stormed.rows[row], "seed \(Self.seed), row \(row)")
    }
    tell(
      "\(Self.sizes) sizes on \(Self.screens[digit - 1]), seed \(Self.seed): \(screen.count) bytes")
    leave(screen)
  }

  @Test func randomKeysAndReports() throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    var random = Steps(UInt64(Self.seed))
    var screen = try open(place)
    let pieces = [
      "\u{1B}", "\t", "\r", " ", "\u{7F}", "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D",
      "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[H", "\u{1B}[F", "\u{1B}[Z", "\u{1B}OP", "\u{1B}OQ",
      "\u{10}",
      "\u{1B}[<0;20;9M", "\u{1B}[<0;20;9m", "\u{1B}[<32;40;12M", "\u{1B}[<64;40;12M",
      "\u{1B}[<65;40;12M", "\u{1B}[200~a paste\n\u{1B}[201~", "\u{1B}[?62c",
      "\u{1B}]11;rgb:0/0/0\u{7}",
      "\u{1B}[27u", "\u{1B}[99;5u", "\u{1B}[1;", "\u{FF}", "\u{0}", "é日", "\u{1B}P", "\u{1B}]",
      "\u{7}",
    ]
    var starts = 1
    for step in 0..<Self.keys {
      let choice = random.next(below: 3)
      // Not R and not what ends the program or stops it: their ways are tested elsewhere.
      let letters = Array(
        "abcdefghijklmnoprstuvwyzABCDFGHIJKLMNOPSTUVWXYZ0123456789?/:[]{}<>+-=.,;$%")
      screen.type(
        choice == 0
          ? pieces[random.next(below: pieces.count)]
          : String(letters[random.next(below: letters.count)]))
      if step % 64 == 0 { screen.drain() }
      if step % 4096 == 0, !screen.settles(milliseconds: 100) {
        // A palette can say quit: that is a way out, too, but only by its own code.
        #expect([0, 4].contains(screen.end()), "seed \(Self.seed), step \(step)")
        screen = try open(place)
        starts += 1
      }
    }
    tell(
      "\(Self.keys) keys, seed \(Self.seed): \(starts) starts, \(screen.count) bytes in the last")
    leave(screen)
  }

  @Test func hostileTexts() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let texts = [
      "\u{1B}[2J\u{1B}[31mred\u{1B}]52;c;aGFja2Vk\u{7}", "\u{9B}2J\u{90}q\u{9C}",
      "\u{202E}drawkcab\u{202C}",
      String(repeating: "x", count: 1_000_000), "a\u{200D}b\u{FEFF}c\u{0}d", "日本語の文章が右端まで続く",
      "e\u{301}\u{302}\u{303}\u{304}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
      "\t\t\r\r\n\u{8}\u{8}",
    ]
    let lines = try (0..<120).map { index in
      let object = [
        "text": "\(texts[index % texts.count]) \(index)", "source": "s\(index % 3)\u{1B}[7m",
      ]
      return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
    try place.write(lines.joined(separator: "\n") + "\n", to: "hostile.jsonl")
    try Program.succeed(
      [
        "init", "project", "--corpus", place.path + "/hostile.jsonl", "--held-out",
        "\(work.path)/held.jsonl", "--tokenizer", "\(work.path)/tok", "--teacher",
        "\(work.path)/teacher", "--reference", "\(work.path)/reference", "--max-length", "33",
        "--waive", "teacher,length",
      ], in: place.path)
    let screen = try open(place)
    screen.type("R")
    _ = screen.settles(milliseconds: 1500)
    for digit in 1...9 {
      screen.type("\(digit)")
      for _ in 0..<20 { screen.type("\u{1B}[B\r\u{1B}[6~h") }
      #expect(screen.settles())
      // Nothing of the texts acts on the terminal: no clipboard, no reverse, the frame in its place.
      #expect(screen.emulator.clipboard.isEmpty && screen.emulator.unknown.isEmpty)
      #expect(screen.emulator.lines[0].contains("MINIPLM"), "\(digit)")
    }
    tell("hostile texts on nine screens: \(screen.count) bytes")
    leave(screen)
  }

  /// A terminal that nobody reads, and one of 300 bytes a second: the work behind goes on, and the screen
  /// comes right when it is read again.
  @Test(arguments: [0, 300])
  func slowReaders(bytesPerSecond: Int) throws {
    let place = try Workplace()
    try FinishedProject.copy(to: place)
    let screen = try open(place)
    for round in 0..<40 {
      screen.type("\(1 + round % 9)")
      usleep(100_000)
      screen.drain(limit: bytesPerSecond / 10)
    }
    let outcome = try Program.run(["attach", "project", "--json"], in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    screen.type("2")
    #expect(screen.shows("[2 Models]"))
    tell("a reader of \(bytesPerSecond) bytes a second: \(screen.count) bytes")
    leave(screen)
  }
}
