import Foundation

/// A colour as themes write it: the terminal's own, or an entry of the xterm table of 256.
public enum Colour: Hashable, Sendable {
  /// The terminal's default foreground or background.
  case standard
  case indexed(UInt8)

  private static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright-black",
    "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]

  /// Reads "default", a number 0...255, a name of the first sixteen, or "#rrggbb" (nearest entry).
  public init?(text: String) {
    if text == "default" {
      self = .standard
    } else if let index = Self.names.firstIndex(of: text) {
      self = .indexed(UInt8(index))
    } else if let number = UInt8(text) {
      self = .indexed(number)
    } else if text.hasPrefix("#"), text.utf8.count == 7,
      let value = UInt32(text.dropFirst(), radix: 16)
    {
      self = .indexed(
        Self.nearest(
          RGB(
            red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255)),
          in: 16...255))
    } else {
      return nil
    }
  }

  /// Whether a level has this very colour.
  func isShown(by level: ColourLevel) -> Bool {
    guard case .indexed(let index) = self else { return true }
    return Int(index) < level.rawValue
  }

  /// The nearest colour that a level can show; nil where it shows none.
  public func reduced(to level: ColourLevel) -> Colour? {
    guard case .indexed(let index) = self else { return self }
    switch level {
    case .indexed256: return self
    case .sixteen: return index < 16 ? self : .indexed(Self.nearest(RGB(index: index), in: 0...15))
    case .eight: return .indexed(index < 8 ? index : Self.nearest(RGB(index: index), in: 0...7))
    case .monochrome: return nil
    }
  }

  /// The entry that most eyes see nearest to a colour. A grey stays a grey, however near a bright
  /// colour lies: a frame must not get the colour that says "dropped".
  private static func nearest(_ colour: RGB, in entries: ClosedRange<UInt8>) -> UInt8 {
    let isGrey = colour.isGrey
    let choices = entries.filter { !isGrey || RGB(index: $0).isGrey }
    return choices.min { colour.distance(to: RGB(index: $0)) < colour.distance(to: RGB(index: $1)) }
      ?? 7
  }
}

/// A colour of a screen, 8 bits a channel, sRGB.
public struct RGB: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// An entry of xterm's table: 16 base colours (as xterm has them), a 6x6x6 cube, 24 greys.
  public init(index: UInt8) {
    let number = Int(index)
    func level(_ step: Int) -> UInt8 { step == 0 ? 0 : UInt8(55 + 40 * step) }
    switch number {
    case 0..<16:
      let base: [UInt32] = [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
      ]
      let value = base[number]
      self.init(
        red: UInt8(value >> 16 & 255), green: UInt8(value >> 8 & 255), blue: UInt8(value & 255))
    case 16..<232:
      let cube = number - 16
      self.init(red: level(cube / 36), green: level(cube / 6 % 6), blue: level(cube % 6))
    default:
      let grey = UInt8(8 + 10 * (number - 232))
      self.init(red: grey, green: grey, blue: grey)
    }
  }

  /// CIEDE2000 for most eyes.
  func distance(to other: RGB) -> Double { ColourVision.normal.distance(self, other) }

  var isGrey: Bool { max(red, green, blue) - min(red, green, blue) < 12 }

  /// The channels in linear light, 0...1.
  var linear: [Double] {
    [red, green, blue].map { channel in
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  /// Relative luminance as WCAG 2 defines it, 0...1.
  public var luminance: Double {
    let linear = linear
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  /// WCAG 2 contrast ratio, 1...21.
  public static func contrast(_ one: RGB, _ other: RGB) -> Double {
    let high = max(one.luminance, other.luminance)
    let low = min(one.luminance, other.luminance)
    return (high + 0.05) / (low + 0.05)
  }
}
