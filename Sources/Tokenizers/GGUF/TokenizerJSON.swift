import Store

/// Writes the parts of a tokenizer.json that are large: a vocabulary has hundreds of thousands of
/// strings.
enum TokenizerJSON {
  static func quoted(_ text: String) -> String { JSONFile.quoted(text) }

  /// Appends `text` as a JSON string.
  static func append(quoted text: String, to json: inout [UInt8]) {
    json.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
          json.append(UInt8(ascii: "\\"))
          json.append(byte)
        case 0..<0x20:
          json += Array("\\u00".utf8)
          for digit in [byte >> 4, byte & 15] {
            json.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
          }
        default: json.append(byte)
        }
      }
    }
    json.append(UInt8(ascii: "\""))
  }

  /// Appends the items of a list or of an object, one a line.
  static func append<Items: Sequence>(
    lines items: Items, to json: inout [UInt8], _ write: (Items.Element, inout [UInt8]) -> Void
  ) {
    var isFirst = true
    for item in items {
      json += Array((isFirst ? "\n      " : ",\n      ").utf8)
      isFirst = false
      write(item, &json)
    }
    json += Array("\n    ".utf8)
  }
}
