/// Where a list stands: selected row and first visible row. A value, moved by pure functions.
public struct ListState: Hashable, Sendable {
  public var selected: Int
  public var top: Int

  public init(selected: Int = 0, top: Int = 0) {
    self.selected = selected
    self.top = top
  }

  /// Moves of the selection.
  public enum Move: Hashable, Sendable {
    case up, down, pageUp, pageDown, halfPageUp, halfPageDown, home, end
    case to(Int)
  }

  /// Moves the selection in a list of `count` rows of which `height` are visible.
  public mutating func move(_ move: Move, count: Int, height: Int) {
    let page = max(1, height - 1)
    switch move {
    case .up: selected -= 1
    case .down: selected += 1
    case .pageUp: selected -= page
    case .pageDown: selected += page
    case .halfPageUp: selected -= max(1, height / 2)
    case .halfPageDown: selected += max(1, height / 2)
    case .home: selected = 0
    case .end: selected = count - 1
    case .to(let row): selected = row
    }
    clamp(count: count, height: height)
  }

  /// Scrolls without moving the selection further than needed to keep it visible.
  public mutating func scroll(by rows: Int, count: Int, height: Int) {
    top = min(max(0, top + rows), max(0, count - height))
    selected = min(max(selected, top), max(top, top + height - 1))
    clamp(count: count, height: height)
  }

  /// Puts selection and first row into range, with the selection visible.
  public mutating func clamp(count: Int, height: Int) {
    selected = min(max(0, selected), max(0, count - 1))
    top = firstRow(count: count, height: height)
  }

  /// The first row to show so that the selected one is visible.
  public func firstRow(count: Int, height: Int) -> Int {
    let row = min(max(0, selected), max(0, count - 1))
    let visible = max(1, height)
    let lowest = max(0, row - visible + 1)
    return min(min(max(top, lowest), row), max(0, count - visible))
  }
}
