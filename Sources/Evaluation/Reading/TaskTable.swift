import Store

/// A table whose first record names its columns, with commas or tabs: the form in which StoryCloze is
/// given out.
enum TaskTable {
  static func rows(
    _ bytes: [UInt8], _ path: String, _ most: Int
  ) throws(EvaluationError) -> [TaskRow] {
    let head = bytes.prefix { $0 != 0x0A }
    let separator = head.contains(0x09) ? UInt8(0x09) : UInt8(ascii: ",")
    var table = SeparatedValues(bytes, separator: separator)
    do throws(SeparatedValues.Failure) {
      guard let header = try table.next() else { return [] }
      let names = try header.fields.map { bytes throws(SeparatedValues.Failure) in
        try text(bytes, line: header.line)
      }
      guard names.count > 1 else {
        throw SeparatedValues.Failure(
          line: header.line, found: "\"\(names.first?.prefix(60) ?? "")\"",
          expected: "a JSON object a line, or a table with the names of its columns")
      }
      var rows: [TaskRow] = []
      while rows.count < most, let record = try table.next() {
        if record.fields.count != names.count {
          throw SeparatedValues.Failure(
            line: record.line, found: "\(record.fields.count) columns",
            expected: "\(names.count), as the first line has")
        }
        var fields: [String: JSONValue] = [:]
        for (name, bytes) in zip(names, record.fields) {
          fields[name] = .text(try text(bytes, line: record.line))
        }
        rows.append(TaskRow(path: path, line: record.line, index: rows.count, fields: fields))
      }
      return rows
    } catch {
      throw .malformed(path: path, line: error.line, found: error.found, expected: error.expected)
    }
  }

  private static func text(_ bytes: [UInt8], line: Int) throws(SeparatedValues.Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SeparatedValues.Failure(
        line: line, found: "bytes that are no UTF-8", expected: "text in UTF-8")
    }
    return text
  }
}
