import Numerics
import TerminalUI
import Testing

@Suite struct KeyTests {
  @Test func keyNamesReadBack() {
    let keys: [Key] =
      [
        .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .tab,
        .backTab, .enter, .escape, .backspace, .space, .character("?"), .character("é"),
        .character("f"), .control("p"), .control("["),
      ] + (1...12).map { .function($0) }
    for key in keys { #expect(Key(name: key.name) == key, "\(key.name)") }
    for name in ["", "F13", "F0", "Ctrl-", "Ctrl-é", "\u{1B}", "ab"] {
      #expect(Key(name: name) == nil)
    }
  }
}

@Suite struct ListStateTests {
  @Test func theSelectionIsAlwaysVisible() {
    var generator = SplitMix(state: 5)
    var state = ListState()
    let moves: [ListState.Move] = [
      .up, .down, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .home, .end, .to(17), .to(-5),
      .to(1_000_000),
    ]
    for _ in 0..<5000 {
      let count = Int.random(in: 0...60, using: &generator)
      let height = Int.random(in: 0...25, using: &generator)
      if Bool.random(using: &generator) {
        state.move(
          moves[Int.random(in: 0..<moves.count, using: &generator)], count: count, height: height)
      } else {
        state.scroll(by: Int.random(in: -30...30, using: &generator), count: count, height: height)
      }
      #expect(state.top >= 0 && (state.top == 0 || state.top < count))
      #expect(count == 0 ? state.selected == 0 : (0..<count).contains(state.selected))
      if height > 0 && count > 0 {
        #expect((state.top..<(state.top + height)).contains(state.selected))
      }
    }
  }

  @Test func wheelKeepsTheSelectionWhileItCan() {
    var state = ListState(selected: 5)
    state.scroll(by: 3, count: 100, height: 10)
    #expect(state == ListState(selected: 5, top: 3))
    state.scroll(by: 10, count: 100, height: 10)
    #expect(state == ListState(selected: 13, top: 13))
  }
}

@Suite struct TextFieldTests {
  @Test func editing() {
    var field = TextFieldState("hello")
    for key in [
      Key.left, .left, .backspace, .character("L"), .home, .character(">"), .end, .delete,
    ] {
      let isTaken = field.handle(key)
      #expect(isTaken)
    }
    #expect(field.text == ">heLlo")
    #expect(field.cursor == 6)
    for key in [Key.enter, .escape, .tab, .up] {
      let isTaken = field.handle(key)
      #expect(!isTaken)
    }
    field.insert(" two words")
    _ = field.handle(.control("w"))
    #expect(field.text == ">heLlo two ")
    _ = field.handle(.control("u"))
    #expect(field.text.isEmpty && field.cursor == 0)
  }

  @Test func pastesAreFlatAndLimited() {
    var field = TextFieldState()
    field.insert("a\nb\r\n" + String(repeating: "x", count: 1_000_000))
    #expect(field.text.hasPrefix("a b x"))
    #expect(field.text.count == TextFieldState.maximumLength)
    #expect(field.cursor == TextFieldState.maximumLength)
  }

  @Test func randomKeysKeepTheCursorInside() {
    var generator = SplitMix(state: 11)
    let keys: [Key] = [
      .character("a"), .character("\u{301}"), .character("日"), .left, .right, .home, .end,
      .backspace,
      .delete, .control("w"), .control("k"), .control("u"),
    ]
    var field = TextFieldState()
    for _ in 0..<20_000 {
      _ = field.handle(keys[Int.random(in: 0..<keys.count, using: &generator)])
      #expect((0...field.text.count).contains(field.cursor))
    }
  }

  @Test func theCursorStaysInTheView() throws {
    for width in 1...20 {
      var canvas = Canvas(size: Size(width: width, height: 1))
      canvas.draw(
        TextField(state: TextFieldState("a long text 日本語")), in: canvas.bounds)
      let cursor = try #require(canvas.frame.cursor)
      #expect(cursor.x < width)
    }
  }
}

@Suite struct NumberTests {
  @Test func formats() {
    #expect(Number.grouped(1_204_331) == "1,204,331")
    #expect(Number.grouped(-999) == "-999")
    #expect(Number.grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(Number.fixed(-0.0001, 2) == "0.00")
    #expect(Number.fixed(.nan, 2) == "NaN")
    #expect(Number.significant(6e-5, 3) == "6e-05")
    #expect(Number.significant(nil, 3) == "-")
    #expect(Number.signed(0.5, 2) == "+0.50")
    #expect(Number.signed(-0.25, 1) == "-0.2")
    #expect(
      [950, 12_400, 3_050_000, 1.2e9, 999.6, 0.5].map(Number.short) == [
        "950", "12.4k", "3.05M", "1.20G", "1.00k", "0.50",
      ])
    #expect(
      [7.2, 395, 7500, 273_600, -1, .infinity].map { Number.duration($0) } == [
        "7s", "6m35s", "2h05m", "3d04h", "-", "-",
      ])
  }
}

@MainActor @Suite struct RecordingTerminalTests {
  @Test func scriptedEventsAndFrames() async {
    let terminal = RecordingTerminal(size: Size(width: 20, height: 2))
    terminal.type(.character("a"), .up)
    terminal.send(.resize(Size(width: 10, height: 1)))
    var iterator = terminal.wakeUps.makeAsyncIterator()
    #expect(await iterator.next() != nil)
    #expect(
      terminal.nextEvents() == [
        .key(.character("a")), .key(.up), .resize(Size(width: 10, height: 1)),
      ])
    #expect(terminal.nextEvents().isEmpty)
    var canvas = terminal.canvas()
    #expect(canvas.size == Size(width: 10, height: 1))
    canvas.put("hello", x: 0, y: 0)
    terminal.present(canvas.frame)
    #expect(terminal.screen == "hello")
    terminal.close()
    #expect(await iterator.next() == nil)
  }

  @Test func aMonochromeThemeAsksForMarks() throws {
    let theme = try ThemeTests.catalogue.load("mono").theme
    #expect(RecordingTerminal(size: Size(width: 2, height: 2), theme: theme).canvas().isMonochrome)
    #expect(!RecordingTerminal(size: Size(width: 2, height: 2)).canvas().isMonochrome)
  }
}
