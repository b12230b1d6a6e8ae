/// One drawable piece of text: a base character with its combining marks.
public struct TextCluster: Hashable, Sendable {
  /// What goes to the terminal: never a control, format or bidi character.
  public let text: String
  /// Columns: 1 or 2.
  public let width: Int
  /// True where it stands for something that must not or cannot be shown.
  public let isMark: Bool
}

/// Turns any string into pieces that are safe to draw and whose width is known.
///
/// Text of a corpus may hold escape sequences, controls, bidi overrides and invisible characters.
/// None of them may reach the terminal or shift the layout, so each becomes a visible mark:
/// C0 controls a control picture (`␛`), the others their code point (`<202E>`). Joiners and
/// variation selectors, which are harmless in prose but change widths from terminal to terminal,
/// are dropped. Every string that gets into a grid passes here.
public enum VisibleText {
  /// More marks than this on one base are noise ("zalgo"); ncurses keeps five characters a cell.
  static let maximumCombining = 3

  /// All pieces of a string, in order.
  public static func clusters(_ string: String) -> [TextCluster] {
    var clusters: [TextCluster] = []
    clusters.reserveCapacity(string.utf8.count)
    forEachCluster(in: string) { text, width, isMark in
      clusters.append(TextCluster(text: text, width: width, isMark: isMark))
      return true
    }
    return clusters
  }

  /// Columns that a string takes when drawn.
  public static func width(_ string: String) -> Int {
    var width = 0
    forEachCluster(in: string) { _, columns, _ in
      width += columns
      return true
    }
    return width
  }

  /// The string as it is drawn.
  public static func sanitised(_ string: String) -> String {
    var result = ""
    forEachCluster(in: string) { text, _, _ in
      result += text
      return true
    }
    return result
  }

  /// JSON text as it is printed to a terminal: what is not drawn as itself is spelt `\u202E`, so that
  /// the value stays the same.
  public static func escapedJSON(_ json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      switch CharacterWidth.of(scalar) {
      case .columns: result.unicodeScalars.append(scalar)
      case .dropped, .replaced:
        for unit in String(Character(scalar)).utf16 {
          let digits = String(unit, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result
  }

  /// The longest beginning of a string that fits in `width` columns, with an ellipsis if it is cut.
  public static func truncated(_ string: String, to width: Int, ellipsis: String = "…") -> String {
    if self.width(string) <= width { return sanitised(string) }
    let room = width - self.width(ellipsis)
    var result = ""
    var used = 0
    if room < 0 { return "" }
    forEachCluster(in: string) { text, columns, _ in
      if used + columns > room { return false }
      used += columns
      result += text
      return true
    }
    return result + ellipsis
  }

  /// Calls `body` with text, width and mark flag of each piece until it answers false.
  static func forEachCluster(in string: String, _ body: (String, Int, Bool) -> Bool) {
    var pending = ""
    var pendingWidth = 0
    var combining = 0
    for scalar in string.unicodeScalars {
      let value = scalar.value
      if value >= 0x20 && value < 0x7F {
        if pendingWidth > 0, !body(pending, pendingWidth, false) { return }
        pending = printableASCII[Int(value) - 0x20]
        pendingWidth = 1
        combining = 0
        continue
      }
      switch CharacterWidth.of(scalar) {
      case .columns(0):
        if pendingWidth == 0 {
          // A mark without a base gets a dotted circle, so that it does not stick to a border.
          pending = "\u{25CC}"
          pendingWidth = 1
          combining = 0
        }
        if combining < maximumCombining { pending.unicodeScalars.append(scalar) }
        combining += 1
      case .columns(let width):
        if pendingWidth > 0, !body(pending, pendingWidth, false) { return }
        pending = String(Character(scalar))
        pendingWidth = width
        combining = 0
      case .dropped:
        continue
      case .replaced(let mark):
        if pendingWidth > 0, !body(pending, pendingWidth, false) { return }
        pendingWidth = 0
        for character in mark {
          if !body(String(character), 1, true) { return }
        }
      }
    }
    if pendingWidth > 0 { _ = body(pending, pendingWidth, false) }
  }

  /// One string for each of U+0020...U+007E: no allocation for plain text.
  private static let printableASCII: [String] = (0x20...0x7E).map {
    String(Character(Unicode.Scalar(UInt8($0))))
  }
}
