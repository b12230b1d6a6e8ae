/// Text inside of XML: markup is escaped, and what no XML document may hold becomes U+FFFD, since
/// names come out of corpora and file systems.
public enum XMLText {
  /// For content and for attributes in either kind of quotes.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += " "
      default: result.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  /// The characters of XML 1.0, without the control characters that it discourages and without
  /// those that turn the direction of text round.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x200D, 0x2010...0x2029, 0x202F...0x2065, 0x206A...0xD7FF,
      0xE000...0xFDCF, 0xFDF0...0xFFFD:
      true
    case 0x10000...0x10FFFF: scalar.value & 0xFFFE != 0xFFFE
    default: false
    }
  }
}
