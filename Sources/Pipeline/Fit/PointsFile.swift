import Foundation
import LanguageModels
import ScalingLaws
import Store

/// A file of points: CSV with a header, or JSON objects, one a line or in a list.
struct PointsFile {
  let path: String

  /// The points in the order of the file; `step` and what is behind it is kept where a point says its
  /// step.
  ///
  /// - Throws: `StoreError`, `FitError.points`.
  func read(fromStep: Int) throws -> [LossPoint] {
    let bytes = [UInt8](try FileContents.read(path))
    let first = bytes.first { !Self.spaces.contains($0) }
    var rows: [Row]
    switch first {
    case UInt8(ascii: "["): rows = try list(bytes)
    case UInt8(ascii: "{"): rows = try objects(bytes)
    default: rows = try table(bytes)
    }
    rows.removeAll { row in row.numbers["step"].map { $0 < Double(fromStep) } ?? false }
    return try rows.map(point)
  }

  /// One point as the file has it, its names in our spelling.
  private struct Row {
    let line: Int
    var numbers: [String: Double] = [:]
    var run: String?
  }

  /// The names that a quantity may have; case does not count.
  private static let names: [(key: String, names: Set<String>)] = [
    ("compute", ["compute", "flops", "c"]), ("loss", ["loss", "l"]),
    ("parameters", ["parameters", "params", "n"]), ("tokens", ["tokens", "d"]),
    ("step", ["step"]), ("run", ["run"]),
  ]
  private static let spaces = Set(" \t\r\n\u{FEFF}".utf8)

  private static func key(_ name: String) -> String? {
    let name = name.trimmingCharacters(in: .whitespaces).lowercased()
    return names.first { $0.names.contains(name) }?.key
  }

  private func fault(_ line: Int, _ found: String, _ expected: String) -> FitError {
    .points(path: path, line: line, found: found, expected: expected)
  }

  private func point(_ row: Row) throws -> LossPoint {
    let numbers = row.numbers
    guard let loss = numbers["loss"] else { throw fault(row.line, "no loss", "one") }
    var compute = numbers["compute"]
    if compute == nil, let parameters = numbers["parameters"], let tokens = numbers["tokens"] {
      compute = ModelOperations.approximateTraining(parameters: parameters, tokens: tokens)
    }
    guard let compute else {
      throw fault(row.line, "no compute", "compute (or flops), or parameters and tokens")
    }
    for (name, value) in [("compute", compute), ("loss", loss)]
    where !(value > 0 && value.isFinite) {
      throw fault(row.line, "\(value) as \(name)", "a number above 0")
    }
    return LossPoint(
      compute: compute, loss: loss, parameters: numbers["parameters"], tokens: numbers["tokens"],
      run: row.run)
  }
}

// JSON.
extension PointsFile {
  private func list(_ bytes: [UInt8]) throws -> [Row] {
    let value = try value(bytes[...], line: 1)
    guard case .list(let values) = value else { throw fault(1, value.shown, "a list of objects") }
    return try values.enumerated().map { try row($1, line: $0 + 1) }
  }

  private func objects(_ bytes: [UInt8]) throws -> [Row] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return try lines.enumerated().compactMap { number, line in
      guard line.contains(where: { !Self.spaces.contains($0) }) else { return nil }
      return try row(value(line, line: number + 1), line: number + 1)
    }
  }

  private func value(_ bytes: ArraySlice<UInt8>, line: Int) throws -> JSONValue {
    do throws(JSONDocument.Failure) {
      let document = try JSONDocument(parsing: Array(bytes))
      return JSONValue(document.root, of: document)
    } catch {
      throw fault(line, "no JSON (\(error.reason))", "an object")
    }
  }

  private func row(_ value: JSONValue, line: Int) throws -> Row {
    guard case .object(let members) = value else { throw fault(line, value.shown, "an object") }
    var row = Row(line: line)
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      guard let key = Self.key(name) else { continue }
      switch value {
      case .null: continue
      case .integer(let number) where key != "run": row.numbers[key] = Double(number)
      case .number(let number) where key != "run": row.numbers[key] = number
      case .text(let text) where key == "run": row.run = text
      case .integer(let number): row.run = "\(number)"
      default: throw fault(line, "\(value.shown) as \(name)", key == "run" ? "text" : "a number")
      }
    }
    return row
  }
}

// CSV.
extension PointsFile {
  private func table(_ bytes: [UInt8]) throws -> [Row] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(1, "bytes that are no UTF-8", "text")
    }
    let lines = text.replacingOccurrences(of: "\u{FEFF}", with: "")
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let start = lines.firstIndex(where: { !Self.isEmpty($0) }) else {
      throw fault(1, "nothing", "a header and points")
    }
    let separator = [",", "\t", ";"].first { lines[start].contains($0) } ?? ","
    let keys = Self.cells(lines[start], separator).map(Self.key)
    guard keys.contains("loss") else {
      throw fault(
        start + 1, "\"\(lines[start].prefix(60))\"", "a header with loss and compute (or flops)")
    }
    var rows: [Row] = []
    for number in lines.indices.dropFirst(start + 1) where !Self.isEmpty(lines[number]) {
      let cells = Self.cells(lines[number], separator)
      guard cells.count == keys.count else {
        throw fault(number + 1, "\(cells.count) cells", "\(keys.count) as in the header")
      }
      var row = Row(line: number + 1)
      for (key, cell) in zip(keys, cells) {
        guard let key, !cell.isEmpty else { continue }
        if key == "run" {
          row.run = cell
        } else if let value = Double(cell) {
          row.numbers[key] = value
        } else {
          throw fault(number + 1, "\"\(cell.prefix(60))\" as \(key)", "a number")
        }
      }
      rows.append(row)
    }
    return rows
  }

  private static func isEmpty(_ line: Substring) -> Bool {
    line.allSatisfy(\.isWhitespace) || line.hasPrefix("#")
  }

  /// The cells of a line; one in quotes may hold the separator, and doubled quotes.
  private static func cells(_ line: Substring, _ separator: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, String(character) == separator {
        cells.append(cell.trimmingCharacters(in: .whitespaces))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    return cells + [cell.trimmingCharacters(in: .whitespaces)]
  }
}
