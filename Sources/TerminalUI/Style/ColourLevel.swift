/// How many colours a terminal can show.
public enum ColourLevel: Int, CaseIterable, Hashable, Sendable, Comparable {
  /// None: bold, underline and reverse only.
  case monochrome = 0
  case eight = 8
  case sixteen = 16
  case indexed256 = 256

  public static func < (left: ColourLevel, right: ColourLevel) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The level of a terminal that says it has so many colours.
  public init(colours: Int) {
    self =
      switch colours {
      case 256...: .indexed256
      case 16...: .sixteen
      case 8...: .eight
      default: .monochrome
      }
  }
}
