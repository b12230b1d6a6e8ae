/// What a mouse click at a place means: a kind such as "tab" or "documents" and a number in it.
public struct HitTarget: Hashable, Sendable {
  public var kind: String
  public var index: Int

  public init(_ kind: String, _ index: Int = 0) {
    self.kind = kind
    self.index = index
  }
}

/// A part of the screen that answers to the mouse.
public struct HitRegion: Hashable, Sendable {
  public var rect: Rect
  public var target: HitTarget
}

/// Where screens and widgets draw.
///
/// Coordinates are local to the current view; nothing drawn can leave it. Text is made safe on its
/// way in (see `VisibleText`), so that foreign text can be given as it is.
public struct Canvas {
  /// Columns and rows of the current view.
  public private(set) var size: Size
  public let glyphs: Glyphs
  /// True where colours cannot be told apart: widgets then write marks for what colour says.
  public let isMonochrome: Bool
  /// True where colours are too few to tell the series of a plot apart by them alone.
  public let hasFewColours: Bool
  private var grid: CellGrid
  private var hits: [HitRegion] = []
  private var cursor: Point?
  private var origin = Point(x: 0, y: 0)
  private var clip: Rect

  public init(
    size: Size, glyphs: Glyphs = .braille, isMonochrome: Bool = false, hasFewColours: Bool = false
  ) {
    self.size = size
    self.glyphs = glyphs
    self.isMonochrome = isMonochrome
    self.hasFewColours = hasFewColours || isMonochrome
    grid = CellGrid(size)
    clip = Rect(size)
  }

  /// The current view in its own coordinates.
  public var bounds: Rect { Rect(size) }

  /// What was drawn.
  public var frame: Frame { Frame(grid: grid, hits: hits, cursor: cursor) }

  /// Draws inside a rectangle of the current view; coordinates in `body` start at its corner.
  public mutating func inside(_ rect: Rect, _ body: (inout Canvas) -> Void) {
    let saved = (size, origin, clip)
    size = rect.size
    origin = Point(x: origin.x + rect.x, y: origin.y + rect.y)
    clip = clip.intersection(
      Rect(x: origin.x, y: origin.y, width: rect.width, height: rect.height))
    body(&self)
    (size, origin, clip) = saved
  }

  /// Draws a widget inside a rectangle of the current view.
  public mutating func draw(_ widget: some Widget, in rect: Rect) {
    inside(rect) { widget.draw(on: &$0) }
  }

  /// Writes one line of text; what does not fit is cut. Returns the columns that the text takes.
  @discardableResult
  public mutating func put(_ text: String, x: Int, y: Int, style: Style = .text) -> Int {
    var column = x + origin.x
    let row = y + origin.y
    let end = clip.maxX
    let isRowVisible = row >= clip.y && row < clip.maxY
    VisibleText.forEachCluster(in: text) { cluster, width, isMark in
      if isRowVisible && column >= clip.x && column + width <= end {
        let style = isMark ? Style(.mark, style.attributes) : style
        grid.set(Cell(text: cluster, width: UInt8(width), style: style), x: column, y: row)
      } else if isRowVisible && width == 2 {
        // Half of a wide character would stand out of the view: keep the column, not the character.
        for x in [column, column + 1] where x >= clip.x && x < end {
          grid.set(Cell(text: " ", width: 1, style: style), x: x, y: row)
        }
      }
      column += width
      return column < end
    }
    return column - origin.x - x
  }

  /// Writes one line of text in a role.
  @discardableResult
  public mutating func put(_ text: String, x: Int, y: Int, role: StyleRole) -> Int {
    put(text, x: x, y: y, style: Style(role))
  }

  /// Writes one line of styled text; returns the columns that it takes.
  @discardableResult
  public mutating func put(_ text: StyledText, x: Int, y: Int) -> Int {
    var column = x
    for span in text.spans { column += put(span.text, x: column, y: y, style: span.style) }
    return column - x
  }

  /// Writes text into `width` columns: cut with an ellipsis if it is longer, moved by `alignment`.
  public mutating func put(
    _ text: StyledText, x: Int, y: Int, width: Int, alignment: Alignment = .left
  ) {
    let needed = text.width
    inside(Rect(x: x, y: y, width: width, height: 1)) { view in
      let spare = max(0, width - needed)
      let start =
        switch alignment {
        case .left: 0
        case .centre: spare / 2
        case .right: spare
        }
      view.put(text, x: start, y: 0)
      if needed > width, width > 0 {
        let style = text.spans.last?.style ?? .text
        view.put(view.glyphs.ellipsis, x: width - 1, y: 0, style: style)
      }
    }
  }

  /// Fills a rectangle with a one-column character.
  public mutating func fill(_ rect: Rect, with text: String = " ", style: Style = .text) {
    let area = rect.offset(x: origin.x, y: origin.y).intersection(clip)
    guard !area.isEmpty else { return }
    let first = VisibleText.clusters(text).first { $0.width == 1 }?.text ?? " "
    let cell = Cell(text: first, width: 1, style: style)
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { grid.set(cell, x: x, y: y) }
    }
  }

  /// Changes the styles of a rectangle and leaves the characters.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    let area = rect.offset(x: origin.x, y: origin.y).intersection(clip)
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      for x in area.x..<area.maxX { grid.restyle(x: x, y: y, change) }
    }
  }

  /// Makes a rectangle answer to the mouse; later ones lie on top of earlier ones.
  public mutating func mark(_ rect: Rect, as target: HitTarget) {
    let area = rect.offset(x: origin.x, y: origin.y).intersection(clip)
    if !area.isEmpty { hits.append(HitRegion(rect: area, target: target)) }
  }

  /// Shows the terminal's cursor at a place of the view, for text input.
  public mutating func showCursor(x: Int, y: Int) {
    let point = Point(x: x + origin.x, y: y + origin.y)
    if clip.contains(point) { cursor = point }
  }

  /// The cell at a place of the view; blank outside.
  public func cell(x: Int, y: Int) -> Cell {
    let point = Point(x: x + origin.x, y: y + origin.y)
    return clip.contains(point) ? grid[point.x, point.y] : .blank
  }
}

/// Where text stands in a field that is wider than it.
public enum Alignment: Hashable, Sendable {
  case left, centre, right
}

/// Something that draws itself into the view it is given, whatever its size.
public protocol Widget {
  func draw(on canvas: inout Canvas)
}
