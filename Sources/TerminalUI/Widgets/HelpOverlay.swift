/// The keys of a screen and of everywhere, in two columns where there is room.
public struct HelpOverlay: Widget {
  public struct Entry: Hashable, Sendable {
    public var keys: String
    public var help: String
    /// Why it cannot be done now, in a line of its own; nil when it can.
    public var obstacle: String?

    public init(keys: String, help: String, obstacle: String? = nil) {
      self.keys = keys
      self.help = help
      self.obstacle = obstacle
    }
  }

  public struct Section: Hashable, Sendable {
    public var title: String
    public var entries: [Entry]

    public init(title: String, entries: [Entry]) {
      self.title = title
      self.entries = entries
    }
  }

  public var title: String
  public var sections: [Section]
  /// Lines below the keys: mouse, hints.
  public var notes: [String]
  /// What closes it.
  public var closing: String
  /// First line shown.
  public var top: Int
  /// Shows only entries that contain it.
  public var filter: String

  public init(
    title: String, sections: [Section], notes: [String] = [], closing: String = "",
    top: Int = 0, filter: String = ""
  ) {
    self.title = title
    self.sections = sections
    self.notes = notes
    self.closing = closing
    self.top = top
    self.filter = filter
  }

  public func draw(on canvas: inout Canvas) {
    let size = Size(width: min(canvas.size.width - 4, 100), height: canvas.size.height - 2)
    let rect = canvas.bounds.centred(size)
    let inner = Rect(x: 0, y: 0, width: rect.width - 4, height: rect.height - 2)
    let lines = content(width: inner.width)
    let first = min(max(0, top), max(0, lines.count - inner.height))
    let footer = Table.position(top: first, visible: inner.height, count: lines.count)
    let hint = filter.isEmpty ? closing : "filter: \(filter)"
    let area = canvas.box(
      rect, title: "Help: \(title)   \(hint)", footer: StyledText(footer), isFocused: true)
    canvas.inside(area) { view in
      for (row, line) in lines.dropFirst(first).prefix(view.size.height).enumerated() {
        view.put(line, x: 0, y: row, width: view.size.width)
      }
    }
  }

  /// Lines of the overlay at a width: the number tells how far it can scroll.
  public func content(width: Int) -> [StyledText] {
    let columns = width >= 68 && sections.count > 1 ? 2 : 1
    let columnWidth = (width - (columns - 1) * 2) / columns
    let blocks = sections.map { block($0, width: columnWidth) }.filter { $0.count > 1 }
    var lines: [StyledText] = []
    if columns == 2 {
      let left = blocks.first ?? []
      let right = Array(blocks.dropFirst().joined(separator: [StyledText()]))
      for row in 0..<max(left.count, right.count) {
        let start = row < left.count ? left[row] : []
        let padding = String(repeating: " ", count: max(0, columnWidth + 2 - start.width))
        lines.append(start + StyledText(padding) + (row < right.count ? right[row] : []))
      }
    } else {
      lines = Array(blocks.joined(separator: [StyledText()]))
    }
    if filter.isEmpty && !notes.isEmpty {
      lines.append([])
      lines += notes.flatMap { TextWrap.lines(StyledText($0, .dim), width: max(1, width)) }
    }
    return lines
  }

  private func block(_ section: Section, width: Int) -> [StyledText] {
    let wanted = filter.lowercased()
    let entries = section.entries.filter { entry in
      wanted.isEmpty || entry.keys.lowercased().contains(wanted)
        || entry.help.lowercased().contains(wanted)
    }
    let keyWidth = min(14, (entries.map { VisibleText.width($0.keys) }.max() ?? 0) + 1)
    var lines: [StyledText] = [StyledText(section.title, .title, .bold)]
    for entry in entries {
      let keys = VisibleText.truncated(entry.keys, to: keyWidth - 1, ellipsis: "~")
      let padding = String(repeating: " ", count: max(0, keyWidth - VisibleText.width(keys)))
      let help = VisibleText.truncated(
        entry.help, to: max(1, width - keyWidth), ellipsis: "~")
      lines.append([
        Span(keys, .key), Span(padding + help, entry.obstacle == nil ? .text : .dim),
      ])
      if let obstacle = entry.obstacle {
        let indent = String(repeating: " ", count: keyWidth + 2)
        let room = max(1, width - indent.count)
        lines += TextWrap.lines(StyledText(obstacle, .dim), width: room, limit: 3).map {
          StyledText(indent) + $0
        }
      }
    }
    return lines
  }
}
