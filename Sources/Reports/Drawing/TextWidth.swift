/// How wide text comes out, by the widths of a wide sans-serif face: the reader's face is not known,
/// and space that is left over does no harm.
public enum TextWidth {
  /// Width in pixels at a size in pixels.
  public static func of(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + width($1) } * size
  }

  /// `text` cut in its middle to a width: names differ at their ends.
  public static func fitted(_ text: String, size: Double, into room: Double) -> String {
    if of(text, size: size) <= room { return text }
    let characters = Array(text)
    let space = room - of("…", size: size)
    var (head, tail, used) = (0, 0, 0.0)
    while head + tail < characters.count {
      let takesHead = head <= tail
      let next = takesHead ? characters[head] : characters[characters.count - 1 - tail]
      used += of(String(next), size: size)
      if used > space { break }
      if takesHead { head += 1 } else { tail += 1 }
    }
    return String(characters.prefix(head)) + "…" + String(characters.suffix(tail))
  }

  /// `text` in lines of at most a width, broken at spaces, at most `most` of them.
  public static func lines(
    _ text: String, size: Double, into room: Double, most: Int
  ) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace).map(String.init) {
      if let last = lines.last, of(last + " " + word, size: size) <= room {
        lines[lines.count - 1] = last + " " + word
      } else if let last = lines.last, lines.count >= most {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(word)
      }
    }
    return lines.map { fitted($0, size: size, into: room) }
  }

  /// Of one character, in sizes of the face.
  private static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "l", "j", "I", "|", ".", ",", ":", ";", "'", "!", " ", "(", ")", "[", "]": 0.34
    case "f", "t", "r", "-", "/": 0.42
    case "m", "w", "M", "W", "@", "%", "+", "=", "±", "×", "−": 0.88
    case "a"..."z": 0.60
    case "0"..."9": 0.62
    case "A"..."Z": 0.70
    case "⁰"..."⁹", "²", "³", "¹", "⁻": 0.42
    default:
      // Accents stand on what they belong to; ideographs and symbols are square.
      scalar.properties.generalCategory == .nonspacingMark
        ? 0 : scalar.value < 0x1100 ? 0.66 : scalar.value < 0x2E80 ? 0.85 : 1.05
    }
  }
}
