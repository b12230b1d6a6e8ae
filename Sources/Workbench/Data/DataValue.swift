import Store

/// A piece of what a screen shows, as data: numbers are numbers, names are those of the files.
public indirect enum DataValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int)
  /// JSON knows no other numbers than finite ones: the rest is written as null.
  case number(Double)
  case text(String)
  case list([DataValue])
  case record(DataRecord)
}

/// Named values in the order in which a person wants to read them.
public struct DataRecord: Sendable, Equatable {
  public struct Field: Sendable, Equatable {
    public var name: String
    public var value: DataValue
  }

  public var fields: [Field]

  public init(_ fields: [Field] = []) { self.fields = fields }

  /// The value of a name, or of names with dots between them; nil where there is none.
  public subscript(path: String) -> DataValue? {
    if let field = fields.first(where: { $0.name == path }) { return field.value }
    guard let dot = path.firstIndex(of: "."),
      case .record(let inner)? = self[String(path[..<dot])]
    else { return nil }
    return inner[String(path[path.index(after: dot)...])]
  }

  /// The same with the fields of another one behind it.
  public static func + (left: DataRecord, right: DataRecord) -> DataRecord {
    DataRecord(left.fields + right.fields)
  }
}

/// What can stand in a record.
public protocol DataConvertible {
  var data: DataValue { get }
}

extension DataValue: DataConvertible { public var data: DataValue { self } }
extension DataRecord: DataConvertible { public var data: DataValue { .record(self) } }
extension Bool: DataConvertible { public var data: DataValue { .flag(self) } }
extension Int: DataConvertible { public var data: DataValue { .integer(self) } }
extension Double: DataConvertible { public var data: DataValue { .number(self) } }
extension Float: DataConvertible {
  public var data: DataValue { .number(Double("\(self)") ?? Double(self)) }
}
extension String: DataConvertible { public var data: DataValue { .text(self) } }
extension Array: DataConvertible where Element: DataConvertible {
  public var data: DataValue { .list(map(\.data)) }
}

/// `["name": source.name, "floor": source.floor]`: what is nil is null.
extension DataRecord: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, (any DataConvertible)?)...) {
    fields = elements.map { Field(name: $0, value: $1?.data ?? .null) }
  }
}

extension DataValue {
  /// As JSON on one line.
  public var json: String {
    switch self {
    case .null: "null"
    case .flag(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .text(let value): JSONFile.quoted(value)
    case .list(let values): "[\(values.map(\.json).joined(separator: ","))]"
    case .record(let record):
      "{\(record.fields.map { "\(JSONFile.quoted($0.name)):\($0.value.json)" }.joined(separator: ","))}"
    }
  }

  /// As JSON for files: records of plain values on a line of their own, the rest indented.
  public func prettyJSON(indentation: String = "") -> String {
    let inner = indentation + "  "
    func block(_ open: String, _ parts: [String], _ close: String) -> String {
      "\(open)\n\(parts.map { inner + $0 }.joined(separator: ",\n"))\n\(indentation)\(close)"
    }
    switch self {
    case .list(let values) where values.contains { !$0.isPlain }:
      return block("[", values.map { $0.prettyJSON(indentation: inner) }, "]")
    case .record(let record)
    where record.fields.contains { !$0.value.isPlain } || indentation.isEmpty:
      return block(
        "{",
        record.fields.map {
          "\(JSONFile.quoted($0.name)): \($0.value.prettyJSON(indentation: inner))"
        }, "}")
    default: return json
    }
  }

  private var isPlain: Bool {
    switch self {
    case .list(let values): values.isEmpty
    case .record(let record): record.fields.isEmpty
    default: true
    }
  }
}
