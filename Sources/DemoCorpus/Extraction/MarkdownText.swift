/// Markdown without link targets, heading marks and emphasis.
enum MarkdownText {
  static func plain(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(content.count)
    forEachLine(of: content) { line in
      let heading = line.first == UInt8(ascii: "#")
      appendInline(heading ? line.drop { $0 == UInt8(ascii: "#") }.trimmed : line, to: &output)
      output.append(UInt8(ascii: "\n"))
    }
    return dropTargets(output)
  }

  /// Drops `**`, and underscores at the border of a word; inside a word they belong to it.
  private static func appendInline(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
    for index in line.indices {
      let byte = line[index]
      if byte == UInt8(ascii: "*") { continue }
      if byte == UInt8(ascii: "_") {
        let before = index > line.startIndex && isLetter(line[index - 1])
        let after = index + 1 < line.endIndex && isLetter(line[index + 1])
        if !(before && after) { continue }
      }
      output.append(byte)
    }
  }

  /// `[text](target)` becomes `text`; a target may stand on the next line.
  private static func dropTargets(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "]"), index + 1 < text.count,
        text[index + 1] == UInt8(ascii: "("),
        let open = output.lastIndex(of: UInt8(ascii: "[")), output.count - open < 400,
        let close = text[index...].prefix(400).firstIndex(of: UInt8(ascii: ")"))
      {
        output.remove(at: open)
        index = close + 1
      } else {
        output.append(text[index])
        index += 1
      }
    }
    return output
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
      || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
