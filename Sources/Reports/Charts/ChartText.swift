/// The words around the plot of a picture: title and subtitle above it, notes below.
struct ChartText {
  static let margin = 20.0
  private static let titleSize = 16.0
  private static let quietSize = 12.0
  private static let noteSize = 11.0

  let width: Double
  private let title: String
  private let titleLines: [String]
  private let subtitleLines: [String]
  private let noteLines: [String]

  init(_ title: String, subtitle: String, notes: [String], width: Double) {
    self.width = width
    self.title = title
    let room = width - 2 * Self.margin
    titleLines = TextWidth.lines(title, size: Self.titleSize, into: room, most: 2)
    subtitleLines = TextWidth.lines(subtitle, size: Self.quietSize, into: room, most: 3)
    noteLines = notes.flatMap {
      TextWidth.lines($0, size: Self.noteSize, into: room, most: 3)
    }
  }

  /// Where the plot may begin.
  var bottomOfHead: Double {
    Self.margin + Double(titleLines.count) * 20 + Double(subtitleLines.count) * 16 + 10
  }

  var notesHeight: Double { noteLines.isEmpty ? 0 : 8 + Double(noteLines.count) * 15 }

  func draw(on drawing: inout Drawing) {
    var y = Self.margin - 4
    for line in titleLines {
      y += 20
      drawing.text(line, Self.margin, y, size: Self.titleSize, isBold: true, full: title)
    }
    y += 2
    for line in subtitleLines {
      y += 16
      drawing.text(line, Self.margin, y, size: Self.quietSize, colour: Palette.quietText)
    }
    y = drawing.height - 14 - Double(noteLines.count - 1) * 15
    for line in noteLines {
      drawing.text(line, Self.margin, y, size: Self.noteSize, colour: Palette.quietText)
      y += 15
    }
  }
}
