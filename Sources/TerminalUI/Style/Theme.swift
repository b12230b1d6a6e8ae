/// The look of every role.
public struct Theme: Hashable, Sendable {
  public var name: String
  /// The ground of the whole screen; nil leaves the terminal's own.
  public var background: Colour?
  private var colours: [StyleRole: Appearance]
  private var monochrome: [StyleRole: TextAttributes]

  /// A theme from its differences to the built-in table.
  public init(
    name: String, background: Colour? = nil, colours: [StyleRole: Appearance] = [:],
    monochrome: [StyleRole: TextAttributes] = [:]
  ) {
    self.name = name
    self.background = background
    self.colours = colours
    self.monochrome = monochrome
  }

  /// The terminal's own colours with accents that can be read on dark and on light.
  public static let neutral = Theme(name: "neutral")

  /// Not a theme, but the choice of one by the terminal's ground.
  public static let automatic = "auto"

  /// The theme that `automatic` stands for; the neutral one where the ground is not known.
  public static func name(on ground: Ground?) -> String {
    switch ground {
    case .dark: "dark"
    case .light: "light"
    case nil: neutral.name
    }
  }

  /// True if no role has a colour: widgets then write marks for what colour would say.
  public var isMonochrome: Bool {
    StyleRole.allCases.allSatisfy { appearance($0).foreground.isEmpty }
  }

  /// How a role is written in colour.
  public func appearance(_ role: StyleRole) -> Appearance {
    colours[role] ?? BuiltInTheme.colours[role] ?? Appearance()
  }

  /// Attributes of a role where there are no colours.
  public func monochromeAttributes(_ role: StyleRole) -> TextAttributes {
    monochrome[role] ?? BuiltInTheme.monochrome[role] ?? []
  }

  /// What the terminal gets for a style.
  public func resolve(_ style: Style, level: ColourLevel) -> ResolvedStyle {
    if level == .monochrome {
      return ResolvedStyle(
        attributes: monochromeAttributes(style.role).union(style.attributes))
    }
    var resolved = appearance(style.role).resolved(level)
    if let ground = style.ground {
      resolved.background = appearance(ground).resolved(level).background
    }
    if resolved.background == nil, let background {
      resolved.background = Appearance(background: [background]).resolved(level).background
    }
    resolved.attributes.formUnion(style.attributes)
    return resolved
  }

  /// Contrast of a style's text on its ground with 256 colours; nil where one of them is the
  /// terminal's own and so not known.
  public func contrast(_ style: Style) -> Double? {
    var resolved = resolve(style, level: .indexed256)
    if resolved.attributes.contains(.reverse) {
      (resolved.foreground, resolved.background) = (resolved.background, resolved.foreground)
    }
    guard let foreground = resolved.foreground, let background = resolved.background else {
      return nil
    }
    return RGB.contrast(RGB(index: foreground), RGB(index: background))
  }
}

/// The table that themes differ from.
enum BuiltInTheme {
  /// Mid tones, at least 3:1 on black and on white; fore- and background stay the terminal's.
  static let colours: [StyleRole: Appearance] = table([
    .text: "default",
    .dim: "243 bright-black | default dim",
    .accent: "30 cyan bold",
    .border: "243 bright-black | default dim",
    .borderFocus: "30 cyan bold",
    .title: "default bold",
    .key: "30 cyan bold",
    .select: "default reverse",
    .ok: "28 green",
    .warn: "166 yellow bold",
    .error: "160 red bold",
    .keep: "32 cyan",
    .drop: "166 yellow",
    .plot1: "32 cyan",
    .plot2: "166 yellow",
    .plot3: "29 green",
    .plot4: "169 magenta",
    .plot5: "93 red",
    .plot6: "58 magenta bold",
    .plot7: "126 yellow bold",
    .plot8: "61 green bold",
    .diffNeg2: "161 red bold underline",
    .diffNeg1: "166 yellow",
    .diff0: "default",
    .diffPos1: "32 cyan",
    .diffPos2: "63 bold | cyan bold underline",
    .heat1: "243 bright-black | default dim",
    .heat2: "61 cyan",
    .heat3: "29 green",
    .heat4: "136 yellow",
    .heat5: "166 bold | red bold",
    .mark: "133 magenta reverse",
    .tab: "default",
    .tabCurrent: "default bold reverse",
    .status: "default",
  ])

  static let monochrome: [StyleRole: TextAttributes] = [
    .dim: .dim, .accent: .bold, .border: .dim, .borderFocus: .bold, .title: .bold, .key: .bold,
    .select: .reverse, .warn: .bold, .error: [.bold, .reverse], .keep: .bold,
    .diffNeg2: [.underline, .bold], .diffNeg1: .underline, .diffPos1: .bold,
    .diffPos2: .reverse, .heat1: .dim, .heat3: .underline, .heat4: .bold, .heat5: .reverse,
    .mark: .reverse,
    .tabCurrent: .reverse,
  ]

  private static func table(_ texts: [StyleRole: String]) -> [StyleRole: Appearance] {
    texts.compactMapValues { text in try? Appearance.parse(text).get() }
  }
}
