/// Lines of troff.
struct Troff {
  private(set) var source = ""

  mutating func line(_ text: String) { source += text + "\n" }

  mutating func section(_ title: String) { line(".SH \"\(Self.escaped(title))\"") }

  mutating func subsection(_ title: String) { line(".SS \"\(Self.escaped(title))\"") }

  /// A paragraph's words, line ends and all: an empty line begins the next paragraph. What stands
  /// indented stays as it is.
  mutating func text(_ text: String) {
    var isVerbatim = false
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let wantsVerbatim = part.hasPrefix("  ")
      if wantsVerbatim != isVerbatim {
        line(wantsVerbatim ? ".nf" : ".fi")
        isVerbatim = wantsVerbatim
      }
      if part.allSatisfy(\.isWhitespace) {
        line(".PP")
      } else {
        line(Self.escaped(String(part)))
      }
    }
    if isVerbatim { line(".fi") }
  }

  /// Text that troff prints as it is: backslashes and hyphens escaped, other signs than ASCII by number,
  /// no request at the beginning.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case "'": result += "\\(aq"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "`": result += "\\(ga"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }
}
