/// A terminal without glass: what a program writes becomes cells, modes and questions.
///
/// It knows what curses sends to an xterm: cursor, erasing, insertion, scrolling in regions, attributes,
/// line drawing, the alternate screen, private modes, the kitty keyboard's stack. What it does not know
/// is kept in `unknown`, so that a test can insist on there being nothing.
struct Emulator {
  struct Cell: Hashable {
    var text = " "
    var look = Look()
  }

  /// Colours as the table's numbers, -1 the terminal's own; attributes as their SGR numbers.
  struct Look: Hashable {
    var foreground = -1
    var background = -1
    var attributes: Set<Int> = []
  }

  private(set) var width: Int
  private(set) var height: Int
  private(set) var rows: [[Cell]]
  private(set) var x = 0
  private(set) var y = 0
  private(set) var look = Look()
  /// Private modes that are on; a terminal starts with its cursor shown and wrapping.
  private(set) var modes: Set<Int> = Self.initialModes
  static let initialModes: Set<Int> = [7, 25]
  /// Every private mode that was ever switched on.
  private(set) var everOn: Set<Int> = []
  private(set) var title = ""
  /// Flags of the kitty keyboard, the innermost last.
  private(set) var keyboard: [Int] = []
  private(set) var isKeypadOn = false
  /// Sequences that ask something of the terminal, not yet taken by `takeQuestions`.
  private(set) var questions: [String] = []
  /// Texts for the clipboard, as they came (Base64).
  private(set) var clipboard: [String] = []
  private(set) var unknown: [String] = []
  private var main: [[Cell]] = []
  private var region: ClosedRange<Int>
  private var saved: (x: Int, y: Int, look: Look)?
  private var wraps = false
  private var drawsLines = false
  private var last = " "
  private var parser = SequenceParser()

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    rows = Self.blank(width, height)
    region = 0...(height - 1)
  }

  private static func blank(_ width: Int, _ height: Int) -> [[Cell]] {
    Array(repeating: Array(repeating: Cell(), count: width), count: height)
  }

  /// The screen as lines without blanks at their ends.
  var lines: [String] {
    rows.map { row in
      String(row.map(\.text).joined().reversed().drop { $0 == " " }.reversed())
    }
  }

  var text: String { lines.joined(separator: "\n") }

  var isAlternate: Bool { modes.contains(1049) || modes.contains(1047) || modes.contains(47) }

  /// What a program must put back before it leaves: empty if it has.
  var leftovers: [String] {
    var left = modes.subtracting(Self.initialModes).map { "mode \($0) on" }
    left += Self.initialModes.subtracting(modes).map { "mode \($0) off" }
    if !keyboard.isEmpty { left.append("kitty keyboard \(keyboard)") }
    if isKeypadOn { left.append("keypad") }
    if look != Look() { left.append("look \(look)") }
    if drawsLines { left.append("line drawing") }
    if region != 0...(height - 1) { left.append("scrolling region \(region)") }
    return left.sorted()
  }

  mutating func takeQuestions() -> [String] {
    defer { questions = [] }
    return questions
  }

  /// Another size, as xterm does it: what no longer fits is cut.
  mutating func resize(width: Int, height: Int) {
    func fit(_ rows: [[Cell]]) -> [[Cell]] {
      (0..<height).map { row in
        let old = row < rows.count ? rows[row] : []
        return (0..<width).map { $0 < old.count ? old[$0] : Cell() }
      }
    }
    rows = fit(rows)
    if !main.isEmpty { main = fit(main) }
    (self.width, self.height) = (width, height)
    region = 0...(height - 1)
    (x, y, wraps) = (min(x, width - 1), min(y, height - 1), false)
  }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if let piece = parser.take(byte) { apply(piece) }
    }
  }

  private mutating func apply(_ piece: SequenceParser.Piece) {
    switch piece {
    case .character(let character): put(character)
    case .control(let byte): control(byte)
    case .escape(let middle, let final): escape(middle, final)
    case .command(let command): execute(command)
    case .system(let text): system(text)
    case .device(let text):
      if text.hasPrefix("+q") { questions.append("DCS " + text) } else { unknown.append(text) }
    }
  }

  private static let drawing: [Character: Character] = [
    "l": "┌", "q": "─", "k": "┐", "x": "│", "m": "└", "j": "┘", "n": "┼", "t": "├", "u": "┤",
    "v": "┴", "w": "┬", "a": "▒", "`": "◆", "~": "·", "o": "⎺", "s": "⎽", "0": "█",
  ]

  private mutating func put(_ character: Character) {
    let character = drawsLines ? Self.drawing[character] ?? character : character
    let columns = Self.columns(character)
    if columns == 0 {
      let place = x > 0 && !wraps ? x - 1 : x
      rows[y][place].text.append(character)
      return
    }
    if wraps || x + columns > width {
      x = 0
      lineFeed()
      wraps = false
    }
    rows[y][x] = Cell(text: String(character), look: look)
    if columns == 2, x + 1 < width { rows[y][x + 1] = Cell(text: "", look: look) }
    last = String(character)
    x += columns
    if x >= width {
      x = width - 1
      wraps = modes.contains(7)
    }
  }

  private static func columns(_ character: Character) -> Int {
    guard let value = character.unicodeScalars.first?.value else { return 1 }
    switch value {
    case 0x300..<0x370, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  private mutating func control(_ byte: UInt8) {
    switch byte {
    case 0x08: (x, wraps) = (max(0, x - 1), false)
    case 0x09: (x, wraps) = (min(width - 1, (x / 8 + 1) * 8), false)
    case 0x0A, 0x0B, 0x0C: lineFeed()
    case 0x0D: (x, wraps) = (0, false)
    case 0x0E: drawsLines = true
    case 0x0F: drawsLines = false
    default: break
    }
  }

  private mutating func lineFeed() {
    if y == region.upperBound {
      scroll(1, from: region.lowerBound)
    } else {
      y = min(height - 1, y + 1)
    }
  }

  /// Moves the region's lines from `top` on up, or down for a negative count.
  private mutating func scroll(_ count: Int, from top: Int) {
    let end = region.upperBound
    guard top <= end else { return }
    let empty = Array(repeating: Cell(text: " ", look: erased), count: width)
    for _ in 0..<min(abs(count), end - top + 1) {
      if count > 0 {
        rows.remove(at: top)
        rows.insert(empty, at: end)
      } else {
        rows.remove(at: end)
        rows.insert(empty, at: top)
      }
    }
  }

  /// Erased cells take the ground that is set.
  private var erased: Look { Look(background: look.background) }

  private mutating func escape(_ middle: String, _ final: Character) {
    switch (middle, final) {
    case ("", "7"): saved = (x, y, look)
    case ("", "8"): restoreCursor()
    case ("", "M"): if y == region.lowerBound { scroll(-1, from: y) } else { y = max(0, y - 1) }
    case ("", "D"): lineFeed()
    case ("", "E"): (x, wraps) = (0, false); lineFeed()
    case ("", "="): isKeypadOn = true
    case ("", ">"): isKeypadOn = false
    case ("", "c"): self = Emulator(width: width, height: height)
    case ("(", "0"): drawsLines = true
    case ("(", _): drawsLines = false
    case (")", _), ("*", _), ("+", _): break
    default: unknown.append("ESC \(middle)\(final)")
    }
  }

  private mutating func restoreCursor() {
    guard let saved else { return }
    (x, y, look) = (min(saved.x, width - 1), min(saved.y, height - 1), saved.look)
    wraps = false
  }

  private mutating func system(_ text: String) {
    let parts = text.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)
    switch parts.first {
    case "0", "1", "2": title = parts.count > 1 ? String(parts[1]) : ""
    case "52": clipboard.append(parts.count > 1 ? String(parts[1]) : "")
    case "10" where text.hasSuffix("?"), "11" where text.hasSuffix("?"):
      questions.append("OSC " + text)
    default: unknown.append("OSC " + text.prefix(40))
    }
  }

  private mutating func execute(_ command: SequenceParser.Command) {
    let numbers = command.numbers
    func number(_ index: Int, _ usual: Int = 1) -> Int {
      let value = index < numbers.count ? numbers[index] : 0
      return value == 0 ? usual : value
    }
    if command.final != "m" && command.final != "b" { wraps = false }
    switch (command.prefix, command.final) {
    case ("", "A"): y = max(0, y - number(0))
    case ("", "B"): y = min(height - 1, y + number(0))
    case ("", "C"): x = min(width - 1, x + number(0))
    case ("", "D"): x = max(0, x - number(0))
    case ("", "E"): (x, y) = (0, min(height - 1, y + number(0)))
    case ("", "F"): (x, y) = (0, max(0, y - number(0)))
    case ("", "G"), ("", "`"): x = min(width - 1, number(0) - 1)
    case ("", "d"): y = min(height - 1, number(0) - 1)
    case ("", "H"), ("", "f"):
      (x, y) = (min(width - 1, number(1) - 1), min(height - 1, number(0) - 1))
    case ("", "J"): eraseDisplay(number(0, 0))
    case ("", "K"): eraseLine(number(0, 0))
    case ("", "X"): blank(y, x..<min(width, x + number(0)))
    case ("", "@"): shift(number(0), isInsertion: true)
    case ("", "P"): shift(number(0), isInsertion: false)
    case ("", "L"): if region.contains(y) { scroll(-number(0), from: y) }
    case ("", "M"): if region.contains(y) { scroll(number(0), from: y) }
    case ("", "S"): scroll(number(0), from: region.lowerBound)
    case ("", "T"): scroll(-number(0), from: region.lowerBound)
    case ("", "b"): for _ in 0..<number(0) { put(Character(last)) }
    case ("", "r"):
      let (top, end) = (number(0) - 1, min(height, number(1, height)) - 1)
      region = top < end ? top...end : 0...(height - 1)
      (x, y) = (0, 0)
    case ("", "m"): look.apply(numbers)
    case ("", "s"): saved = (x, y, look)
    case ("", "u"): restoreCursor()
    case ("", "l"), ("", "h"), ("", "t"), ("", "q"), ("", "g"), (">", "m"), ("", " q"): break
    case ("?", "h"): for mode in numbers { set(mode, true) }
    case ("?", "l"): for mode in numbers { set(mode, false) }
    case (">", "u"): keyboard.append(number(0, 0))
    case ("<", "u"): keyboard.removeLast(min(number(0), keyboard.count))
    case ("", "c"), (">", "c"), ("", "n"), ("?", "n"), ("?", "u"), ("?", "$p"), (">", "q"):
      questions.append(
        "CSI \(command.prefix)\(numbers.map(String.init).joined(separator: ";"))"
          + command.final)
    // How the cursor looks on the Linux console.
    case ("?", "c"): break
    default:
      unknown.append("CSI \(command.prefix)\(numbers) \(command.final)")
    }
  }

  private mutating func set(_ mode: Int, _ isOn: Bool) {
    let wasAlternate = isAlternate
    if isOn {
      modes.insert(mode)
      everOn.insert(mode)
    } else {
      modes.remove(mode)
    }
    guard isAlternate != wasAlternate else { return }
    if isOn {
      if mode == 1049 { saved = (x, y, look) }
      main = rows
      rows = Self.blank(width, height)
    } else {
      rows = main
      main = []
      if mode == 1049 { restoreCursor() }
    }
  }

  private mutating func blank(_ row: Int, _ columns: Range<Int>) {
    for column in columns { rows[row][column] = Cell(text: " ", look: erased) }
  }

  private mutating func eraseLine(_ kind: Int) {
    switch kind {
    case 0: blank(y, x..<width)
    case 1: blank(y, 0..<(x + 1))
    default: blank(y, 0..<width)
    }
  }

  private mutating func eraseDisplay(_ kind: Int) {
    switch kind {
    case 0:
      eraseLine(0)
      for row in (y + 1)..<max(y + 1, height) { blank(row, 0..<width) }
    case 1:
      eraseLine(1)
      for row in 0..<y { blank(row, 0..<width) }
    default: for row in 0..<height { blank(row, 0..<width) }
    }
  }

  private mutating func shift(_ count: Int, isInsertion: Bool) {
    let count = min(count, width - x)
    let empty = Array(repeating: Cell(text: " ", look: erased), count: count)
    if isInsertion {
      rows[y].insert(contentsOf: empty, at: x)
      rows[y].removeLast(count)
    } else {
      rows[y].removeSubrange(x..<(x + count))
      rows[y] += empty
    }
  }
}

extension Emulator.Look {
  /// The parameters of `CSI m`.
  mutating func apply(_ numbers: [Int]) {
    var rest = (numbers.isEmpty ? [0] : numbers)[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: self = Emulator.Look()
      case 1...9: attributes.insert(number)
      case 22: attributes.subtract([1, 2])
      case 23...29: attributes.remove(number - 20)
      case 30...37: foreground = number - 30
      case 39: foreground = -1
      case 40...47: background = number - 40
      case 49: background = -1
      case 90...97: foreground = number - 82
      case 100...107: background = number - 92
      case 38, 48:
        let colour = Self.colour(&rest)
        if number == 38 { foreground = colour } else { background = colour }
      default: break
      }
    }
  }

  /// `5;n`, or `2;r;g;b` as a number above 255.
  private static func colour(_ rest: inout ArraySlice<Int>) -> Int {
    switch rest.popFirst() {
    case 5: return rest.popFirst() ?? -1
    case 2:
      let channels = (0..<3).map { _ in rest.popFirst() ?? 0 }
      return 256 + channels.reduce(0) { $0 << 8 | $1 }
    default: return -1
    }
  }
}
