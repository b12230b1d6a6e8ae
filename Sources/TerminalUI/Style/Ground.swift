/// Whether a terminal's ground is dark or light.
public enum Ground: String, Hashable, Sendable {
  case dark, light

  /// A colour as X11 writes it: `rgb:` or `rgba:` with one to four hexadecimal digits a channel, or `#`.
  init?(colour: String) {
    var channels: [Double] = []
    if let colon = colour.firstIndex(of: ":"), ["rgb", "rgba"].contains(colour[..<colon]) {
      channels = colour[colour.index(after: colon)...].split(separator: "/").compactMap(Self.share)
    } else if colour.hasPrefix("#"), (colour.utf8.count - 1) % 3 == 0 {
      let digits = Array(colour.dropFirst())
      let width = digits.count / 3
      guard width > 0 else { return nil }
      channels = (0..<3).compactMap { Self.share(String(digits[$0 * width..<($0 + 1) * width])) }
    }
    guard channels.count >= 3 else { return nil }
    let bytes = channels.map { UInt8(($0 * 255).rounded()) }
    // Black writing reads better than white from this luminance on.
    self =
      RGB(red: bytes[0], green: bytes[1], blue: bytes[2]).luminance > 0.179 ? .light : .dark
  }

  /// The last field of COLORFGBG, a number of the first sixteen colours; nil if it says nothing.
  public init?(colorFGBG: String?) {
    guard let last = colorFGBG?.split(separator: ";").last, let index = UInt8(last), index < 16
    else { return nil }
    self = index == 7 || index > 8 ? .light : .dark
  }

  private static func share(_ digits: some StringProtocol) -> Double? {
    guard (1...4).contains(digits.utf8.count), let value = UInt32(digits, radix: 16) else {
      return nil
    }
    return Double(value) / Double((1 << (4 * digits.utf8.count)) - 1)
  }
}
