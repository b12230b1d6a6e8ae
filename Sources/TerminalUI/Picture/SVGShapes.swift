/// Characters that are shapes: frames, bars, dots. A cell is two units wide and four high.
struct SVGShapes {
  /// Path data by paint, in the order in which paints came.
  private var paths: [(paint: String, data: String)] = []
  private var places: [String: Int] = [:]
  /// Lines that may go on in the next cell: by paint, row or column, where they end.
  private var lines: [Line] = []
  private var ends: [LineEnd: Int] = [:]

  private struct Line {
    var paint: String
    var x: Int
    var y: Int
    var length: Int
    var isVertical: Bool
  }

  private struct LineEnd: Hashable {
    var paint: String
    var x: Int
    var y: Int
    var isVertical: Bool
  }

  /// Which arms of a cell a line character has.
  private struct Arms: OptionSet {
    let rawValue: Int
    static let left = Arms(rawValue: 1)
    static let right = Arms(rawValue: 2)
    static let up = Arms(rawValue: 4)
    static let down = Arms(rawValue: 8)
  }

  private static let arms: [String: Arms] = [
    "─": [.left, .right], "│": [.up, .down], "┌": [.right, .down], "┐": [.left, .down],
    "└": [.right, .up], "┘": [.left, .up], "├": [.up, .down, .right], "┤": [.up, .down, .left],
    "┬": [.left, .right, .down], "┴": [.left, .right, .up],
    "┼": [.left, .right, .up, .down],
  ]

  private static let heights = "▁▂▃▄▅▆▇█"
  private static let widths = "▏▎▍▌▋▊▉"
  private static let shades: [String: String] = ["░": "0.25", "▒": "0.5", "▓": "0.75"]

  /// Draws a character as a shape; false when it is none.
  mutating func draw(_ text: String, x: Int, y: Int, colour: String) -> Bool {
    guard let scalar = text.unicodeScalars.first, scalar.value >= 0x2500, text.count == 1 else {
      return false
    }
    let (left, top) = (2 * x, 4 * y)
    if let arms = Self.arms[text] {
      drawLines(arms, left, top, "stroke=\"\(colour)\" stroke-width=\".27\" fill=\"none\"")
    } else if (0x2800...0x28FF).contains(scalar.value) {
      drawDots(Int(scalar.value - 0x2800), left, top, colour)
    } else if let eighths = Self.heights.firstIndex(of: Character(text)) {
      let count = Self.heights.distance(from: Self.heights.startIndex, to: eighths) + 1
      let height = Double(count) / 2
      box(Double(left), Double(top + 4) - height, 2, height, "fill=\"\(colour)\"")
    } else if let eighths = Self.widths.firstIndex(of: Character(text)) {
      let count = Self.widths.distance(from: Self.widths.startIndex, to: eighths) + 1
      box(Double(left), Double(top), Double(count) / 4, 4, "fill=\"\(colour)\"")
    } else if text == "▀" {
      box(Double(left), Double(top), 2, 2, "fill=\"\(colour)\"")
    } else if text == "▐" {
      box(Double(left) + 1, Double(top), 1, 4, "fill=\"\(colour)\"")
    } else if let opacity = Self.shades[text] {
      box(Double(left), Double(top), 2, 4, "fill=\"\(colour)\" fill-opacity=\"\(opacity)\"")
    } else {
      return false
    }
    return true
  }

  /// The ground of cells, below everything else.
  mutating func fill(x: Int, y: Int, cells: Int, colour: String) {
    // Grounds come before what stands on them: each run draws its ground first.
    add("M\(2 * x) \(4 * y)h\(2 * cells)v4h-\(2 * cells)z", "fill=\"\(colour)\" class=\"g\"")
  }

  private mutating func add(_ data: String, _ paint: String) {
    if let place = places[paint] {
      paths[place].data += data
    } else {
      places[paint] = paths.count
      paths.append((paint, data))
    }
  }

  private mutating func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ paint: String
  ) {
    add(
      "M\(Self.short(x)) \(Self.short(y))h\(Self.short(width))v\(Self.short(height))h\(Self.short(-width))z",
      paint)
  }

  private mutating func drawDots(_ bits: Int, _ left: Int, _ top: Int, _ colour: String) {
    let paint = "stroke=\"\(colour)\" stroke-width=\".62\" stroke-linecap=\"round\" fill=\"none\""
    // Bits 0-2 and 6 are the left column from above, 3-5 and 7 the right one.
    for (bit, column, row) in [
      (0, 0, 0), (1, 0, 1), (2, 0, 2), (6, 0, 3), (3, 1, 0), (4, 1, 1), (5, 1, 2), (7, 1, 3),
    ] where bits >> bit & 1 == 1 {
      add("M\(left + column).5 \(top + row).5h0", paint)
    }
  }

  // MARK: - Lines

  private mutating func drawLines(_ arms: Arms, _ left: Int, _ top: Int, _ paint: String) {
    let (x, y) = (left + 1, top + 2)
    if arms.contains(.left) { line(x - 1, y, 1, isVertical: false, paint) }
    if arms.contains(.right) { line(x, y, 1, isVertical: false, paint) }
    if arms.contains(.up) { line(x, y - 2, 2, isVertical: true, paint) }
    if arms.contains(.down) { line(x, y, 2, isVertical: true, paint) }
  }

  /// A piece of line; one that begins where another ends makes that one longer.
  private mutating func line(_ x: Int, _ y: Int, _ length: Int, isVertical: Bool, _ paint: String) {
    let start = LineEnd(paint: paint, x: x, y: y, isVertical: isVertical)
    let end = LineEnd(
      paint: paint, x: isVertical ? x : x + length, y: isVertical ? y + length : y,
      isVertical: isVertical)
    if let place = ends.removeValue(forKey: start) {
      lines[place].length += length
      ends[end] = place
    } else {
      ends[end] = lines.count
      lines.append(Line(paint: paint, x: x, y: y, length: length, isVertical: isVertical))
    }
  }

  /// The elements: grounds first, then lines and the rest.
  var elements: String {
    var all = self
    for line in lines {
      all.add(
        "M\(line.x) \(line.y)\(line.isVertical ? "v" : "h")\(line.length)", line.paint)
    }
    let isGround = { (paint: String) in paint.hasSuffix("class=\"g\"") }
    return (all.paths.filter { isGround($0.paint) } + all.paths.filter { !isGround($0.paint) })
      .map { "<path \($0.paint.replacing(" class=\"g\"", with: "")) d=\"\($0.data)\"/>" }
      .joined(separator: "\n")
  }

  /// Without a fraction of zero.
  private static func short(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }
}
