import Foundation

/// What a JSON file has and what was wanted of it, in the words of the file instead of the decoder's.
struct DecodingFault: Equatable {
  let found: String
  let expected: String

  /// - Parameter data: what was read.
  init(_ error: any Error, in data: Data) {
    guard let error = error as? DecodingError else {
      self.init(found: "\(error)", expected: "JSON")
      return
    }
    switch error {
    case .keyNotFound(let key, let context):
      self.init(
        found: "no \(Self.name(context.codingPath + [key]))", expected: "a value of that name")
    case .valueNotFound(_, let context):
      self.init(found: "null as \(Self.name(context.codingPath))", expected: "a value")
    case .typeMismatch(let type, let context):
      self.init(
        found: "a value of another kind as \(Self.name(context.codingPath))",
        expected: Self.kind(of: type))
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      self.init(
        found: "an unknown value as \(Self.name(context.codingPath))",
        expected: "one that this program writes")
    default: self.init(ofBroken: data)
    }
  }

  private init(found: String, expected: String) {
    (self.found, self.expected) = (found, expected)
  }

  /// Where text stops being JSON.
  private init(ofBroken data: Data) {
    guard !data.isEmpty else {
      self.init(found: "an empty file", expected: "a JSON value")
      return
    }
    do {
      _ = try JSONDocument(parsing: Array(data))
      self.init(found: "another value", expected: "a JSON object as this program writes it")
    } catch {
      self.init(found: "broken JSON at about byte \(error.offset)", expected: "a JSON value")
    }
  }

  /// `"student"."layers"` as "student.layers", with quotes around all.
  private static func name(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "the whole" }
    let words = path.map { key in key.intValue.map { "[\($0)]" } ?? key.stringValue }
    return "\"" + words.joined(separator: ".").replacing(".[", with: "[") + "\""
  }

  private static func kind(of type: any Any.Type) -> String {
    let name = "\(type)"
    if name.hasPrefix("Dictionary") { return "an object in braces" }
    if name.hasPrefix("Array") { return "a list in brackets" }
    switch name {
    case "String": return "text in quotes"
    case "Bool": return "true or false"
    case "Double", "Float": return "a number"
    case _ where name.hasPrefix("Int") || name.hasPrefix("UInt"): return "a whole number"
    default: return "another kind of value"
    }
  }
}
