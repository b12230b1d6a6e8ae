import CCurses

/// Draws frames with curses: only cells that differ from the last frame are touched, and curses sends
/// only what differs on the terminal.
struct CursesPainter {
  private let level: ColourLevel
  private let isUTF8: Bool
  private let hasDefaultColours: Bool
  private let maximumPairs: Int32
  private var pairs: [ColourPair: Int32] = [:]
  private var styles: [Style: Look] = [:]
  private var characters: [String: [wchar_t]] = [:]
  private var last: CellGrid?

  /// The cell put last, if a blank behind it may look like it.
  private var blankLook: BlankLook?

  private struct Look {
    var attributes: UInt8
    var pair: Int32
    /// The colour under the text, -1 the terminal's own.
    var ground: Int32
  }

  private struct BlankLook {
    var x: Int
    var y: Int
    var ground: Int32
    var attributes: UInt8
    var pair: Int32
    var blanks = 0
  }

  private struct ColourPair: Hashable {
    var foreground: Int32
    var background: Int32
  }

  init(level: ColourLevel, isUTF8: Bool) {
    self.level = level
    self.isUTF8 = isUTF8
    hasDefaultColours = cc_screen_has_default_colours()
    // Every pair is a role of the theme; a few hundred are always enough.
    maximumPairs = min(cc_screen_pairs(), 512)
  }

  /// Forgets what is on the screen: the next frame is drawn whole.
  mutating func forgetScreen() { last = nil }

  /// Forgets colours: after a change of theme.
  mutating func forgetColours() {
    pairs = [:]
    styles = [:]
    last = nil
  }

  /// Puts what differs from the last frame; the number of cells.
  mutating func prepare(_ frame: Frame, theme: Theme) -> Int {
    let grid = frame.grid
    let old = last?.size == grid.size ? last : nil
    var changes = 0
    blankLook = nil
    if old == nil { cc_screen_erase() }
    if old != grid {
      for y in 0..<grid.size.height {
        for x in 0..<grid.size.width {
          let cell = grid[x, y]
          if let old, old[x, y] == cell { continue }
          put(cell, x: x, y: y, theme: theme)
          changes += 1
        }
      }
    }
    last = grid
    return changes
  }

  /// Sends it.
  func update(_ frame: Frame) {
    cc_screen_update(Int32(frame.cursor?.y ?? -1), Int32(frame.cursor?.x ?? -1))
  }

  private mutating func put(_ cell: Cell, x: Int, y: Int, theme: Theme) {
    // The right half of a wide character belongs to its left half.
    if cell.width == 0 { return }
    let (attributes, pair) = look(cell, x: x, y: y, theme)
    let text = wide(cell)
    cc_screen_put(Int32(y), Int32(x), text, attributes, pair)
    if cell.width == 2 && text.count == 2 && text[0] == Self.question {
      cc_screen_put(Int32(y), Int32(x + 1), [0x20, 0], attributes, pair)
    }
  }

  private static let question: wchar_t = 0x3F

  /// The characters of a cell for curses. Where the C library counts other columns than we do, or the
  /// codeset cannot show them, a question mark stands in: the layout must not move.
  private mutating func wide(_ cell: Cell) -> [wchar_t] {
    if let known = characters[cell.text] { return known }
    let scalars = Array(cell.text.unicodeScalars)
    var text: [wchar_t] = [Self.question, 0]
    if let base = scalars.first,
      base.isASCII || (isUTF8 && cc_character_width(wchar_t(base.value)) == Int32(cell.width))
    {
      let marks = scalars.dropFirst().filter {
        isUTF8 && cc_character_width(wchar_t($0.value)) == 0
      }
      text = [wchar_t(base.value)] + marks.map { wchar_t($0.value) } + [0]
    }
    // A corpus can hold any character: do not keep them all for ever.
    if characters.count > 4096 { characters = [:] }
    characters[cell.text] = text
    return text
  }

  /// The look of a cell. A blank takes its left neighbour's where only the ink differs, which nobody
  /// sees: a curve's gaps then cost a byte each and not twenty. Long gaps keep their own look, for curses
  /// jumps over plain ones.
  private mutating func look(
    _ cell: Cell, x: Int, y: Int, _ theme: Theme
  ) -> (attributes: UInt8, pair: Int32) {
    let own = look(cell.style, theme)
    let isBlank = cell.text == " " && own.attributes & Self.visibleOnBlanks == 0
    if isBlank, let last = blankLook, last.y == y, last.x == x - 1, last.ground == own.ground,
      last.blanks < Self.longestGap
    {
      blankLook?.x = x
      blankLook?.blanks += 1
      return (last.attributes, last.pair)
    }
    blankLook =
      own.attributes & Self.visibleOnBlanks == 0
      ? BlankLook(
        x: x + Int(cell.width) - 1, y: y, ground: own.ground, attributes: own.attributes,
        pair: own.pair)
      : nil
    return (own.attributes, own.pair)
  }

  private static let visibleOnBlanks = TextAttributes.underline.union(.reverse).rawValue
  private static let longestGap = 6

  private mutating func look(_ style: Style, _ theme: Theme) -> Look {
    if let known = styles[style] { return known }
    let resolved = theme.resolve(style, level: level)
    let foreground = resolved.foreground.map(Int32.init) ?? -1
    let background = resolved.background.map(Int32.init) ?? -1
    let look = Look(
      attributes: resolved.attributes.rawValue,
      pair: pair(ColourPair(foreground: foreground, background: background)), ground: background)
    styles[style] = look
    return look
  }

  private mutating func pair(_ colours: ColourPair) -> Int32 {
    var colours = colours
    if !hasDefaultColours {
      if colours.foreground < 0 { colours.foreground = 7 }
      if colours.background < 0 { colours.background = 0 }
    } else if colours.foreground < 0 && colours.background < 0 {
      return 0
    }
    if level == .monochrome { return 0 }
    if let known = pairs[colours] { return known }
    let number = Int32(pairs.count) + 1
    guard number < maximumPairs,
      cc_screen_define_pair(number, colours.foreground, colours.background) == 0
    else { return 0 }
    pairs[colours] = number
    return number
  }
}
