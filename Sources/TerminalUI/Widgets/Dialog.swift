/// A question in the middle of the screen with its answers.
public struct Dialog: Widget {
  public struct Choice: Hashable, Sendable {
    public var key: Key
    public var label: String

    public init(_ key: Key, _ label: String) {
      self.key = key
      self.label = label
    }
  }

  /// Kind of the mouse targets; `index` is the choice.
  public static let hitKind = "dialog"
  public var title: String
  public var lines: [StyledText]
  public var choices: [Choice]
  public var width: Int

  public init(title: String, lines: [StyledText], choices: [Choice], width: Int = 52) {
    self.title = title
    self.lines = lines
    self.choices = choices
    self.width = width
  }

  public func draw(on canvas: inout Canvas) {
    let inner = max(1, min(width, canvas.size.width) - 4)
    let text = lines.flatMap { TextWrap.lines($0, width: inner, limit: 100) }
    let gap = text.isEmpty || choices.isEmpty ? 0 : 1
    let height = text.count + gap + choices.count + 2
    let rect = canvas.bounds.centred(Size(width: width, height: height))
    let area = canvas.box(rect, title: StyledText(title), isFocused: true)
    canvas.inside(area) { view in
      // Answers stay visible when the explanation does not fit.
      let room = max(0, view.size.height - choices.count)
      for (row, line) in text.prefix(room).enumerated() {
        view.put(line, x: 0, y: row, width: view.size.width)
      }
      let first = min(text.count + gap, room)
      for (index, choice) in choices.enumerated() {
        let line: StyledText = [Span("[\(choice.key.name)]", .key), Span(" \(choice.label)")]
        view.put(line, x: 0, y: first + index, width: view.size.width)
        view.mark(
          Rect(x: 0, y: first + index, width: view.size.width, height: 1),
          as: HitTarget(Self.hitKind, index))
      }
    }
  }
}
