/// Reads the generated tables: rows apart by white space, numbers of a row apart by colons.
enum HexadecimalTable {
  static func rows(of text: StaticString) -> [[UInt32]] {
    text.withUTF8Buffer { bytes in
      bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { row in
        row.split(separator: UInt8(ascii: ":")).map { digits in
          digits.reduce(0) { $0 << 4 | value(of: $1) }
        }
      }
    }
  }

  private static func value(of digit: UInt8) -> UInt32 {
    UInt32(digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10)
  }
}
