public import Store
import TOMLKit

/// A text of settings in TOML: which value stands under which name, and on which line.
public struct TOMLText: Sendable {
  public enum Value: Hashable, Sendable {
    case text(String)
    case whole(Int)
    case real(Double)
    case flag(Bool)
    case list([Value])
    /// A date or another kind that no setting takes.
    case other(String)
  }

  public struct Entry: Hashable, Sendable {
    /// Names of tables and the key, with dots between them.
    public let name: String
    public let value: Value
    /// Counted from 1; nil where it could not be told.
    public let line: Int?
  }

  /// In the order of the lines.
  public let entries: [Entry]

  /// Reads a text; throws where it is no TOML.
  public init(_ text: String) throws(TOMLFault) {
    let lines = TOMLLines(text)
    if let line = lines.namelessTable {
      throw TOMLFault(line: line, problem: "a table without a name")
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw TOMLFault(line: error.source.begin.line, problem: error.description)
    } catch {
      throw TOMLFault(line: 1, problem: "\(error)")
    }
    var found: [Entry] = []
    Self.collect(table, below: "", lines, into: &found)
    entries = found.sorted { ($0.line ?? .max, $0.name) < ($1.line ?? .max, $1.name) }
  }

  private static func collect(
    _ table: TOMLTable, below prefix: String, _ lines: TOMLLines, into entries: inout [Entry]
  ) {
    for key in table.keys {
      let name = prefix + key
      guard let value = table[key] else { continue }
      if let inner = value.table {
        collect(inner, below: name + ".", lines, into: &entries)
      } else {
        entries.append(Entry(name: name, value: Self.value(value), line: lines.line(of: name)))
      }
    }
  }

  private static func value(_ value: any TOMLValueConvertible) -> Value {
    if let text = value.string { return .text(text) }
    if let flag = value.bool { return .flag(flag) }
    if let whole = value.int { return .whole(whole) }
    if let real = value.double { return .real(real) }
    if let list = value.array { return .list(list.map(Self.value)) }
    return .other("\(value.type)")
  }
}

extension TOMLText.Value {
  /// As an error shows it.
  public var shown: String {
    switch self {
    case .text(let text): "\"\(text.prefix(60))\""
    case .whole(let number): "\(number)"
    case .real(let number): "\(number)"
    case .flag(let flag): "\(flag)"
    case .list(let values): "[" + values.prefix(8).map(\.shown).joined(separator: ", ") + "]"
    case .other(let kind): "a \(kind)"
    }
  }

  /// A text as TOML writes it.
  public static func quoted(_ text: String) -> String { JSONFile.quoted(text) }
}

/// Why a text is no TOML.
public struct TOMLFault: ActionableError, Hashable {
  public let line: Int
  public let problem: String

  public var message: String { "Line \(line) is no TOML: \(problem)." }
  public var hint: String { "Correct the line; until then what was read before stays in force." }
}
