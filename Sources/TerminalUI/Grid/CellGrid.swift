/// A screen as a value: rows of cells. Made by drawing on a `Canvas`, painted by a `Terminal`.
public struct CellGrid: Hashable, Sendable {
  public let size: Size
  /// Row by row, `size.width * size.height` cells.
  public private(set) var cells: [Cell]

  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.width * size.height)
  }

  /// The cell of a column and row; blank outside.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0, y >= 0, x < size.width, y < size.height else { return .blank }
    return cells[y * size.width + x]
  }

  /// Puts one cell; a wide neighbour of which a half would be left becomes blank.
  mutating func set(_ cell: Cell, x: Int, y: Int) {
    let width = max(1, Int(cell.width))
    guard x >= 0, y >= 0, x + width <= size.width, y < size.height else { return }
    let index = y * size.width + x
    if cells[index].width == 0 { split(at: index - 1) }
    if cells[index + width - 1].width == 2 { split(at: index + width - 1) }
    cells[index] = cell
    if width == 2 { cells[index + 1] = Cell(text: "", width: 0, style: cell.style) }
  }

  /// Changes the style of one cell and leaves the character.
  mutating func restyle(x: Int, y: Int, _ change: (inout Style) -> Void) {
    guard x >= 0, y >= 0, x < size.width, y < size.height else { return }
    change(&cells[y * size.width + x].style)
  }

  private mutating func split(at index: Int) {
    guard index >= 0, cells[index].width == 2 else { return }
    let style = cells[index].style
    cells[index] = Cell(text: " ", width: 1, style: style)
    cells[index + 1] = Cell(text: " ", width: 1, style: style)
  }

  /// The characters, one line a row, without spaces at the ends of lines.
  public var text: String {
    lines { $0.text }
  }

  /// One letter a cell for its role (see `StyleRole.letter`; blank cells of the text role are
  /// spaces), one line a row, without spaces at the ends of lines.
  public var roles: String {
    lines { cell in
      cell.style == .text && cell.text == " " ? " " : String(cell.style.role.letter)
    }
  }

  private func lines(_ write: (Cell) -> String) -> String {
    var rows: [String] = []
    for y in 0..<size.height {
      var row = ""
      for x in 0..<size.width { row += write(cells[y * size.width + x]) }
      while row.hasSuffix(" ") { row.removeLast() }
      rows.append(row)
    }
    return rows.joined(separator: "\n")
  }
}
