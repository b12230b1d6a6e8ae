/// Records of a text of separated values (RFC 4180): fields in quotes may hold separators, line ends
/// and doubled quotes; lines end with LF, CR LF or CR.
struct SeparatedValues {
  /// A record, and the line where it begins, from 1.
  struct Record: Equatable {
    var line: Int
    var fields: [[UInt8]]
  }

  /// Where and why the text is none.
  struct Failure: Error, Equatable {
    var line: Int
    var found: String
    var expected: String
  }

  private let bytes: [UInt8]
  private let separator: UInt8
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
    self.bytes = bytes
    self.separator = separator
  }

  /// The next record; nil at the end. Empty lines are passed over.
  mutating func next() throws(Failure) -> Record? {
    while position < bytes.count, isLineEnd(bytes[position]) { endLine() }
    if position >= bytes.count { return nil }
    var record = Record(line: line, fields: [])
    while true {
      record.fields.append(try field(of: record.line))
      if position < bytes.count, bytes[position] == separator {
        position += 1
        continue
      }
      if position < bytes.count { endLine() }
      return record
    }
  }

  private mutating func field(of start: Int) throws(Failure) -> [UInt8] {
    guard position < bytes.count, bytes[position] == Self.quote else {
      let stop =
        bytes[position...].firstIndex { $0 == separator || isLineEnd($0) } ?? bytes.count
      defer { position = stop }
      return Array(bytes[position..<stop])
    }
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        if position < bytes.count, bytes[position] == Self.quote {
          position += 1
        } else {
          try checkBehindQuote()
          return content
        }
      } else if byte == 0x0A {
        line += 1
      }
      content.append(byte)
    }
    throw Failure(line: start, found: "a quoted field without an end", expected: "a closing quote")
  }

  private func checkBehindQuote() throws(Failure) {
    if position >= bytes.count || bytes[position] == separator || isLineEnd(bytes[position]) {
      return
    }
    throw Failure(
      line: line, found: "\"\(Character(Unicode.Scalar(bytes[position])))\" behind a closing quote",
      expected: "a separator, or quotes inside of quotes doubled")
  }

  private mutating func endLine() {
    if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A {
      position += 1
    }
    position += 1
    line += 1
  }

  private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private static let quote = UInt8(ascii: "\"")
}
