import Foundation
import Numerics

/// One number against another for any number of points, as shades of how many lie where.
public struct DensityChart: Sendable, Equatable {
  /// A straight line y = x + offset.
  public struct Diagonal: Sendable, Equatable {
    public var offset: Double
    public var name: String
    public var colour: String

    public init(offset: Double, name: String, colour: String) {
      self.offset = offset
      self.name = name
      self.colour = colour
    }
  }

  /// Shades of a colour; each has its own element, whatever the number of cells.
  private static let shades = 8

  public var title: String
  public var subtitle: String
  public var xLabel: String
  public var yLabel: String
  public var grid: DensityGrid
  public var diagonals: [Diagonal]
  public var notes: [String]
  public var width = 760.0
  public var plotHeight = 420.0

  public init(
    title: String, subtitle: String = "", xLabel: String, yLabel: String, grid: DensityGrid,
    diagonals: [Diagonal] = [], notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.grid = grid
    self.diagonals = diagonals
    self.notes = notes
  }

  public var svg: String { drawing.svg }

  public var drawing: Drawing {
    let outside = grid.outside
    let left =
      outside == 0
      ? []
      : ["\(Number.grouped(outside)) \(outside == 1 ? "point lies" : "points lie") outside."]
    let text = ChartText(title, subtitle: subtitle, notes: notes + left, width: width)
    let margin = ChartText.margin
    let keyWidth = 160.0
    let frame = PlotFrame(
      margin: margin, top: text.bottomOfHead + PlotFrame.heightOfYLabel,
      right: width - margin - keyWidth, height: plotHeight,
      x: AxisRange(from: grid.x.lowerBound, to: grid.x.upperBound, scale: .linear),
      y: AxisRange(from: grid.y.lowerBound, to: grid.y.upperBound, scale: .linear))
    var drawing = Drawing(
      width: width, height: frame.bottom + PlotFrame.heightOfXLabels + text.notesHeight + 12,
      title: title, description: subtitle)
    text.draw(on: &drawing)
    frame.draw(on: &drawing, xLabel: xLabel, yLabel: yLabel, margin: margin)
    let largest = drawCells(on: &drawing, frame)
    for diagonal in diagonals { draw(diagonal, on: &drawing, frame) }
    drawKey(on: &drawing, x: frame.right + 24, y: frame.top + 6, largest: largest)
    return drawing
  }

  /// - Returns: points of the fullest cell.
  private func drawCells(on drawing: inout Drawing, _ frame: PlotFrame) -> Int {
    var largest = 0
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let cell = grid.points(column, row)
        largest = max(largest, cell.kept + cell.dropped)
      }
    }
    if largest == 0 {
      drawing.text(
        "no data", (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2, size: 13,
        colour: Palette.quietText, anchor: .middle)
      return 0
    }
    let cellWidth = (frame.right - frame.left) / Double(grid.columns)
    let cellHeight = (frame.bottom - frame.top) / Double(grid.rows)
    typealias Box = (x: Double, y: Double, width: Double, height: Double)
    var boxes = [[Box]](repeating: [], count: 2 * Self.shades)
    for row in 0..<grid.rows {
      // Neighbours of one shade are one rectangle.
      var run: (shade: Int, first: Int)?
      for column in 0...grid.columns {
        let shade = column < grid.columns ? shade(column, row, largest) : nil
        if let open = run, open.shade != shade {
          boxes[open.shade].append(
            (
              frame.left + Double(open.first) * cellWidth,
              frame.bottom - Double(row + 1) * cellHeight,
              Double(column - open.first) * cellWidth, cellHeight
            ))
          run = nil
        }
        if run == nil, let shade { run = (shade, column) }
      }
    }
    for (index, boxes) in boxes.enumerated() {
      drawing.rectangles(
        boxes, fill: index < Self.shades ? Palette.kept : Palette.droppedDark,
        opacity: Self.opacity(index % Self.shades))
    }
    return largest
  }

  /// Number of the colour and shade of a cell; nil for an empty one. Shades are even in the logarithm
  /// of the count.
  private func shade(_ column: Int, _ row: Int, _ largest: Int) -> Int? {
    let cell = grid.points(column, row)
    let count = cell.kept + cell.dropped
    if count == 0 { return nil }
    let share = largest > 1 ? log(Double(count)) / log(Double(largest)) : 1
    let level = min(Self.shades - 1, Int(share * Double(Self.shades)))
    return (cell.kept >= cell.dropped ? 0 : Self.shades) + level
  }

  private static func opacity(_ level: Int) -> Double {
    0.32 + 0.68 * Double(level) / Double(shades - 1)
  }

  private func draw(_ diagonal: Diagonal, on drawing: inout Drawing, _ frame: PlotFrame) {
    let low = max(frame.xRange.low, frame.yRange.low - diagonal.offset)
    let high = min(frame.xRange.high, frame.yRange.high - diagonal.offset)
    guard low < high, let x1 = frame.heldX(low), let y1 = frame.heldY(low + diagonal.offset),
      let x2 = frame.heldX(high), let y2 = frame.heldY(high + diagonal.offset)
    else { return }
    drawing.line(x1, y1, x2, y2, colour: Palette.card, width: 3.4)
    drawing.line(x1, y1, x2, y2, colour: diagonal.colour, width: 1.6, dash: "5 3")
  }

  private func drawKey(on drawing: inout Drawing, x: Double, y: Double, largest: Int) {
    var y = y
    if largest > 0 {
      for (name, colour) in [("kept", Palette.kept), ("dropped", Palette.droppedDark)] {
        for level in 0..<Self.shades {
          drawing.rectangle(
            x + Double(level) * 8, y, 8, 12, fill: colour, opacity: Self.opacity(level))
        }
        drawing.text(name, x + Double(Self.shades) * 8 + 8, y + 10)
        y += 20
      }
      drawing.text("1", x, y + 8, size: 11, colour: Palette.quietText)
      drawing.text(
        Number.count(largest), x + Double(Self.shades) * 8, y + 8, size: 11,
        colour: Palette.quietText, anchor: .end)
      drawing.text(
        "per cell", x + Double(Self.shades) * 8 + 8, y + 8, size: 11, colour: Palette.quietText)
      y += 32
    }
    for diagonal in diagonals {
      drawing.line(x, y - 4, x + 18, y - 4, colour: diagonal.colour, width: 1.6, dash: "5 3")
      for line in TextWidth.lines(diagonal.name, size: 12, into: 106, most: 3) {
        drawing.text(line, x + 26, y, full: diagonal.name)
        y += 16
      }
      y += 4
    }
  }
}
