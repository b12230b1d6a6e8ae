import TerminalUI

/// A border between panes that can be moved.
///
/// Found in the layout of a screen: a line from side to side that no pane crosses, then those in both
/// parts, and so on. So every screen has them, without saying so.
public struct Splitter: Hashable, Sendable {
  public enum Axis: Hashable, Sendable {
    /// Between panes side by side, and between panes one above the other.
    case columns, rows

    /// Cells that a part keeps.
    var minimum: Int { self == .columns ? 14 : 4 }
  }

  /// The screen and the panes on both sides: what a moved border is remembered by.
  public let name: String
  public let axis: Axis
  let first: [Pane]
  let second: [Pane]
  /// Both parts, in cells of the body.
  let whole: Rect

  var start: Int { axis == .columns ? whole.x : whole.y }
  var length: Int { axis == .columns ? whole.width : whole.height }

  /// Where the second part begins.
  func place(_ layout: [Pane: Rect]) -> Int {
    second.compactMap { layout[$0] }.map { axis == .columns ? $0.x : $0.y }.min() ?? start
  }

  /// A place at which both parts keep what they need; nil where they cannot.
  func allowed(_ place: Int) -> Int? {
    guard length >= 2 * axis.minimum else { return nil }
    return min(start + length - axis.minimum, max(start + axis.minimum, place))
  }

  /// The cells that the mouse takes hold of.
  func handle(_ layout: [Pane: Rect]) -> Rect {
    let place = place(layout)
    return axis == .columns
      ? Rect(x: place - 1, y: whole.y, width: 2, height: whole.height)
      : Rect(x: whole.x, y: place - 1, width: whole.width, height: 2)
  }

  /// The layout with the border at another place: panes on both sides are stretched.
  func moving(_ layout: [Pane: Rect], to place: Int) -> [Pane: Rect] {
    let old = self.place(layout)
    guard let place = allowed(place), old > start, old < start + length else { return layout }
    let end = start + length
    func moved(_ edge: Int) -> Int {
      edge <= old
        ? start + (edge - start) * (place - start) / (old - start)
        : end - (end - edge) * (end - place) / (end - old)
    }
    var layout = layout
    for pane in first + second {
      guard let rect = layout[pane] else { continue }
      if axis == .columns {
        let (left, right) = (moved(rect.x), moved(rect.maxX))
        layout[pane] = Rect(x: left, y: rect.y, width: right - left, height: rect.height)
      } else {
        let (top, bottom) = (moved(rect.y), moved(rect.maxY))
        layout[pane] = Rect(x: rect.x, y: top, width: rect.width, height: bottom - top)
      }
    }
    return layout
  }
}

extension Splitter {
  /// The first border that goes through all of a set of panes, and the panes on both sides.
  static func first(in layout: [Pane: Rect], _ panes: [Pane], screen: String) -> Splitter? {
    let rects = panes.compactMap { pane in layout[pane].map { (pane, $0) } }
    guard rects.count > 1 else { return nil }
    let whole = rects.dropFirst().reduce(rects[0].1) { $0.union($1.1) }
    for axis in [Axis.rows, .columns] {
      func low(_ rect: Rect) -> Int { axis == .columns ? rect.x : rect.y }
      func high(_ rect: Rect) -> Int { axis == .columns ? rect.maxX : rect.maxY }
      for place in Set(rects.map { low($0.1) }).sorted().dropFirst() {
        guard rects.allSatisfy({ high($0.1) <= place || low($0.1) >= place }) else { continue }
        let parts = (
          first: rects.filter { low($0.1) < place }.map(\.0),
          second: rects.filter { low($0.1) >= place }.map(\.0)
        )
        func names(_ panes: [Pane]) -> String { panes.map(\.rawValue).joined(separator: "+") }
        return Splitter(
          name: "\(screen):\(names(parts.first))|\(names(parts.second))", axis: axis,
          first: parts.first, second: parts.second, whole: whole)
      }
    }
    return nil
  }
}

extension Rect {
  fileprivate func union(_ other: Rect) -> Rect {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return Rect(
      x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }
}
