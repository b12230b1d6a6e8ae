/// Whether a theme can be read and keeps its roles apart, on one level of colours and one ground.
///
/// The rules:
/// - Words have a contrast of 4.5:1 to their ground, frames, curves and shades ("marks") 3:1 (WCAG 2).
///   On a ground that is not known, where black and white are both assumed, coloured words need 3.7:1 on
///   each: more than 4.58:1 on both cannot be had. The first sixteen colours are the person's own: on a
///   theme's own ground xterm's table must give every word 3:1, on the terminal's they are not judged.
/// - Kept and dropped differ by colour for every eye, and a frame is no shade of them, of a curve or
///   of a state.
/// - Any two roles of `told` differ by colour or attribute. Without colour, attributes tell states and
///   shades apart, and signs do the rest: kept and dropped have fills and letters of their own, curves
///   marks, frames are lines.
public struct ThemeCheck: Sendable {
  public let theme: Theme
  public let level: ColourLevel
  /// The ground where the theme has none of its own.
  public let assumed: Ground

  /// What stands under a theme that leaves the terminal's own colours.
  public enum Ground: String, CaseIterable, Sendable {
    case black, white
  }

  public init(_ theme: Theme, level: ColourLevel, on assumed: Ground = .black) {
    self.theme = theme
    self.level = level
    self.assumed = assumed
  }

  /// The grounds that a theme must work on: its own, or both.
  public static func grounds(of theme: Theme) -> [Ground] {
    theme.background == nil ? Ground.allCases : [.black]
  }

  /// Distances that colours of text cells need (CIEDE2000).
  public static let needed = (
    figures: 30.0, frame: 9.0, told: 8.0, curves: 12.0, contrast: 4.5, coloured: 3.7, mark: 3.0
  )

  public static let curves: [StyleRole] = [
    .plot1, .plot2, .plot3, .plot4, .plot5, .plot6, .plot7, .plot8,
  ]
  /// Roles that must be told apart, each from each.
  static let told: [StyleRole] = [
    .keep, .drop, .border, .accent, .select, .ok, .warn, .error,
  ]
  static let differences: [StyleRole] = [.diffNeg2, .diffNeg1, .diff0, .diffPos1, .diffPos2]
  static let heat: [StyleRole] = [.heat1, .heat2, .heat3, .heat4, .heat5]
  static let marks: Set<StyleRole> = Set([.border] + curves + heat)

  /// A look as it meets the eye: `reverse` is carried out.
  struct Look: Hashable {
    var ink, ground: RGB
    var attributes: TextAttributes
  }

  func look(_ role: StyleRole) -> Look {
    let style = theme.resolve(Style(role), level: level)
    let (black, white) = (RGB(index: 16), RGB(index: 231))
    var ink = style.foreground.map(RGB.init(index:)) ?? (assumed == .black ? white : black)
    var ground = style.background.map(RGB.init(index:)) ?? (assumed == .black ? black : white)
    if style.attributes.contains(.reverse) { (ink, ground) = (ground, ink) }
    return Look(ink: ink, ground: ground, attributes: style.attributes.subtracting(.reverse))
  }

  /// How far two roles lie apart for an eye: the larger of the distances of ink and of ground.
  public func distance(
    _ one: StyleRole, _ other: StyleRole, vision: ColourVision = .normal
  ) -> Double {
    let (one, other) = (look(one), look(other))
    return max(vision.distance(one.ink, other.ink), vision.distance(one.ground, other.ground))
  }

  /// The smallest distance between curves for an eye.
  public func curveDistance(_ vision: ColourVision, count: Int = 8) -> Double {
    Self.pairs(Array(Self.curves.prefix(count))).map { distance($0, $1, vision: vision) }.min() ?? 0
  }

  /// The lowest contrast of words, or of marks, to their ground, among those
  /// that are judged; nil if none is.
  public func lowestContrast(ofMarks: Bool) -> Double? {
    StyleRole.allCases.filter { Self.marks.contains($0) == ofMarks && neededContrast($0) != nil }
      .map(contrast).min()
  }

  func contrast(_ role: StyleRole) -> Double {
    let look = look(role)
    return RGB.contrast(look.ink, look.ground)
  }

  /// What breaks the rules, one sentence each.
  public var complaints: [String] {
    level == .monochrome || theme.isMonochrome
      ? uncoloured : contrasts + frames + figures + alike
  }

  private var contrasts: [String] {
    StyleRole.allCases.compactMap { role in
      guard let needed = neededContrast(role) else { return nil }
      let found = contrast(role)
      return found >= needed
        ? nil : "\(role.rawValue) has \(Self.tenths(found)):1, not \(Self.tenths(needed)):1"
    }
  }

  /// The contrast that a role needs; nil where it is not ours to say.
  func neededContrast(_ role: StyleRole) -> Double? {
    let style = theme.resolve(Style(role), level: level)
    let isMark = Self.marks.contains(role)
    if theme.background != nil {
      return isMark || level < .indexed256 ? Self.needed.mark : Self.needed.contrast
    }
    guard let ink = style.foreground else {
      return isMark ? Self.needed.mark : Self.needed.contrast
    }
    return ink < 16 ? nil : isMark ? Self.needed.mark : Self.needed.coloured
  }

  private var frames: [String] {
    (told(but: .border) + Self.curves).compactMap { role in
      guard look(role).ground == look(.border).ground else { return nil }
      let found = ColourVision.normal.distance(look(role).ink, look(.border).ink)
      // A look of the frame's colour must at least be bold where there are few colours.
      if level < .indexed256, look(role).attributes != look(.border).attributes,
        ![.keep, .drop].contains(role)
      {
        return nil
      }
      return found >= Self.needed.frame
        ? nil : "border and \(role.rawValue) are \(Self.tenths(found)) apart"
    }
  }

  private var figures: [String] {
    ColourVision.allCases.compactMap { vision in
      let found = distance(.keep, .drop, vision: vision)
      return found >= Self.needed.figures
        ? nil : "keep and drop are \(Self.tenths(found)) apart (\(vision.rawValue))"
    }
  }

  private var alike: [String] {
    let pairs =
      Self.pairs(Self.told) + Self.pairs(Self.curves) + Self.pairs(Self.differences)
      + Self.pairs(Self.heat)
    return pairs.compactMap { one, other in
      if look(one).attributes != look(other).attributes { return nil }
      let found = distance(one, other)
      return found >= Self.needed.told
        ? nil : "\(one.rawValue) and \(other.rawValue) are \(Self.tenths(found)) apart"
    }
  }

  /// Attributes alone.
  private var uncoloured: [String] {
    let groups: [[StyleRole]] = [
      [.text, .dim, .select, .warn, .error], [.keep, .drop], [.border, .borderFocus],
      [.tab, .tabCurrent], Self.differences, Self.heat,
    ]
    return groups.flatMap(Self.pairs).compactMap { one, other in
      theme.resolve(Style(one), level: level) != theme.resolve(Style(other), level: level)
        ? nil : "\(one.rawValue) and \(other.rawValue) look the same"
    }
  }

  private func told(but role: StyleRole) -> [StyleRole] { Self.told.filter { $0 != role } }

  private static func pairs(_ roles: [StyleRole]) -> [(StyleRole, StyleRole)] {
    roles.indices.flatMap { first in
      roles[(first + 1)...].map { (roles[first], $0) }
    }
  }

  private static func tenths(_ value: Double) -> String {
    "\((value * 10).rounded(.down) / 10)"
  }
}
