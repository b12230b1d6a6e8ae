/// JSON as Python's `json` writes and reads it: with NaN, Infinity and -Infinity, which JSON has no
/// words for.
extension JSONValue {
  /// The value that `bytes` spell; a byte order mark in front is passed over. Of equal names the last
  /// one counts.
  public init(python bytes: [UInt8]) throws(JSONDocument.Failure) {
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    let words = PythonConstants.replaced(in: text)
    let document = try JSONDocument(parsing: words.text)
    let value = JSONValue(document.root, of: document)
    self = words.found ? PythonConstants.restored(value) : value
  }
}

/// The three words travel through the parser as strings that begin with a zero, which no text of a
/// configuration does.
private enum PythonConstants {
  private static let values: [String: Double] = [
    "NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity,
  ]
  private static let mark = "\u{0}"

  static func replaced(in text: [UInt8]) -> (text: [UInt8], found: Bool) {
    let words = values.keys.map { Array($0.utf8) }
    var result: [UInt8] = []
    var (index, isInString, found) = (0, false, false)
    while index < text.count {
      let byte = text[index]
      if isInString {
        let length = byte == UInt8(ascii: "\\") ? min(2, text.count - index) : 1
        isInString = byte != UInt8(ascii: "\"")
        result += text[index..<index + length]
        index += length
        continue
      }
      if byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") || byte == UInt8(ascii: "-"),
        let word = words.first(where: { text[index...].starts(with: $0) })
      {
        result += Array("\"\\u0000".utf8) + word + [UInt8(ascii: "\"")]
        index += word.count
        found = true
        continue
      }
      isInString = byte == UInt8(ascii: "\"")
      result.append(byte)
      index += 1
    }
    return (result, found)
  }

  static func restored(_ value: JSONValue) -> JSONValue {
    switch value {
    case .text(let text) where text.hasPrefix(mark):
      values[String(text.dropFirst())].map { .number($0) } ?? value
    case .list(let items): .list(items.map(restored))
    case .object(let members): .object(members.mapValues(restored))
    default: value
    }
  }
}
