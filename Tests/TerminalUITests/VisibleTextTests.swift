import TerminalUI
import Testing

@Suite struct VisibleTextTests {
  /// Widths as Python's wcwidth 0.2.x gives them.
  static let widths: [(UInt32, Int)] = [
    (0x41, 1), (0xE9, 1), (0x301, 0), (0x3042, 2), (0x4E00, 2), (0xAC00, 2), (0x1100, 2),
    (0x1161, 0), (0xFF21, 2), (0xFF71, 1), (0x1F600, 2), (0x1F680, 2), (0x2500, 1), (0x2588, 1),
    (0x28FF, 1), (0x5D0, 1), (0x627, 1), (0x64B, 0), (0xE01, 1), (0xE31, 0), (0x915, 1), (0x94D, 0),
    (0x2190, 1), (0x231A, 2), (0x23F0, 2), (0x2614, 2), (0x26A1, 2), (0x2705, 2), (0x3000, 2),
    (0x303F, 1), (0x20AC, 1), (0xFFE5, 2), (0x1F004, 2), (0x1F3E0, 2), (0x20000, 2), (0x483, 0),
    (0x591, 0), (0x20D0, 0), (0x302A, 0), (0x1D400, 1), (0x1F9D0, 2), (0x1FA70, 2), (0xA960, 2),
    (0xFE30, 2), (0xFDFD, 1), (0x2014, 1), (0x2026, 1),
  ]

  @Test func widthsAgreeWithWcwidth() throws {
    for (value, width) in Self.widths {
      let scalar = try #require(Unicode.Scalar(value))
      // On a base, so that combining marks have something to stand on.
      #expect(
        VisibleText.width("x" + String(Character(scalar))) == 1 + width,
        "U+\(String(value, radix: 16))")
    }
  }

  @Test func controlsBecomeVisible() {
    #expect(VisibleText.sanitised("a\u{1B}[31mb") == "a␛[31mb")
    #expect(VisibleText.sanitised("\u{9B}2J\u{7F}\u{0}") == "<9B>2J␡␀")
    #expect(
      VisibleText.sanitised("x\u{202E}y\u{2066}\u{200B}\u{FEFF}") == "x<202E>y<2066><200B><FEFF>")
    #expect(VisibleText.sanitised("a\tb\nc\r") == "a b␊c␍")
    #expect(VisibleText.sanitised("\u{2028}\u{E0041}\u{E000}") == "<2028><E0041>\u{FFFD}")
  }

  @Test func marksAreFlagged() {
    let clusters = VisibleText.clusters("a\u{1B}b")
    #expect(clusters.map(\.isMark) == [false, true, false])
  }

  @Test func joinersAndSelectorsDoNotChangeWidths() {
    #expect(VisibleText.sanitised("👩\u{200D}👧") == "👩👧")
    #expect(VisibleText.width("👩\u{200D}👧") == 4)
    #expect(VisibleText.sanitised("❤\u{FE0F}👍🏽") == "❤👍")
    #expect(VisibleText.sanitised("🇫🇷") == "FR")
    #expect(VisibleText.sanitised("co\u{AD}op") == "coop")
  }

  @Test func combiningMarksAreLimitedAndGetABase() {
    let zalgo = "e" + String(repeating: "\u{301}", count: 500)
    let clusters = VisibleText.clusters(zalgo)
    #expect(clusters.count == 1)
    #expect(clusters.first?.text.unicodeScalars.count == 4)
    #expect(VisibleText.clusters("\u{301}").first?.text.unicodeScalars.first == "\u{25CC}")
    #expect(VisibleText.width("\u{1B}\u{301}") == 2)
  }

  /// Every code point there is: what comes out holds no control, format or separator character, and
  /// the columns are those of its clusters.
  @Test func noCodePointGetsThrough() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      for cluster in VisibleText.clusters(text) {
        guard (1...2).contains(cluster.width) else {
          Issue.record("U+\(String(value, radix: 16)) has width \(cluster.width)")
          return
        }
        for drawn in cluster.text.unicodeScalars {
          switch drawn.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            Issue.record("U+\(String(value, radix: 16)) gets through")
            return
          default: break
          }
        }
      }
    }
  }

  @Test func truncationCountsColumns() {
    #expect(VisibleText.truncated("日本語", to: 6) == "日本語")
    #expect(VisibleText.truncated("日本語", to: 5) == "日本…")
    #expect(VisibleText.truncated("日本語", to: 4) == "日…")
    #expect(VisibleText.truncated("abc", to: 0) == "")
    #expect(VisibleText.truncated("abcdef", to: 4, ellipsis: "~") == "abc~")
  }
}

@Suite struct TextWrapTests {
  private func wrap(_ text: String, _ width: Int, limit: Int = .max) -> [String] {
    TextWrap.lines(StyledText(text), width: width, limit: limit).map(\.plain)
  }

  @Test func breaksAtSpaces() {
    #expect(wrap("How do I merge two", 8) == ["How do I", "merge", "two"])
    #expect(wrap("", 8) == [""])
    #expect(wrap("a\n\nb\r\nc", 8) == ["a", "", "b", "c"])
  }

  @Test func breaksLongWordsAnywhere() {
    #expect(wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(wrap("ab cdefghij", 4) == ["ab", "cdef", "ghij"])
  }

  @Test func wideCharactersNeverStandHalf() {
    #expect(wrap("日本語", 5) == ["日本", "語"])
    #expect(wrap("日本語", 1) == [""])
    #expect(wrap("a日", 2) == ["a", "日"])
  }

  @Test func indentationAndTabsStay() {
    #expect(wrap("    x = 1\n\ty", 20) == ["    x = 1", "    y"])
    #expect(wrap("ab\tc", 20) == ["ab  c"])
  }

  @Test func everyLineFits() {
    for width in 1...40 {
      for line in TextWrap.lines(StyledText(WidgetFixtures.hostile), width: width) {
        #expect(line.width <= width)
      }
    }
  }

  @Test func aHugeLineCostsWhatIsShown() {
    let text = StyledText(String(repeating: "word ", count: 2_000_000))
    var lines: [StyledText] = []
    let shown = WorkTime.seconds { lines = TextWrap.lines(text, width: 80, limit: 30) }
    #expect(lines.count == 30)
    // Beside the whole of it, in the same run.
    let whole = WorkTime.seconds { lines = TextWrap.lines(text, width: 80, limit: .max) }
    #expect(lines.count > 100_000)
    #expect(shown < whole / 10)
  }

  @Test func tracesSpans() {
    let lines = TextWrap.tracedLines(
      StyledText([Span("one"), Span(" two"), Span(" three")]), width: 8)
    #expect(lines.map(\.text.plain) == ["one two", "three"])
    #expect(lines.map(\.sources) == [[0, 1], [2]])
  }
}
