/// Any JSON value: files such as config.json carry keys that we do not know and must tolerate.
public enum JSONValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// As an error shows it.
  public var shown: String {
    switch self {
    case .null: "null"
    case .flag(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): "\"\(value.prefix(60))\""
    case .list(let value): "a list of \(value.count)"
    case .object: "an object"
    }
  }
}

// Reading.
extension JSONValue {
  /// A value of a document. A number without a fraction is an integer, however it is spelt.
  public init(_ value: JSONDocument.Value, of document: JSONDocument) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .flag(flag)
    case .string(let range): self = .text(document.string(range))
    case .number(let range):
      let digits = document.string(range)
      if let integer = Int(digits) {
        self = .integer(integer)
      } else {
        let number = Double(digits) ?? .infinity
        self = Int(exactly: number).map { .integer($0) } ?? .number(number)
      }
    case .array(let list):
      self = .list(document.elements(of: list).map { JSONValue($0, of: document) })
    case .object(let list):
      var members: [String: JSONValue] = [:]
      for member in document.members(of: list) {
        members[document.string(member.name)] = JSONValue(member.value, of: document)
      }
      self = .object(members)
    }
  }
}

// Writing.
extension JSONValue {
  /// Indented JSON with sorted keys. Numbers keep their kind: transformers refuses the integer 1
  /// where a key is a float, and a general encoder writes 1.0 as 1.
  public func json(indentation: String = "") -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .flag(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .text(let value): return JSONFile.quoted(value)
    case .list(let values):
      return "[" + values.map { $0.json(indentation: inner) }.joined(separator: ", ") + "]"
    case .object(let values):
      if values.isEmpty { return "{}" }
      let lines = values.sorted { $0.key < $1.key }.map { key, value in
        inner + JSONFile.quoted(key) + ": " + value.json(indentation: inner)
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }
}

// As a part of Codable values, such as settings that hold a configuration.
extension JSONValue: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
