import TerminalUI

/// The bottom line: keys and what they do. Each key answers to the mouse by itself.
struct FooterLine: Widget {
  /// Kind of the mouse targets; `index` is the place of the action in the table.
  static let hitKind = "action"
  var entries: [FooterEntry]
  var table: ActionTable

  func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: Style(.status))
    var x = 1
    // The last entry, quit, keeps its place.
    let last = entries.last.map { width($0) + 2 } ?? 0
    for (index, entry) in entries.enumerated() {
      let end = canvas.size.width - (index == entries.count - 1 ? 0 : last)
      // Whole entries only: half a key is worse than none.
      if x + width(entry) > end { continue }
      for (action, name) in keys(entry) {
        let columns = canvas.put(name, x: x, y: 0, role: .key)
        mark(Rect(x: x, y: 0, width: columns + 1, height: 1), as: action, on: &canvas)
        x += columns + 1
      }
      let columns = canvas.put(entry.label, x: x, y: 0, role: .status)
      if let action = entry.actions.first, entry.actions.count == 1 {
        mark(Rect(x: x, y: 0, width: columns, height: 1), as: action, on: &canvas)
      }
      x += columns + 2
    }
  }

  private func keys(_ entry: FooterEntry) -> [(Action, String)] {
    entry.actions.map { ($0, table.keyName($0)) }.filter { !$0.1.isEmpty }
  }

  private func width(_ entry: FooterEntry) -> Int {
    keys(entry).reduce(VisibleText.width(entry.label)) { $0 + VisibleText.width($1.1) + 1 }
  }

  /// Makes a place do what an action's key does.
  private func mark(_ rect: Rect, as action: Action, on canvas: inout Canvas) {
    guard let place = table.place(of: action) else { return }
    canvas.mark(rect, as: HitTarget(Self.hitKind, place))
  }

  /// The action of a mouse target made by `mark`.
  static func action(_ target: HitTarget, _ table: ActionTable) -> Action? {
    target.kind == hitKind ? table.actions[safe: target.index] : nil
  }
}
