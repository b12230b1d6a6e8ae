/// What a piece of screen means; a theme says how it looks.
public enum StyleRole: String, CaseIterable, Hashable, Sendable {
  case text, dim, accent, border
  case borderFocus = "border_focus"
  case title, key, select
  case ok, warn, error
  case keep, drop
  case plot1, plot2, plot3, plot4, plot5, plot6, plot7, plot8
  /// Reference model far better, better, equal; teacher better, far better.
  case diffNeg2 = "diff_neg2"
  case diffNeg1 = "diff_neg1"
  case diff0 = "diff_0"
  case diffPos1 = "diff_pos1"
  case diffPos2 = "diff_pos2"
  case heat1, heat2, heat3, heat4, heat5
  /// A sanitised byte or invisible character of foreign text.
  case mark
  /// The bar of the current tab and of status and footer lines.
  case tab
  case tabCurrent = "tab_current"
  case status

  /// The letter in role grids of golden tests; different for every role.
  public var letter: Character {
    switch self {
    case .text: "."
    case .dim: "d"
    case .accent: "a"
    case .border: "b"
    case .borderFocus: "B"
    case .title: "t"
    case .key: "k"
    case .select: "s"
    case .ok: "o"
    case .warn: "w"
    case .error: "e"
    case .keep: "K"
    case .drop: "D"
    case .plot1: "1"
    case .plot2: "2"
    case .plot3: "3"
    case .plot4: "4"
    case .plot5: "5"
    case .plot6: "6"
    case .plot7: "7"
    case .plot8: "8"
    case .diffNeg2: "="
    case .diffNeg1: "-"
    case .diff0: "0"
    case .diffPos1: "+"
    case .diffPos2: "#"
    case .heat1: "H"
    case .heat2: "I"
    case .heat3: "J"
    case .heat4: "L"
    case .heat5: "M"
    case .mark: "!"
    case .tab: "h"
    case .tabCurrent: "c"
    case .status: "u"
    }
  }

  /// The colour of the n-th series of a plot, counted from 0, round and round.
  public static func plot(_ series: Int) -> StyleRole {
    let roles: [StyleRole] = [.plot1, .plot2, .plot3, .plot4, .plot5, .plot6, .plot7, .plot8]
    return roles[((series % roles.count) + roles.count) % roles.count]
  }

  /// The role of heat 0...1 in five steps.
  public static func heat(_ value: Double) -> StyleRole {
    let roles: [StyleRole] = [.heat1, .heat2, .heat3, .heat4, .heat5]
    guard value.isFinite else { return .dim }
    return roles[min(4, max(0, Int(value * 5)))]
  }
}

/// Attributes besides colour; they stay when colour is off.
public struct TextAttributes: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let bold = TextAttributes(rawValue: 1)
  public static let dim = TextAttributes(rawValue: 2)
  public static let underline = TextAttributes(rawValue: 4)
  public static let reverse = TextAttributes(rawValue: 8)
  public static let italic = TextAttributes(rawValue: 16)
}

/// A role and attributes on top of what the theme gives to the role.
public struct Style: Hashable, Sendable {
  public var role: StyleRole
  public var attributes: TextAttributes
  /// The role whose ground the text stands on, if not its own: a key in the footer line.
  public var ground: StyleRole?

  public init(_ role: StyleRole, _ attributes: TextAttributes = [], ground: StyleRole? = nil) {
    self.role = role
    self.attributes = attributes
    self.ground = ground
  }

  public static let text = Style(.text)
}
