/// Manual pages without roff: headings, paragraphs and words stay.
enum ManualPageText {
  static func plain(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(content.count)
    var insideTable = false
    forEachLine(of: joinContinued(content)) { line in
      guard let first = line.first, first == UInt8(ascii: ".") || first == UInt8(ascii: "'") else {
        if !insideTable { appendLine(line, to: &output) }
        return
      }
      let request = line.dropFirst().trimmed
      let name = request.prefix { $0 != 0x20 && $0 != 0x09 }
      let rest = request[name.endIndex...]
      switch String(decoding: name, as: UTF8.self) {
      case "TS": insideTable = true
      case "TE": insideTable = false
      case _ where insideTable: break
      case "SH", "SS":
        output.append(UInt8(ascii: "\n"))
        appendLine(joined(arguments(rest), by: " "), to: &output)
      case "PP", "P", "LP", "TP", "HP", "sp":
        output.append(UInt8(ascii: "\n"))
      case "IP":
        output.append(UInt8(ascii: "\n"))
        if let tag = arguments(rest).first { appendLine(tag[...], to: &output) }
      case "B", "I", "SM", "SB":
        appendLine(joined(arguments(rest), by: " "), to: &output)
      case "BR", "IR", "RB", "RI", "BI", "IB":
        appendLine(joined(arguments(rest), by: ""), to: &output)
      default: break
      }
    }
    return output
  }

  /// Takes out newlines behind a single backslash: such a line goes on.
  private static func joinContinued(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(content.count)
    for byte in content {
      let isContinued = output.last == UInt8(ascii: "\\") && output.dropLast().last != output.last
      if byte == 0x0A, isContinued {
        output.removeLast()
      } else {
        output.append(byte)
      }
    }
    return output
  }

  /// Arguments of a request; quotes keep spaces in one, a backslash keeps the character behind it.
  private static func arguments(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var current: [UInt8] = []
    var quoted = false
    var escaped = false
    for byte in text {
      if escaped {
        current.append(byte)
        escaped = false
      } else if byte == UInt8(ascii: "\"") {
        quoted.toggle()
      } else if byte == 0x20, !quoted {
        if !current.isEmpty { result.append(current) }
        current = []
      } else {
        current.append(byte)
        escaped = byte == UInt8(ascii: "\\")
      }
    }
    if !current.isEmpty { result.append(current) }
    return result
  }

  private static func joined(_ words: [[UInt8]], by separator: String) -> ArraySlice<UInt8> {
    Array(words.joined(separator: separator.utf8))[...]
  }

  private static func appendLine(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
    let start = output.count
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "\\"), index + 1 < text.endIndex {
        index = appendEscape(text, at: index + 1, to: &output)
      } else {
        output.append(text[index])
        index += 1
      }
    }
    // A line of a comment or of nothing but escapes is no empty line.
    if output.count > start || text.isEmpty { output.append(UInt8(ascii: "\n")) }
  }

  /// Copies what the escape behind a backslash at `index` prints; the index behind it.
  private static func appendEscape(
    _ text: ArraySlice<UInt8>, at index: Int, to output: inout [UInt8]
  ) -> Int {
    switch text[index] {
    case UInt8(ascii: "\""), UInt8(ascii: "#"): return text.endIndex
    case UInt8(ascii: "f"), UInt8(ascii: "*"), UInt8(ascii: "n"), UInt8(ascii: "m"):
      return name(text, at: index + 1).end
    case UInt8(ascii: "("):
      let name = name(text, at: index)
      output.append(contentsOf: character(text[name.range]))
      return name.end
    case UInt8(ascii: "["):
      let name = name(text, at: index)
      output.append(contentsOf: character(text[name.range]))
      return name.end
    case UInt8(ascii: "s"):
      return text[(index + 1)...].firstIndex { !"+-0123456789".utf8.contains($0) } ?? text.endIndex
    case UInt8(ascii: "e"), UInt8(ascii: "\\"): output.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: "`"):
      output.append(text[index])
    case UInt8(ascii: " "), UInt8(ascii: "~"), UInt8(ascii: "0"):
      output.append(UInt8(ascii: " "))
    default: break
    }
    return index + 1
  }

  /// A name of one letter, of two after "(", or of any length in brackets.
  private static func name(
    _ text: ArraySlice<UInt8>, at index: Int
  ) -> (range: Range<Int>, end: Int) {
    guard index < text.endIndex else { return (index..<index, index) }
    switch text[index] {
    case UInt8(ascii: "("):
      let end = min(index + 3, text.endIndex)
      return (index + 1..<end, end)
    case UInt8(ascii: "["):
      let close = text[index...].firstIndex(of: UInt8(ascii: "]")) ?? text.endIndex
      return (index + 1..<close, min(close + 1, text.endIndex))
    default: return (index..<index + 1, index + 1)
    }
  }

  private static func character(_ name: ArraySlice<UInt8>) -> String.UTF8View {
    switch String(decoding: name, as: UTF8.self) {
    case "aq", "oq", "cq": "'".utf8
    case "dq", "lq", "rq": "\"".utf8
    case "em": "--".utf8
    case "en", "mi", "hy": "-".utf8
    case "bu": "*".utf8
    case "ha": "^".utf8
    case "ti": "~".utf8
    case "rs": "\\".utf8
    case "ga": "`".utf8
    case "pl": "+".utf8
    case "co": "(c)".utf8
    case "->": "->".utf8
    case ">=": ">=".utf8
    case "<=": "<=".utf8
    case "mc": "u".utf8
    default: "".utf8
    }
  }
}
