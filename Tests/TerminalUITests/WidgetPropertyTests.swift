import TerminalUI
import Testing

/// No widget may crash or draw outside its rectangle, at any size, with any glyphs.
@Suite struct WidgetPropertyTests {
  static let sizes: [Size] =
    (1...14).flatMap { width in (1...9).map { Size(width: width, height: $0) } }
    + [
      Size(width: 0, height: 0), Size(width: 0, height: 5), Size(width: 300, height: 1),
      Size(width: 1, height: 100), Size(width: 37, height: 11), Size(width: 60, height: 14),
      Size(width: 79, height: 23), Size(width: 80, height: 24), Size(width: 120, height: 36),
      Size(width: 300, height: 100),
    ]

  @Test(arguments: Glyphs.allCases, [false, true])
  func nothingLeavesItsRectangle(glyphs: Glyphs, isMonochrome: Bool) {
    for (name, widget) in WidgetFixtures.all {
      for size in Self.sizes {
        var canvas = Canvas(
          size: Size(width: size.width + 4, height: size.height + 4), glyphs: glyphs,
          isMonochrome: isMonochrome)
        canvas.fill(canvas.bounds, with: "\\", style: Style(.heat5))
        let rect = Rect(x: 2, y: 2, width: size.width, height: size.height)
        canvas.draw(widget, in: rect)
        let grid = canvas.frame.grid
        #expect(Self.isFrameIntact(grid, around: rect), "\(name) at \(size)")
        #expect(Self.isWellFormed(grid), "\(name) at \(size)")
        #expect(canvas.frame.hits.allSatisfy { rect.contains($0.rect) }, "\(name) at \(size)")
      }
    }
  }

  /// Every cell outside the rectangle is as it was.
  private static func isFrameIntact(_ grid: CellGrid, around rect: Rect) -> Bool {
    for y in 0..<grid.size.height {
      for x in 0..<grid.size.width where !rect.contains(Point(x: x, y: y)) {
        if grid[x, y].text != "\\" || grid[x, y].style != Style(.heat5) { return false }
      }
    }
    return true
  }

  /// Wide cells have their right half, and no control or format character is in any cell.
  private static func isWellFormed(_ grid: CellGrid) -> Bool {
    for y in 0..<grid.size.height {
      for x in 0..<grid.size.width {
        let cell = grid[x, y]
        if cell.width == 2 && (x + 1 >= grid.size.width || grid[x + 1, y].width != 0) {
          return false
        }
        if cell.width == 0 && (x == 0 || grid[x - 1, y].width != 2) { return false }
        for scalar in cell.text.unicodeScalars {
          switch scalar.properties.generalCategory {
          case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return false
          default: break
          }
        }
      }
    }
    return true
  }
}
