/// The top line: product, numbered screens, a note at the right. Names shorten as room does.
public struct TabHeader: Widget {
  public struct Tab: Hashable, Sendable {
    public var title: String
    /// Three letters for narrow terminals.
    public var short: String

    public init(_ title: String, short: String) {
      self.title = title
      self.short = short
    }
  }

  /// Kind of the mouse targets; `index` is the tab, counted from 0.
  public static let hitKind = "tab"
  public var product: String
  public var tabs: [Tab]
  public var current: Int
  public var note: StyledText

  public init(product: String, tabs: [Tab], current: Int, note: StyledText = []) {
    self.product = product
    self.tabs = tabs
    self.current = current
    self.note = note
  }

  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: Style(.tab))
    let long = tabs.enumerated().map { "\($0 + 1) \($1.title)" }
    let short = tabs.enumerated().map {
      $0 == current ? "\($0 + 1) \($1.title)" : "\($0 + 1)\($1.short)"
    }
    let digits = tabs.indices.map { $0 == current ? "\($0 + 1) \(tabs[$0].title)" : "\($0 + 1)" }
    let room = canvas.size.width
    let noteWidth = note.isEmpty ? 0 : note.width + 2
    let productWidth = product.isEmpty ? 0 : VisibleText.width(product) + 2
    let choices: [(labels: [String], gap: Int, product: Bool, note: Bool)] = [
      (long, 1, true, true), (long, 1, true, false), (long, 1, false, false),
      (short, 1, false, true), (short, 0, false, true), (short, 1, false, false),
      (short, 0, false, false),
      (digits, 0, false, false),
    ]
    func width(_ choice: (labels: [String], gap: Int, product: Bool, note: Bool)) -> Int {
      1 + choice.labels.reduce(0) { $0 + VisibleText.width($1) + 2 + choice.gap }
        + (choice.product ? productWidth : 0) + (choice.note ? noteWidth : 0)
    }
    guard let choice = choices.first(where: { width($0) <= room }) ?? choices.last else { return }
    var x = 1
    if choice.product { x += canvas.put(product, x: x, y: 0, style: Style(.tab, .bold)) + 2 }
    for (index, label) in choice.labels.enumerated() {
      let text = index == current ? "[\(label)]" : " \(label) "
      let columns = canvas.put(text, x: x, y: 0, role: index == current ? .tabCurrent : .tab)
      canvas.mark(Rect(x: x, y: 0, width: columns, height: 1), as: HitTarget(Self.hitKind, index))
      x += columns + choice.gap
    }
    if choice.note {
      let note = StyledText(note.spans.map { Span($0.text, style: Style(.tab)) })
      canvas.put(note, x: room - note.width - 1, y: 0, width: note.width)
    }
  }
}
