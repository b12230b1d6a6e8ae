/// The rectangle inside a plot's axes, and the axes themselves.
struct Axes {
  var x: PlotScale
  var y: PlotScale
  /// Data area in the view's coordinates.
  var area: Rect
  private let yTicks: [Tick]
  private let labelWidth: Int

  /// Lays out axes in a view: labels left and below where there is room for them.
  init(x: PlotScale, y: PlotScale, size: Size) {
    self.x = x
    self.y = y
    let rows = size.height >= 4 ? size.height - 2 : size.height
    let ticks = rows >= 2 ? y.ticks(rows: rows) : []
    let width = ticks.map { VisibleText.width($0.label) }.max() ?? 0
    let isWide = size.width >= width + 12 && width > 0
    yTicks = isWide ? ticks : []
    labelWidth = isWide ? width : 0
    let left = isWide ? width + 1 : 0
    area = Rect(x: left, y: 0, width: size.width - left, height: rows)
    // The axis line needs a column of its own.
    if isWide { area = Rect(x: left + 1, y: 0, width: size.width - left - 1, height: rows) }
  }

  /// The column of a value in the area; nil outside.
  func column(_ value: Double) -> Int? {
    guard let position = x.position(value), position >= -1e-9, position <= 1 + 1e-9 else {
      return nil
    }
    return min(area.width - 1, max(0, Int(position * Double(area.width))))
  }

  /// The row of a value in the area, from the top; nil outside.
  func row(_ value: Double) -> Int? {
    guard let position = y.position(value), position >= -1e-9, position <= 1 + 1e-9 else {
      return nil
    }
    return area.height - 1 - min(area.height - 1, max(0, Int(position * Double(area.height))))
  }

  func draw(on canvas: inout Canvas, xUnit: String = "") {
    let box = canvas.glyphs.box
    if area.x > 0 {
      for y in 0..<area.height { canvas.put(box.vertical, x: area.x - 1, y: y, role: .border) }
      var free = Int.max
      for tick in yTicks {
        guard let row = row(tick.value), row < free else { continue }
        let label = tick.label
        canvas.put(label, x: labelWidth - VisibleText.width(label), y: row, role: .dim)
        canvas.put(canvas.glyphs == .ascii ? "+" : "┤", x: area.x - 1, y: row, role: .border)
        free = row
      }
    }
    guard canvas.size.height > area.height else { return }
    let bottom = area.height
    canvas.fill(
      Rect(x: area.x, y: bottom, width: area.width, height: 1), with: box.horizontal,
      style: Style(.border))
    if area.x > 0 { canvas.put(box.bottomLeft, x: area.x - 1, y: bottom, role: .border) }
    drawColumnLabels(row: bottom + 1, unit: xUnit, on: &canvas)
  }

  /// About one tick in seven columns, and three wherever their labels have room.
  private func columnTicks(unitWidth: Int) -> [Tick] {
    let usual = max(2, area.width / 7)
    var best = x.ticks(maximum: usual)
    for most in stride(from: usual + 1, through: usual + 4, by: 1) where best.count < 3 {
      let more = x.ticks(maximum: most)
      let width = more.reduce(0) { $0 + VisibleText.width($1.label) + 2 }
      if more.count > best.count, width + unitWidth <= area.width { best = more }
    }
    return best
  }

  private func drawColumnLabels(row: Int, unit: String, on canvas: inout Canvas) {
    let ticks = columnTicks(unitWidth: unit.isEmpty ? 0 : VisibleText.width(unit) + 1)
    var end = area.maxX
    if !unit.isEmpty, area.width > VisibleText.width(unit) + 8 {
      let width = VisibleText.width(unit)
      canvas.put(unit, x: area.maxX - width, y: row, role: .dim)
      end -= width + 1
    }
    var free = 0
    for tick in ticks {
      guard let column = column(tick.value) else { continue }
      let width = VisibleText.width(tick.label)
      let start = max(0, min(area.x + column - width / 2, end - width))
      guard start >= free, start + width <= end else { continue }
      canvas.put(canvas.glyphs.box.tickDown, x: area.x + column, y: row - 1, role: .border)
      canvas.put(tick.label, x: start, y: row, role: .dim)
      free = start + width + 1
    }
  }
}
