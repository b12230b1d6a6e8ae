import EngineInterface
import TerminalUI
import Testing
import Workbench

/// Text of a corpus reaches the screen as harmless characters only.
@Suite struct HostileTextTests {
  private static let hostile =
    "\u{1B}]52;c;ZXZpbA==\u{07}\u{1B}[2J\u{9B}31m\u{202E}abc\u{0}\r\n\u{200B}漢字\u{FEFF}\u{7F}"

  @Test(arguments: ScreenID.allCases)
  func nothingRawIsDrawn(_ screen: ScreenID) {
    let bad = Self.hostile
    let snapshots = FixtureSnapshots(chunks: 40)
    var events = snapshots.finished
    events = events.map { event in
      switch event {
      case .chunkRows(var rows):
        for index in rows.rows.indices { rows.rows[index].preview = bad + rows.rows[index].preview }
        return .chunkRows(rows)
      case .selection(var selection):
        for index in selection.border.indices { selection.border[index].preview = bad }
        for index in selection.sources.indices { selection.sources[index].name += bad }
        return .selection(selection)
      case .corpus(var corpus):
        for index in corpus.sources.indices { corpus.sources[index].name += bad }
        corpus.path = bad
        return .corpus(corpus)
      default: return event
      }
    }
    var chunk = snapshots.chunk(3)
    for index in chunk.tokens.indices { chunk.tokens[index].text += bad }
    events.append(.chunk(chunk))
    events.append(.notice(Notice(level: .error, text: bad, time: "12:00:00")))
    for size in GoldenTests.sizes {
      let frame = OneFrame.frame(events, screen: screen, size: size)
      for cell in frame.grid.cells {
        for scalar in cell.text.unicodeScalars {
          let isControl =
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || scalar.value == 0x200B
          #expect(!isControl, "U+\(String(scalar.value, radix: 16)) on \(screen.title)")
        }
      }
    }
  }
}
