/// How one code point is drawn.
///
/// Where terminals disagree on a width, the C library's opinion decides what the painter does; spacing
/// marks of Indic scripts have a column of their own here, as there.
enum CharacterWidth: Equatable {
  /// As itself, in 0 (combining), 1 or 2 columns.
  case columns(Int)
  /// Not at all.
  case dropped
  /// As these one-column characters.
  case replaced(String)

  /// The rule for a code point; widths follow UAX 11, as wcwidth does.
  static func of(_ scalar: Unicode.Scalar) -> CharacterWidth {
    let value = scalar.value
    switch value {
    case 0x09: return .replaced(" ")
    case 0..<0x20: return .replaced(picture(0x2400 + value))
    case 0x20..<0x7F: return .columns(1)
    case 0x7F: return .replaced(picture(0x2421))
    case 0x80..<0xA0: return .replaced(code(value))
    case 0xAD: return .dropped  // soft hyphen: an optional line break
    case 0xA1..<0x300: return .columns(1)
    // Vowels and finals of Hangul join the consonant before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7C6, 0xD7CB...0xD7FB: return .columns(0)
    case 0x200C, 0x200D: return .dropped  // joiners
    case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return .dropped  // variation selectors
    case 0x1F3FB...0x1F3FF: return .dropped  // skin tones: some terminals merge them, some do not
    case 0x1F1E6...0x1F1FF:  // a pair may become one flag or stay two letters
      return .replaced(picture(0x41 + value - 0x1F1E6))
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return .columns(0)
    case .control, .format, .lineSeparator, .paragraphSeparator: return .replaced(code(value))
    case .surrogate, .privateUse, .unassigned: return .replaced("\u{FFFD}")
    default: return .columns(isWide(value) ? 2 : 1)
    }
  }

  private static func picture(_ value: UInt32) -> String {
    Unicode.Scalar(value).map { String(Character($0)) } ?? "?"
  }

  private static func code(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "<\(String(repeating: "0", count: max(0, 2 - digits.count)))\(digits)>"
  }

  private static func isWide(_ value: UInt32) -> Bool {
    let ranges = WideRanges.all
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].contains(value)
  }
}
