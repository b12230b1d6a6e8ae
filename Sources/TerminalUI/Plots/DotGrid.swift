/// A field of dots in layers, one a series, several dots to a cell.
///
/// A cell has one colour. Where several layers have dots in one, they take turns along the curve, so
/// that none hides another; faint layers are seen where no other one is.
struct DotGrid {
  let columns: Int
  let rows: Int
  /// Dots a cell has across and down.
  let across: Int
  let down: Int
  private let layers: Int
  private let isFaint: [Bool]
  /// Dots of cell after cell, layer after layer.
  private var dots: [UInt8]

  /// Dots of a cell: 2x4 for braille, 1x2 for blocks, 1x1 for marks.
  init(columns: Int, rows: Int, across: Int, down: Int, isFaint: [Bool]) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    self.across = across
    self.down = down
    self.isFaint = isFaint
    layers = isFaint.count
    dots = Array(repeating: 0, count: self.columns * self.rows * layers)
  }

  var width: Int { columns * across }
  var height: Int { rows * down }

  /// Sets a dot, counted from the top left; dots outside are ignored.
  mutating func set(x: Int, y: Int, layer: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let cell = (y / down) * columns + x / across
    dots[layer * columns * rows + cell] |= 1 << UInt8((y % down) * across + x % across)
  }

  /// A straight line between two dots.
  mutating func line(from start: Point, to end: Point, layer: Int) {
    let dx = abs(end.x - start.x)
    let dy = -abs(end.y - start.y)
    let stepX = start.x < end.x ? 1 : -1
    let stepY = start.y < end.y ? 1 : -1
    var (x, y) = (start.x, start.y)
    var error = dx + dy
    while true {
      set(x: x, y: y, layer: layer)
      if x == end.x && y == end.y { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// The layer whose turn a cell is; nil where there is no dot.
  func owner(x: Int, y: Int) -> Int? {
    let cell = y * columns + x
    guard cell < columns * rows else { return nil }
    let here = (0..<layers).filter { dots[$0 * columns * rows + cell] != 0 }
    let solid = here.filter { !isFaint[$0] }
    let sharing = solid.isEmpty ? here : solid
    guard sharing.count > 1 else { return sharing.first }
    // Turns of two columns; along steep and slanting curves they are no longer.
    return sharing[((x + 2 * y) % (2 * sharing.count)) / 2]
  }

  /// The rows, from the top, in which a layer has dots in a column.
  func rows(ofLayer layer: Int, column: Int) -> [Int] {
    guard column >= 0, column < columns else { return [] }
    return (0..<rows).filter { dots[(layer * rows + $0) * columns + column] != 0 }
  }

  /// The character of a layer's dots in a cell, or, where no colour is to be told, of all dots.
  func text(x: Int, y: Int, layer: Int, mark: String, isMerged: Bool = false) -> String {
    var bits = dots[(layer * rows + y) * columns + x]
    if isMerged {
      for other in 0..<layers where isFaint[other] == isFaint[layer] {
        bits |= dots[(other * rows + y) * columns + x]
      }
    }
    return switch (across, down) {
    case (2, 4): Self.braille(bits)
    case (1, 2): ["▀", "▄", "█"][max(1, Int(bits)) - 1]
    default: mark
    }
  }

  /// Our bits run along rows; Unicode numbers the upper three rows down each column, then the fourth.
  private static func braille(_ bits: UInt8) -> String {
    let order: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var value: UInt32 = 0x2800
    for bit in 0..<8 where bits & (1 << UInt8(bit)) != 0 { value |= order[bit] }
    return Unicode.Scalar(value).map { String(Character($0)) } ?? " "
  }
}
