import Numerics

/// A column of a table.
public struct TableColumn: Hashable, Sendable {
  public var title: String
  public var width: Extent
  public var alignment: Alignment

  public init(_ title: String, width: Extent, alignment: Alignment = .left) {
    self.title = title
    self.width = width
    self.alignment = alignment
  }

  /// The width to lay out by: a column that takes what is left keeps room for its head, so that the
  /// names do not vanish before the numbers in a narrow table.
  var extent: Extent {
    if case .fill(let weight, 0) = width {
      return .fill(weight: weight, minimum: max(6, VisibleText.width(title)))
    }
    return width
  }

  /// A right-aligned column of numbers.
  public static func number(_ title: String, width: Int) -> TableColumn {
    TableColumn(title, width: .fixed(width), alignment: .right)
  }
}

/// A list with columns; asks only for the rows it shows, so that a million rows cost nothing.
public struct Table: Widget {
  public var columns: [TableColumn]
  public var rowCount: Int
  /// Nil draws no selection.
  public var state: ListState?
  public var hasHeader: Bool
  /// The selection is drawn weaker without focus.
  public var isFocused: Bool
  /// Rows and headers answer to the mouse as `kind` and `kind + ".header"`.
  public var hitKind: String?
  public var row: (Int) -> [StyledText]

  public init(
    columns: [TableColumn], rowCount: Int, state: ListState? = nil, hasHeader: Bool = true,
    isFocused: Bool = true, hitKind: String? = nil,
    row: @escaping (Int) -> [StyledText]
  ) {
    self.columns = columns
    self.rowCount = rowCount
    self.state = state
    self.hasHeader = hasHeader
    self.isFocused = isFocused
    self.hitKind = hitKind
    self.row = row
  }

  /// Rows that a view of this height shows, without the header.
  public func visibleRows(height: Int) -> Int { max(0, height - (hasHeader ? 1 : 0)) }

  /// "1-18 of 20,000" for the footer of the box around it.
  public func position(height: Int) -> String {
    let visible = visibleRows(height: height)
    let top = state?.firstRow(count: rowCount, height: visible) ?? 0
    return Self.position(top: top, visible: visible, count: rowCount)
  }

  /// "first-last of count", or "none".
  public static func position(top: Int, visible: Int, count: Int) -> String {
    guard count > 0 else { return "none" }
    return
      "\(Number.grouped(top + 1))-\(Number.grouped(min(count, top + visible))) of \(Number.grouped(count))"
  }

  public func draw(on canvas: inout Canvas) {
    guard !canvas.bounds.isEmpty else { return }
    let hasGutter = state != nil
    let gutter = hasGutter ? 2 : 0
    let area = Rect(
      x: gutter, y: 0, width: canvas.size.width - gutter, height: canvas.size.height)
    let fields = area.columns(columns.map(\.extent), gap: 1)
    if hasHeader { drawHeader(fields, on: &canvas) }
    let firstLine = hasHeader ? 1 : 0
    let visible = visibleRows(height: canvas.size.height)
    let top = state?.firstRow(count: rowCount, height: visible) ?? 0
    let selected = state.map { min(max(0, $0.selected), rowCount - 1) }
    for line in 0..<visible {
      let index = top + line
      guard index < rowCount else { break }
      let y = firstLine + line
      for (field, (column, text)) in zip(fields, zip(columns, row(index))) where field.width > 0 {
        canvas.put(text, x: field.x, y: y, width: field.width, alignment: column.alignment)
      }
      let rect = Rect(x: 0, y: y, width: canvas.size.width, height: 1)
      if index == selected { drawSelection(rect, on: &canvas) }
      if let hitKind { canvas.mark(rect, as: HitTarget(hitKind, index)) }
    }
  }

  private func drawSelection(_ rect: Rect, on canvas: inout Canvas) {
    canvas.put(canvas.glyphs.cursor, x: 0, y: rect.y, role: .accent)
    let isFocused = isFocused
    canvas.restyle(rect) { style in
      if isFocused {
        style = Style(.select, style.attributes)
      } else {
        style.attributes.insert(.bold)
      }
    }
  }

  private func drawHeader(_ fields: [Rect], on canvas: inout Canvas) {
    for (index, (field, column)) in zip(fields, columns).enumerated() where field.width > 0 {
      let title = StyledText(column.title, .dim, .bold)
      canvas.put(title, x: field.x, y: 0, width: field.width, alignment: column.alignment)
      if let hitKind { canvas.mark(field.row(0), as: HitTarget("\(hitKind).header", index)) }
    }
  }
}
