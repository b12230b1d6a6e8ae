import TerminalUI
import Testing

@Suite struct InputDecoderTests {
  private func decode(_ text: String) -> [InputEvent] {
    var decoder = InputDecoder()
    return decoder.decode(Array(text.utf8)) + decoder.flush()
  }

  @Test func keys() {
    #expect(decode("aé日") == [.key(.character("a")), .key(.character("é")), .key(.character("日"))])
    #expect(
      decode("\r\n\t\u{7F}\u{8}") == [
        .key(.enter), .key(.enter), .key(.tab), .key(.backspace), .key(.backspace),
      ])
    #expect(
      decode("\u{1}\u{10}\u{1A}") == [
        .key(.control("a")), .key(.control("p")), .key(.control("z")),
      ])
    #expect(decode("\u{1B}") == [.key(.escape)])
    #expect(decode("\u{1B}\u{1B}") == [.key(.escape), .key(.escape)])
  }

  @Test(arguments: [
    ("\u{1B}[A", Key.up), ("\u{1B}OA", .up), ("\u{1B}[1;5A", .up), ("\u{1B}[H", .home),
    ("\u{1B}OF", .end), ("\u{1B}[1~", .home), ("\u{1B}[8~", .end), ("\u{1B}[5~", .pageUp),
    ("\u{1B}[6;2~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[Z", .backTab),
    ("\u{1B}OP", .function(1)), ("\u{1B}[[A", .function(1)), ("\u{1B}[15~", .function(5)),
    ("\u{1B}[24~", .function(12)), ("\u{1B}OM", .enter),
  ])
  func sequences(text: String, key: Key) {
    #expect(decode(text) == [.key(key)])
    // Cut anywhere, they mean the same.
    for cut in 1..<text.utf8.count {
      var decoder = InputDecoder()
      let bytes = Array(text.utf8)
      #expect(decoder.decode(bytes[..<cut]).isEmpty)
      #expect(decoder.isWaiting)
      #expect(decoder.decode(bytes[cut...]) == [.key(key)])
      #expect(!decoder.isWaiting)
    }
  }

  @Test(arguments: [
    "\u{1B}[?62;22c", "\u{1B}[>1;2;3q", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\",
    "\u{1B}]52;c;abcd\u{7}", "\u{1B}P1+r\u{1B}\\", "\u{1B}[999z", "\u{1B}[12;34R",
    "\u{1B}[<64;1M", "\u{1B}[<M", "\u{1B}[99~", "\u{1B}Oz",
  ])
  func unknownSequencesActAsNoKey(text: String) {
    let events = decode(text + "q")
    #expect(events.last == .key(.character("q")))
    // A cursor report looks like F3 with a parameter: the only permitted guess.
    let others = events.dropLast().filter { event in
      if case .report = event { false } else { event != .key(.function(3)) }
    }
    #expect(others.isEmpty, "\(events)")
  }

  @Test(arguments: [
    ("\u{1B}[?62;22c", TerminalReport.attributes), ("\u{1B}[?0u", .keyboard(flags: 0)),
    ("\u{1B}[?2026;2$y", .mode(2026, isKnown: true)),
    ("\u{1B}[?2026;0$y", .mode(2026, isKnown: false)), ("\u{1B}[?997;1n", .ground(.dark)),
    ("\u{1B}[?997;2n", .ground(.light)), ("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\", .ground(.dark)),
    ("\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{7}", .ground(.light)),
    ("\u{1B}]11;rgba:1c/1c/1c/ff\u{7}", .ground(.dark)),
    ("\u{1B}]11;#ffffff\u{7}", .ground(.light)),
  ])
  func whatTerminalsAnswer(text: String, report: TerminalReport) {
    for cut in 0..<text.utf8.count {
      var decoder = InputDecoder()
      let bytes = Array("a\(text)b".utf8)
      let events = decoder.decode(bytes[..<(cut + 1)]) + decoder.decode(bytes[(cut + 1)...])
      #expect(events == [.key(.character("a")), .report(report), .key(.character("b"))])
    }
  }

  @Test(arguments: [
    ("27", [Key.escape]), ("13;2", [.enter]), ("9;2", [.backTab]), ("127", [.backspace]),
    ("99;5", [.control("c")]), ("105;5", [.tab]), ("91;5", [.escape]), ("32;5", [.control("@")]),
    ("113;3", [.escape, .character("q")]), ("97:65;2", [.character("A")]),
    ("97;2", [.character("A")]), ("57403", [.character("4")]), ("57419;1", [.up]),
    ("97;9", []), ("97;1:3", []), ("57441;2", []), ("", []), ("0", []),
    ("233", [.character("é")]), ("4294967295", []),
  ])
  func kittyKeys(parameters: String, keys: [Key]) {
    #expect(decode("\u{1B}[\(parameters)u") == keys.map { .key($0) })
  }

  @Test func groundsOfTheEnvironment() {
    #expect(Ground(colorFGBG: "15;0") == .dark && Ground(colorFGBG: "0;15") == .light)
    #expect(Ground(colorFGBG: "0;default;7") == .light && Ground(colorFGBG: "0;default") == nil)
    #expect(Ground(colorFGBG: nil) == nil)
  }

  @Test func describedKeysWin() {
    var decoder = InputDecoder(described: [Array("\u{1B}[11;9^".utf8): .function(11)])
    #expect(
      decoder.decode(Array("\u{1B}[11;9^x".utf8)) == [.key(.function(11)), .key(.character("x"))])
  }

  @Test func mouseInBothForms() {
    #expect(decode("\u{1B}[<0;10;20M") == [.mouse(MouseEvent(.press, x: 9, y: 19))])
    #expect(
      decode("\u{1B}[<0;1;1M\u{1B}[<32;5;1M\u{1B}[<0;5;1m") == [
        .mouse(MouseEvent(.press, x: 0, y: 0)), .mouse(MouseEvent(.drag, x: 4, y: 0)),
        .mouse(MouseEvent(.release, x: 4, y: 0)),
      ])
    #expect(
      decode("\u{1B}[<65;3;4M\u{1B}[<68;3;4M") == [
        .mouse(MouseEvent(.wheelDown, x: 2, y: 3, button: .none)),
        .mouse(MouseEvent(.wheelUp, x: 2, y: 3, button: .none, modifiers: .shift)),
      ])
    #expect(
      decode("\u{1B}[M \u{2A}\u{34}\u{1B}[M#\u{2A}\u{34}") == [
        .mouse(MouseEvent(.press, x: 9, y: 19)), .mouse(MouseEvent(.release, x: 9, y: 19)),
      ])
    #expect(decode("\u{1B}[<2;1;1M") == [.mouse(MouseEvent(.press, x: 0, y: 0, button: .right))])
  }

  @Test func doubleClicksNeedTimeAndPlace() {
    var decoder = InputDecoder()
    func clicks(_ x: Int, _ time: Int) -> Int? {
      let events = decoder.decode(Array("\u{1B}[<0;\(x);1M\u{1B}[<0;\(x);1m".utf8), at: time)
      if case .mouse(let event)? = events.first { return event.clicks }
      return nil
    }
    #expect(clicks(5, 0) == 1)
    #expect(clicks(5, 300) == 2)
    #expect(clicks(5, 400) == 1)
    #expect(clicks(5, 1000) == 1)
    #expect(clicks(6, 1100) == 1)
  }

  @Test func pastesArriveInOnePieceWithoutActing() {
    let text = "q\u{1B}[A\nsecond\u{1B}\u{3}"
    #expect(decode("\u{1B}[200~\(text)\u{1B}[201~x") == [.paste(text), .key(.character("x"))])
    #expect(decode("\u{1B}[200~a\rb\r\nc\u{1B}[201~") == [.paste("a\nb\nc")])
    let long = String(repeating: "abcdefgh", count: 131_072)
    #expect(decode("\u{1B}[200~\(long)\u{1B}[201~") == [.paste(long)])
  }

  @Test func endlessPastesAreCut() {
    let long = String(repeating: "a", count: InputDecoder.maximumPaste + 100_000)
    let events = decode("\u{1B}[200~\(long)\u{1B}[201~q")
    guard case .paste(let text)? = events.first else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == InputDecoder.maximumPaste)
    #expect(events.last == .key(.character("q")))
  }

  @Test func brokenUTF8GivesNothing() {
    var decoder = InputDecoder()
    #expect(
      decoder.decode([0xFF, 0xC0, 0xAF, 0x80, 0xED, 0xA0, 0x80, 0x61]) == [.key(.character("a"))])
    #expect(decoder.decode([0xC2, 0x9B]).isEmpty)
    #expect(decoder.decode([0xE6, 0x97]).isEmpty)
    #expect(decoder.decode([0xA5]) == [.key(.character("日"))])
  }

  @Test func focus() {
    #expect(decode("\u{1B}[I\u{1B}[O") == [.focus(true), .focus(false)])
  }

  /// Random bytes, in random pieces: no crash, and never stuck.
  @Test func fuzz() {
    var generator = SplitMix(state: 42)
    let seeds: [[UInt8]] = [
      Array("\u{1B}[<0;1;".utf8), Array("\u{1B}[200~".utf8), Array("\u{1B}[201~".utf8), [0x1B],
      [0x5B],
      Array("\u{1B}[M".utf8), Array("\u{1B}]".utf8), Array("\u{1B}O".utf8),
    ]
    var decoder = InputDecoder(described: [Array("\u{1B}OA".utf8): .up])
    for _ in 0..<20_000 {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
      for _ in 0..<Int.random(in: 0...6, using: &generator) {
        bytes.append(UInt8.random(in: 0...255, using: &generator))
      }
      _ = decoder.decode(bytes)
      if Bool.random(using: &generator) { _ = decoder.flush() }
    }
    _ = decoder.decode(Array("\u{1B}[201~".utf8))
    _ = decoder.flush()
    #expect(decoder.decode([0x71]) == [.key(.character("q"))])
  }
}

/// A small generator with a fixed course.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
