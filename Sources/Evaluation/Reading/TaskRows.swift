import Corpus
import Store

/// The rows of a task's file, whatever holds them: JSON lines, one JSON list, or a table, each plain
/// or compressed with gzip or zstd.
enum TaskRows {
  /// All rows of `path`, at most `limit`; never none.
  static func read(_ path: String, limit: Int?) throws(EvaluationError) -> [TaskRow] {
    var bytes = try content(of: path)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if let error = otherFormat(bytes, path) { throw error }
    let start = bytes.first { !isSpace($0) }
    let most = limit ?? .max
    let rows =
      switch start {
      case nil: [TaskRow]()
      case UInt8(ascii: "["): try list(bytes, path, most)
      case UInt8(ascii: "{"): try lines(bytes, path, most)
      default: try TaskTable.rows(bytes, path, most)
      }
    if rows.isEmpty { throw .empty(path: path) }
    return rows
  }

  private static func content(of path: String) throws(EvaluationError) -> [UInt8] {
    if Folder.isFolder(path) { throw folder(path) }
    do {
      return try readWholeFile(path, limit: 1 << 30)
    } catch {
      throw .corpus(error)
    }
  }

  /// Formats that people have these data sets in and that are not read here, by their first bytes.
  private static func otherFormat(_ bytes: [UInt8], _ path: String) -> EvaluationError? {
    let isParquet = bytes.starts(with: Array("PAR1".utf8))
    let isArrow =
      bytes.starts(with: Array("ARROW1".utf8)) || bytes.starts(with: [0xFF, 0xFF, 0xFF, 0xFF])
    guard isParquet || isArrow else { return nil }
    let loader =
      isParquet
      ? "Dataset.from_parquet('\(path)')" : "Dataset.from_file('\(path)')"
    return .otherFormat(
      path: path, found: isParquet ? "a Parquet file" : "an Arrow file",
      instead: "Write it as JSON lines: python3 -c \"from datasets import Dataset; "
        + "\(loader).to_json('rows.jsonl', force_ascii=False)\"")
  }

  /// Data sets that were saved by the hub's library are folders.
  private static func folder(_ path: String) -> EvaluationError {
    .otherFormat(
      path: path, found: "a folder",
      instead: "Name a file in it; what `datasets` saved there becomes JSON lines by: python3 -c "
        + "\"from datasets import load_from_disk; load_from_disk('\(path)')"
        + ".to_json('rows.jsonl', force_ascii=False)\"")
  }

  private static func lines(
    _ bytes: [UInt8], _ path: String, _ most: Int
  ) throws(EvaluationError) -> [TaskRow] {
    var rows: [TaskRow] = []
    var (start, line) = (0, 0)
    while start < bytes.count, rows.count < most {
      line += 1
      let stop = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      defer { start = stop + 1 }
      let part = bytes[start..<stop]
      if part.allSatisfy(isSpace) { continue }
      let document: JSONDocument
      do throws(JSONDocument.Failure) {
        document = try JSONDocument(parsing: Array(part))
      } catch {
        throw .malformed(
          path: path, line: line, found: "no JSON (\(error.reason), byte \(error.offset))",
          expected: "one JSON object a line")
      }
      rows.append(
        try row(JSONValue(document.root, of: document), path, line: line, index: rows.count))
    }
    return rows
  }

  private static func list(
    _ bytes: [UInt8], _ path: String, _ most: Int
  ) throws(EvaluationError) -> [TaskRow] {
    let document: JSONDocument
    do throws(JSONDocument.Failure) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      let line = 1 + bytes.prefix(error.offset).count { $0 == 0x0A }
      throw .malformed(
        path: path, line: line, found: "no JSON (\(error.reason))",
        expected: "one JSON object a line, or one list of them")
    }
    guard case .array(let items) = document.root else { return [] }
    var rows: [TaskRow] = []
    for item in document.elements(of: items).prefix(most) {
      rows.append(
        try row(JSONValue(item, of: document), path, line: rows.count + 1, index: rows.count))
    }
    return rows
  }

  private static func row(
    _ value: JSONValue, _ path: String, line: Int, index: Int
  ) throws(EvaluationError) -> TaskRow {
    guard case .object(let fields) = value else {
      throw .malformed(path: path, line: line, found: value.shown, expected: "a JSON object")
    }
    return TaskRow(path: path, line: line, index: index, fields: AllenAIRow.flattened(fields))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
