/// What a person or a configuration wants of the screen; nil leaves it to the terminal.
public struct ScreenOptions: Sendable {
  public var theme: Theme
  public var glyphs: Glyphs?
  /// Level to use at most.
  public var level: ColourLevel?
  public var usesMouse: Bool
  /// Whether the theme follows the terminal's ground.
  public var watchesGround: Bool
  /// What is believed of the ground until the terminal has said it.
  public var ground: Ground?
  /// What a person is told behind the words that the program crashed, on the restored screen.
  public var crashNote = ""

  public init(
    theme: Theme = .neutral, glyphs: Glyphs? = nil, level: ColourLevel? = nil,
    usesMouse: Bool = true, watchesGround: Bool = false, ground: Ground? = nil
  ) {
    self.theme = theme
    self.glyphs = glyphs
    self.level = level
    self.usesMouse = usesMouse
    self.watchesGround = watchesGround
    self.ground = ground
  }

  /// Glyphs of a terminal: ASCII without UTF-8 and on consoles whose fonts lack blocks and braille.
  public static func defaultGlyphs(isUTF8: Bool, terminal: String) -> Glyphs {
    let plain = ["linux", "vt100", "vt102", "vt220", "ansi"]
    return isUTF8 && !plain.contains(terminal) ? .braille : .ascii
  }

  /// Colours to use: `NO_COLOR` set to anything but nothing turns them off (no-color.org), unless the
  /// person asked for a level.
  public static func colourLevel(
    wanted: ColourLevel?, noColor: String?, terminalColours: Int
  ) -> ColourLevel {
    let able = ColourLevel(colours: terminalColours)
    if let wanted { return min(wanted, able) }
    if let noColor, !noColor.isEmpty { return .monochrome }
    return able
  }
}
