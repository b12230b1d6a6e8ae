import CCurses
import Foundation

/// The private modes that the workbench switches on, and how they are switched off again.
struct TerminalModes {
  /// True for terminals that know mouse reports and bracketed paste: their description has a mouse.
  let isModern: Bool
  /// What the description does to leave the screen.
  private let leaving: String
  /// What the terminal has turned out to know.
  var hasKittyKeyboard = false
  var hasSynchronizedOutput = false
  var hasGroundReports = false
  /// Whether a person wants to hear of another ground.
  var watchesGround = false

  /// Reads the description of the current terminal; curses must be open.
  init() {
    isModern = Self.capability("kmous") != nil
    leaving = ["op", "sgr0", "rmkx", "cnorm", "rmcup"].map { Self.capability($0) ?? "" }.joined()
  }

  /// Everything of ours that is on, off again.
  var off: String {
    guard isModern else { return "" }
    var text = Self.mouseOff + Self.pasteOff
    if hasKittyKeyboard { text += "\u{1B}[<u" }
    if hasSynchronizedOutput { text += Self.synchronizedEnd }
    if hasGroundReports { text += "\u{1B}[?2031l" }
    return text
  }

  /// What brings the screen back after a crash: our modes, then the description's strings.
  var restore: String { off + leaving }

  /// What is on while the screen is ours, but for the mouse.
  var on: String {
    guard isModern else { return "" }
    return "\u{1B}[?2004h" + (hasKittyKeyboard ? Self.keyboardOn : "")
      + (hasGroundReports && watchesGround ? Self.groundReportsOn : "")
  }

  /// Escape and Ctrl keys in a form of their own; what old programs know stays as it was.
  static let keyboardOn = "\u{1B}[>1u"
  static let groundReportsOn = "\u{1B}[?2031h"
  static let synchronizedBegin = "\u{1B}[?2026h"
  static let synchronizedEnd = "\u{1B}[?2026l"

  /// Asks what the terminal knows, and last what every terminal answers: what has not been answered by
  /// then never will be. Nothing waits for the answers; they come in between the keys.
  func questions(aboutGround: Bool) -> String {
    guard isModern else { return "" }
    let ground = "\u{1B}[?996n\u{1B}]11;?\u{1B}\\"
    return "\u{1B}[?u\u{1B}[?2026$p\u{1B}[?2031$p" + (aboutGround ? ground : "") + "\u{1B}[c"
  }

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
