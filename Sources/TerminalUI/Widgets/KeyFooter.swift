/// The bottom line: keys and what they do. A click on one is its key.
public struct KeyFooter: Widget {
  public struct Item: Hashable, Sendable {
    public var key: Key
    /// What is written for the key; several keys can share an item ("[ ]").
    public var keyText: String
    public var label: String

    public init(key: Key, label: String, keyText: String? = nil) {
      self.key = key
      self.label = label
      self.keyText = keyText ?? key.name
    }
  }

  /// Kind of the mouse targets; `index` is the place in `items`.
  public static let hitKind = "footer"
  public var items: [Item]

  public init(_ items: [Item]) {
    self.items = items
  }

  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: Style(.status))
    var x = 1
    for (index, item) in items.enumerated() {
      let width = VisibleText.width(item.keyText) + 1 + VisibleText.width(item.label)
      // Whole items only: half a key is worse than none.
      if x + width > canvas.size.width { break }
      canvas.put(item.keyText, x: x, y: 0, style: Style(.key, ground: .status))
      canvas.put(
        item.label, x: x + VisibleText.width(item.keyText) + 1, y: 0, role: .status)
      canvas.mark(Rect(x: x, y: 0, width: width, height: 1), as: HitTarget(Self.hitKind, index))
      x += width + 2
    }
  }
}
