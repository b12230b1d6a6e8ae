/// What a terminal can show and how it wants to be drawn on.
public struct TerminalTraits: Hashable, Sendable {
  public var glyphs: Glyphs
  public var level: ColourLevel

  public init(glyphs: Glyphs, level: ColourLevel) {
    self.glyphs = glyphs
    self.level = level
  }
}

/// What terminals take.
public enum TerminalLimits {
  /// Bytes of a text for the clipboard: its Base64 form in one sequence is 100,000 bytes long, and
  /// terminals and multiplexers refuse longer ones.
  public static let clipboard = 74_994
}

/// A screen with a keyboard. The main actor owns it: nobody else touches curses.
@MainActor
public protocol Terminal: AnyObject {
  var size: Size { get }
  var traits: TerminalTraits { get }
  var theme: Theme { get set }
  /// Ticks whenever `nextEvents()` may have something; merge it with the engine's events.
  var wakeUps: AsyncStream<Void> { get }
  /// Everything that has come in since the last call; never waits.
  func nextEvents() -> [InputEvent]
  /// Shows a frame; cells that did not change cost nothing.
  func present(_ frame: Frame)
  /// Draws everything anew with the next frame (Ctrl-L).
  func invalidate()
  /// Turns mouse reports on or off (off leaves selecting text to the terminal).
  func setMouse(_ isOn: Bool)
  /// Whether it has been asked for what it knows, and has not answered yet.
  var isAsking: Bool { get }
  /// Its ground, where it has said it; while `watchGround` is on every change comes as a report.
  var ground: Ground? { get }
  func watchGround(_ isOn: Bool)
  /// Leaves the screen, stops the process as Ctrl-Z does, and takes the screen back on return.
  func suspend()
  /// Puts text into the clipboard of the person's terminal (OSC 52); false if it is too long.
  func copyToClipboard(_ text: String) -> Bool
  /// Gives the terminal back as it was. Can be called more than once.
  func close()
}

extension Terminal {
  /// Whether nothing is shown in colour, by the terminal's nature or by the theme's.
  public var isMonochrome: Bool { traits.level == .monochrome || theme.isMonochrome }

  /// An empty canvas for the next frame.
  public func canvas() -> Canvas {
    Canvas(
      size: size, glyphs: traits.glyphs, isMonochrome: isMonochrome,
      hasFewColours: traits.level <= .eight)
  }
}
