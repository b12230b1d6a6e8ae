/// A field of dots, several to a cell, each cell in the colour of the series drawn last.
struct DotGrid {
  let columns: Int
  let rows: Int
  /// Dots a cell has across and down.
  let across: Int
  let down: Int
  private var dots: [UInt8]
  private var series: [Int16]

  /// Dots of a cell: 2x4 for braille, 1x2 for blocks, 1x1 for marks.
  init(columns: Int, rows: Int, across: Int, down: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    self.across = across
    self.down = down
    dots = Array(repeating: 0, count: self.columns * self.rows)
    series = Array(repeating: -1, count: self.columns * self.rows)
  }

  var width: Int { columns * across }
  var height: Int { rows * down }

  /// Sets a dot, counted from the top left; dots outside are ignored.
  mutating func set(x: Int, y: Int, series index: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let cell = (y / down) * columns + x / across
    dots[cell] |= 1 << UInt8((y % down) * across + x % across)
    series[cell] = Int16(clamping: index)
  }

  /// A straight line between two dots.
  mutating func line(from start: Point, to end: Point, series index: Int) {
    let dx = abs(end.x - start.x)
    let dy = -abs(end.y - start.y)
    let stepX = start.x < end.x ? 1 : -1
    let stepY = start.y < end.y ? 1 : -1
    var (x, y) = (start.x, start.y)
    var error = dx + dy
    while true {
      set(x: x, y: y, series: index)
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

  /// The character and series of a cell; nil where there is no dot.
  func cell(x: Int, y: Int, marks: [String]) -> (text: String, series: Int)? {
    let index = y * columns + x
    guard index < dots.count, dots[index] != 0 else { return nil }
    let owner = Int(series[index])
    let text =
      switch (across, down) {
      case (2, 4): Self.braille(dots[index])
      case (1, 2): ["▀", "▄", "█"][Int(dots[index]) - 1]
      default: marks[max(0, owner) % max(1, marks.count)]
      }
    return (text, owner)
  }

  /// Our bits run along rows; Unicode numbers the upper three rows down each column, then the fourth.
  private static func braille(_ bits: UInt8) -> String {
    let order: [UInt32] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]
    var value: UInt32 = 0x2800
    for bit in 0..<8 where bits & (1 << UInt8(bit)) != 0 { value |= order[bit] }
    return Unicode.Scalar(value).map { String(Character($0)) } ?? " "
  }
}
