/// What a terminal answers when it is asked, or says by itself: never a key.
public enum TerminalReport: Hashable, Sendable {
  /// The colour of its ground, or the kind of scheme that it shows.
  case ground(Ground)
  /// Its kind (DA1): every terminal answers this, and in order, so that what was asked before and has
  /// not been answered by then is not known to it.
  case attributes
  /// Flags of the kitty keyboard that are on.
  case keyboard(flags: Int)
  /// What it knows of a private mode (DECRPM).
  case mode(Int, isKnown: Bool)

  /// `ESC [ ? ... final`; nil where it is none of these.
  init?(parameters: ArraySlice<UInt8>, final: UInt8) {
    let numbers = KeySequences.numbers(parameters.filter { $0 != 0x24 }[...])
    switch (final, parameters.last == 0x24) {
    case (0x63, false): self = .attributes
    case (0x75, false): self = .keyboard(flags: numbers.first ?? 0)
    case (0x6E, false) where numbers == [997, 1]: self = .ground(.dark)
    case (0x6E, false) where numbers == [997, 2]: self = .ground(.light)
    case (0x79, true) where numbers.count == 2:
      // 0: not known; 1 and 2: on and off; 3: always on; 4: always off.
      self = .mode(numbers[0], isKnown: (1...3).contains(numbers[1]))
    default: return nil
    }
  }

  /// `ESC ] 11 ; rgb:ffff/ffff/ffff`
  init?(system text: String) {
    let parts = text.split(separator: ";", maxSplits: 1)
    guard parts.count == 2, parts[0] == "11", let ground = Ground(colour: String(parts[1])) else {
      return nil
    }
    self = .ground(ground)
  }
}

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
