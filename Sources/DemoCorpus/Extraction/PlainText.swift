/// Text of a file as it is meant to be read, without the marks of its format.
package enum PlainText {
  /// The text of a file, by the format that its kind has.
  package static func extract(
    _ content: [UInt8], as extraction: TextOrigin.Extraction
  ) -> [UInt8] {
    switch extraction {
    case .plain, .code: content
    case .markdown: MarkdownText.plain(content)
    case .wordNet: WordNetText.plain(content)
    case .manualPage: ManualPageText.plain(content)
    }
  }

  /// Valid UTF-8 without carriage returns and other control characters; nil for other bytes.
  static func cleaned(_ bytes: [UInt8]) -> [UInt8]? {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    return bytes.filter { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 }
  }
}

/// Calls `body` with every line of `text`, without its newline.
func forEachLine(of text: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
  var start = text.startIndex
  while start < text.endIndex {
    let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
    body(text[start..<end])
    start = end + 1
  }
}

extension ArraySlice<UInt8> {
  /// Whether all bytes are spaces or tabs.
  var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 } }

  /// Without spaces and tabs at both ends.
  var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
      let last = lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
    else { return [] }
    return self[first...last]
  }
}
