/// A table as a picture, where a page cannot show tables: rules between rows, the best in bold.
public struct TablePicture: Sendable, Equatable {
  /// Most rows and columns; the rest is counted.
  private static let most = (rows: 60, columns: 14)
  private static let size = 12.0
  private static let rowHeight = 25.0
  private static let gap = 22.0
  private static let widest = 190.0

  public var title: String
  public var subtitle: String
  public var table: ReportTable
  public var notes: [String]

  public init(title: String, subtitle: String = "", table: ReportTable, notes: [String] = []) {
    self.title = title
    self.subtitle = subtitle
    self.table = table
    self.notes = notes
  }

  public var svg: String { drawing.svg }

  public var drawing: Drawing {
    let columns = Array(table.columns.prefix(Self.most.columns))
    let rows = Array(table.rows.prefix(Self.most.rows))
    let left = (table.columns.count - columns.count, table.rows.count - rows.count)
    let widths = columns.indices.map { column in
      let texts = [columns[column].title] + rows.map { $0[column].shown }
      // Bold text is wider.
      return min(
        Self.widest, (texts.map { TextWidth.of($0, size: Self.size) * 1.06 }.max() ?? 0))
    }
    let margin = ChartText.margin
    let content = widths.reduce(0) { $0 + $1 + Self.gap }
    let width = max(420, content + 2 * margin)
    let lack =
      left.0 > 0 || left.1 > 0 ? ["\(left.0) columns and \(left.1) rows are not drawn."] : []
    let text = ChartText(title, subtitle: subtitle, notes: notes + lack, width: width)
    let top = text.bottomOfHead + 6
    let height = top + Double(rows.count + 1) * Self.rowHeight + text.notesHeight + 18
    var drawing = Drawing(width: width, height: height, title: title, description: subtitle)
    text.draw(on: &drawing)
    // Columns share what is left over.
    let extra = columns.isEmpty ? 0 : (width - 2 * margin - content) / Double(columns.count)
    var x = margin
    for (column, spec) in columns.enumerated() {
      let room = widths[column]
      let (place, anchor): (Double, Drawing.Anchor) =
        spec.isText ? (x + Self.gap / 2, .start) : (x + room + extra + Self.gap / 2, .end)
      func draw(_ text: String, _ y: Double, colour: String, isBold: Bool) {
        drawing.text(
          TextWidth.fitted(text, size: Self.size, into: room), place, y, size: Self.size,
          colour: colour, anchor: anchor, isBold: isBold, full: text)
      }
      draw(spec.title, top + 17, colour: Palette.quietText, isBold: false)
      for (index, row) in rows.enumerated() {
        draw(
          row[column].shown, top + Double(index + 1) * Self.rowHeight + 17,
          colour: Palette.text, isBold: row[column].isBest)
      }
      x += room + extra + Self.gap
    }
    for row in 0...rows.count {
      let y = top + Double(row + 1) * Self.rowHeight
      let isEdge = row == 0 || row == rows.count
      drawing.line(
        margin, y, width - margin, y, colour: isEdge ? Palette.axis : Palette.grid)
    }
    return drawing
  }
}
