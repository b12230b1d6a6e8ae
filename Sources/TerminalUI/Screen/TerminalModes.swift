import CCurses
import Foundation

/// The private modes that the workbench switches on, and how they are switched off again.
struct TerminalModes {
  /// True for terminals that know mouse reports and bracketed paste: their description has a mouse.
  let isModern: Bool
  /// What brings the screen back after a crash; starts with our modes, then the description's strings.
  let restore: String

  /// Reads the description of the current terminal; curses must be open.
  init() {
    isModern = Self.capability("kmous") != nil
    var restore = isModern ? Self.mouseOff + Self.pasteOff : ""
    for name in ["op", "sgr0", "rmkx", "cnorm", "rmcup"] { restore += Self.capability(name) ?? "" }
    self.restore = restore
  }

  var pasteOn: String { isModern ? "\u{1B}[?2004h" : "" }
  var pasteOff: String { isModern ? Self.pasteOff : "" }

  /// Buttons, drags, moves without a button, and coordinates as decimal numbers. A terminal that does
  /// not know the last sends the old form, which the decoder reads as well; one that does not know
  /// moves sends drags.
  func mouse(_ isOn: Bool) -> String {
    guard isModern else { return "" }
    return isOn ? "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1003h\u{1B}[?1006h" : Self.mouseOff
  }

  private static let mouseOff = "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l"
  private static let pasteOff = "\u{1B}[?2004l"

  /// A string of the description without its padding marks ("$<5>").
  static func capability(_ name: String) -> String? {
    guard let bytes = cc_capability(name) else { return nil }
    var text = String(cString: bytes)
    while let start = text.range(of: "$<"), let end = text.range(of: ">"),
      start.upperBound <= end.lowerBound
    {
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    return text.isEmpty ? nil : text
  }
}
