/// Operations on text as Python's `str` has them.
///
/// Everything works on Unicode code points: Swift's characters would join a space with an accent
/// behind it, and "\r" with "\n", which Python does not.
package enum PythonText {
  /// What `str.isspace` and `str.strip` take for white space.
  package static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// `str.strip()`.
  static func strip(_ text: some BidirectionalCollection<Unicode.Scalar>) -> [Unicode.Scalar] {
    guard let first = text.firstIndex(where: { !isSpace($0) }),
      let last = text.lastIndex(where: { !isSpace($0) })
    else { return [] }
    return Array(text[first...last])
  }

  /// `str.strip()`.
  static func strip(_ text: String) -> String { string(strip(text.unicodeScalars)) }

  /// `str.lstrip()`.
  static func stripStart(_ text: String) -> String {
    string(Array(text.unicodeScalars.drop(while: isSpace)))
  }

  /// `str.capitalize()`: the first code point in title case, the rest in lower case, with the final
  /// form of the Greek sigma at ends of words.
  static func capitalize(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first else { return "" }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: first.properties.titlecaseMapping.unicodeScalars)
    for index in scalars.indices.dropFirst() {
      if scalars[index].value == 0x3A3 {
        result.append(isFinalSigma(scalars, at: index) ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalars[index].properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  /// Whether the capital sigma at `index` ends a word: the condition Final_Sigma of Unicode's
  /// SpecialCasing.
  private static func isFinalSigma(_ text: [Unicode.Scalar], at index: Int) -> Bool {
    let before = text[..<index].last { !$0.properties.isCaseIgnorable }
    let behind = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && behind?.properties.isCased != true
  }

  /// `str.replace(old, new)`: from the left, without overlaps, once; `old` is not empty.
  static func replace(
    _ old: String, with new: String, in text: [Unicode.Scalar]
  ) -> [Unicode.Scalar] {
    let (old, new) = (Array(old.unicodeScalars), Array(new.unicodeScalars))
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == old.first, text[index...].starts(with: old) {
        result += new
        index += old.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// A string of code points.
  static func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
