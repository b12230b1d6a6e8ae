/// The line above the footer: parts with bars between them; parts that do not fit are left out.
public struct StatusLine: Widget {
  public var parts: [StyledText]

  public init(_ parts: [StyledText]) {
    self.parts = parts
  }

  public func draw(on canvas: inout Canvas) {
    canvas.fill(canvas.bounds, style: Style(.status))
    var x = 1
    for (index, part) in parts.enumerated() where !part.isEmpty {
      let separator = index == 0 || x == 1 ? 0 : 3
      let room = canvas.size.width - x - separator - 1
      if separator > 0 && room < part.width { continue }
      if separator > 0 { x += canvas.put(" | ", x: x, y: 0, style: Style(.dim, ground: .status)) }
      canvas.put(part.tinted(.status).on(.status), x: x, y: 0, width: room)
      x += min(room, part.width)
    }
  }
}
