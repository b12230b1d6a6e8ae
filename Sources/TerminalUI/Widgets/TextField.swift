/// The text and cursor of a line of input, changed by keys.
public struct TextFieldState: Hashable, Sendable {
  public private(set) var text: String
  /// Characters before the cursor.
  public private(set) var cursor: Int
  /// More than this is not taken: a paste of a megabyte is no file name.
  public static let maximumLength = 4096

  public init(_ text: String = "") {
    self.text = String(text.prefix(Self.maximumLength))
    cursor = self.text.count
  }

  /// Takes a key; false means that the key is not for a text field (Enter, Esc, Tab, Up...).
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let character): insert(String(character))
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .backspace, .control("h"):
      if cursor > 0 {
        cursor -= 1
        text.remove(at: index(cursor))
      }
    case .delete, .control("d"): if cursor < text.count { text.remove(at: index(cursor)) }
    case .control("u"):
      text.removeSubrange(..<index(cursor))
      cursor = 0
    case .control("k"): text.removeSubrange(index(cursor)...)
    case .control("w"): deleteWord()
    default: return false
    }
    return true
  }

  /// Inserts text at the cursor; line ends become spaces.
  public mutating func insert(_ addition: String) {
    let flat = addition.map { $0.isNewline ? " " : $0 }
    let room = max(0, Self.maximumLength - text.count)
    let count = text.count
    text.insert(contentsOf: String(flat.prefix(room)), at: index(cursor))
    // Combining marks may join the character before them: count what was really added.
    cursor = min(text.count, cursor + max(0, text.count - count))
  }

  /// Puts a text into the place of some characters, with the cursor behind it.
  public mutating func replace(_ range: Range<Int>, with addition: String) {
    let range = range.clamped(to: 0..<text.count)
    text.removeSubrange(index(range.lowerBound)..<index(range.upperBound))
    cursor = range.lowerBound
    insert(addition)
  }

  private mutating func deleteWord() {
    var start = cursor
    let characters = Array(text)
    while start > 0 && characters[start - 1] == " " { start -= 1 }
    while start > 0 && characters[start - 1] != " " { start -= 1 }
    text.removeSubrange(index(start)..<index(cursor))
    cursor = start
  }

  private func index(_ offset: Int) -> String.Index {
    text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
  }
}

/// A line of input: prompt, text, cursor; long text scrolls sideways.
public struct TextField: Widget {
  public var prompt: String
  public var state: TextFieldState
  public var isFocused: Bool

  public init(prompt: String = "", state: TextFieldState, isFocused: Bool = true) {
    self.prompt = prompt
    self.state = state
    self.isFocused = isFocused
  }

  /// Columns that the text is scrolled by in a room of this width.
  private func shift(_ width: Int) -> Int { max(0, room(state.cursor) - width + 1) }

  /// Columns of the first characters.
  private func room(_ count: Int) -> Int { VisibleText.width(String(state.text.prefix(count))) }

  /// The column in which a character of the text is drawn in a view of this width; outside of it when it
  /// is scrolled away.
  public func column(of character: Int, width: Int) -> Int {
    let start = VisibleText.width(prompt)
    return start + room(character) - shift(width - start)
  }

  public func draw(on canvas: inout Canvas) {
    let start = canvas.put(prompt, x: 0, y: 0, role: .key)
    let area = Rect(x: start, y: 0, width: canvas.size.width - start, height: 1)
    guard area.width > 0 else { return }
    let (before, shift) = (room(state.cursor), shift(area.width))
    canvas.inside(area) { view in
      view.put(state.text, x: -shift, y: 0, style: Style(.text, isFocused ? .underline : []))
      if isFocused { view.showCursor(x: before - shift, y: 0) }
    }
  }
}
