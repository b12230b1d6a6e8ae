/// One picture of the screen and what the mouse can hit in it.
public struct Frame: Hashable, Sendable {
  public var grid: CellGrid
  /// Later regions lie on top of earlier ones.
  public var hits: [HitRegion]
  /// Where the terminal's cursor is shown; nil hides it.
  public var cursor: Point?

  public init(grid: CellGrid, hits: [HitRegion] = [], cursor: Point? = nil) {
    self.grid = grid
    self.hits = hits
    self.cursor = cursor
  }

  public var size: Size { grid.size }

  /// The topmost region at a place.
  public func hit(x: Int, y: Int) -> HitRegion? {
    hits.last { $0.rect.contains(Point(x: x, y: y)) }
  }
}
