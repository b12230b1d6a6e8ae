import Testing

/// The emulator itself, so that tests that rely on it rely on something.
@Suite struct EmulatorTests {
  private func shown(_ text: String, _ width: Int = 10, _ height: Int = 4) -> Emulator {
    var emulator = Emulator(width: width, height: height)
    // Cut into single bytes: a terminal gets them as they come.
    for byte in text.utf8 { emulator.feed([byte]) }
    return emulator
  }

  @Test func cursorAndErasing() {
    #expect(shown("ab\r\ncd\u{1B}[HX").lines == ["Xb", "cd", "", ""])
    #expect(shown("abc\u{1B}[2D\u{1B}[K").lines[0] == "a")
    #expect(shown("abc\u{1B}[1;2H\u{1B}[1K").lines[0] == "  c")
    #expect(shown("a\r\nb\r\nc\u{1B}[2;1H\u{1B}[J").lines == ["a", "", "", ""])
    #expect(shown("abcdef\u{1B}[3G\u{1B}[2X").lines[0] == "ab  ef")
    #expect(shown("abcdef\u{1B}[3G\u{1B}[2P").lines[0] == "abef")
    #expect(shown("abcdef\u{1B}[3G\u{1B}[2@").lines[0] == "ab  cdef")
    #expect(shown("x\u{1B}[3b").lines[0] == "xxxx")
    #expect(shown("\u{1B}[3dq\u{1B}[2Ar").lines == [" r", "", "q", ""])
  }

  @Test func linesScrollInTheirRegion() {
    let four = "1\r\n2\r\n3\r\n4"
    #expect(shown(four + "\r\n5").lines == ["2", "3", "4", "5"])
    #expect(shown(four + "\u{1B}[2;3r\u{1B}[3;1H\n").lines == ["1", "3", "", "4"])
    #expect(shown(four + "\u{1B}[2;3r\u{1B}[2;1H\u{1B}M").lines == ["1", "", "2", "4"])
    #expect(shown(four + "\u{1B}[1;1H\u{1B}[2M").lines == ["3", "4", "", ""])
    #expect(shown(four + "\u{1B}[1;1H\u{1B}[1L").lines == ["", "1", "2", "3"])
    #expect(shown(four + "\u{1B}[S").lines == ["2", "3", "4", ""])
  }

  @Test func theLastColumnWrapsLate() {
    #expect(shown("0123456789").lines[0] == "0123456789")
    #expect(shown("0123456789").y == 0)
    #expect(shown("0123456789a").lines.prefix(2) == ["0123456789", "a"])
    #expect(shown("01234567 日本").lines.prefix(2) == ["01234567", "日本"])
  }

  @Test func looks() {
    let emulator = shown("\u{1B}[1;31;48;5;234mA\u{1B}[0;38;2;1;2;3mB\u{1B}[mC")
    #expect(
      emulator.rows[0][0].look == Emulator.Look(foreground: 1, background: 234, attributes: [1]))
    #expect(emulator.rows[0][1].look.foreground == 256 + 0x010203)
    #expect(emulator.rows[0][2].look == Emulator.Look())
  }

  @Test func modesAndQuestions() {
    var emulator = shown("main\u{1B}[?1049h\u{1B}[?25lother\u{1B}[>1u\u{1B}[c\u{1B}]11;?\u{7}")
    #expect(emulator.lines[0].contains("other") && emulator.isAlternate)
    #expect(emulator.leftovers.count == 3)
    #expect(emulator.takeQuestions() == ["CSI c", "OSC 11;?"])
    emulator.feed("\u{1B}[<u\u{1B}[?25h\u{1B}[?1049l".utf8)
    #expect(emulator.leftovers.isEmpty && emulator.lines[0] == "main")
    #expect(emulator.everOn == [25, 1049])
    #expect(shown("\u{1B}(0qx\u{1B}(Bq").lines[0] == "─│q")
    #expect(shown("\u{1B}[?5W").unknown.count == 1)
  }
}
