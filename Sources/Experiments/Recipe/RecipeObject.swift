import Store

/// An object of a recipe, read strictly: every key is asked for, every value has its kind and range,
/// and a key that nobody has asked for is refused, so that a misspelt one cannot be ignored.
struct RecipeObject {
  /// The recipe's file, for messages.
  let path: String
  /// Where the object stands, for example "students.models[0]"; empty for the whole.
  let place: String
  private let members: [String: JSONValue]

  /// - Parameter keys: all that there may be.
  init(
    _ value: JSONValue, path: String, place: String, keys: [String]
  ) throws(ExperimentError) {
    guard case .object(let members) = value else {
      throw .recipe(path: path, key: place, found: value.shown, expected: "an object in braces")
    }
    self.path = path
    self.place = place
    self.members = members
    if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
      throw .recipe(
        path: path, key: key(unknown), found: "a key that is not known",
        expected: "some of \(keys.joined(separator: ", "))")
    }
  }

  /// The name of a key with its place.
  func key(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  func has(_ name: String) -> Bool { members[name] != nil }

  func fault(_ name: String, found: String, expected: String) -> ExperimentError {
    .recipe(path: path, key: key(name), found: found, expected: expected)
  }

  /// The value of a key.
  func value(_ name: String, expected: String) throws(ExperimentError) -> JSONValue {
    guard let value = members[name] else {
      throw fault(name, found: "missing", expected: expected)
    }
    return value
  }

  /// The one of these keys that is there.
  func choice(_ names: [String]) throws(ExperimentError) -> String {
    let found = names.filter(has)
    guard found.count == 1 else {
      throw .recipe(
        path: path, key: place, found: found.isEmpty ? "none" : found.joined(separator: " and "),
        expected: "one of \(names.joined(separator: ", "))")
    }
    return found[0]
  }

  func object(_ name: String, keys: [String]) throws(ExperimentError) -> RecipeObject {
    try RecipeObject(
      value(name, expected: "an object in braces"), path: path, place: key(name), keys: keys)
  }

  /// A list of at least one element, each read by `read` with its own place.
  func list<Element>(
    _ name: String, of kind: String,
    _ read: (JSONValue, _ place: String) throws(ExperimentError) -> Element
  ) throws(ExperimentError) -> [Element] {
    let expected = "a list of \(kind)"
    let value = try value(name, expected: expected)
    guard case .list(let items) = value, !items.isEmpty else {
      throw fault(name, found: value.shown, expected: "\(expected), one at least")
    }
    var result: [Element] = []
    for (number, item) in items.enumerated() {
      result.append(try read(item, "\(key(name))[\(number)]"))
    }
    return result
  }

  // MARK: - Plain values

  func text(_ name: String) throws(ExperimentError) -> String {
    try Self.text(value(name, expected: "text in quotes"), path, key(name))
  }

  /// Text that names folders.
  func name(_ name: String) throws(ExperimentError) -> String {
    let text = try text(name)
    guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }),
      text != ".", text != ".."
    else {
      throw fault(
        name, found: "\"\(text)\"", expected: "letters, digits, -, . and _ (it names folders)")
    }
    return text
  }

  func texts(_ name: String) throws(ExperimentError) -> [String] {
    try list(name, of: "texts") { (value, place) throws(ExperimentError) in
      try Self.text(value, path, place)
    }
  }

  func whole(
    _ name: String, _ range: ClosedRange<Int>, default other: Int? = nil
  ) throws(ExperimentError) -> Int {
    if let other, !has(name) { return other }
    return try Self.whole(
      value(name, expected: Self.words(range)), range, path, key(name))
  }

  func wholes(
    _ name: String, _ range: ClosedRange<Int>
  ) throws(ExperimentError) -> [Int] {
    try list(name, of: "whole numbers") { (value, place) throws(ExperimentError) in
      try Self.whole(value, range, path, place)
    }
  }

  func seed(_ name: String, default other: UInt64? = nil) throws(ExperimentError) -> UInt64 {
    if let other, !has(name) { return other }
    return UInt64(try whole(name, 0...Int.max))
  }

  /// A number for which `holds` is true.
  func number(
    _ name: String, _ expected: String, default other: Double? = nil,
    _ holds: (Double) -> Bool
  ) throws(ExperimentError) -> Double {
    if let other, !has(name) { return other }
    return try Self.number(value(name, expected: expected), expected, path, key(name), holds)
  }

  func numbers(
    _ name: String, _ expected: String, _ holds: (Double) -> Bool
  ) throws(ExperimentError) -> [Double] {
    try list(name, of: "numbers") { (value, place) throws(ExperimentError) in
      try Self.number(value, expected, path, place, holds)
    }
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    "a whole number, \(range.lowerBound) to \(range.upperBound)"
  }

  private static func text(
    _ value: JSONValue, _ path: String, _ key: String
  ) throws(ExperimentError) -> String {
    guard case .text(let text) = value, !text.isEmpty else {
      throw .recipe(
        path: path, key: key, found: value.shown, expected: "text in quotes, one character at least"
      )
    }
    return text
  }

  private static func whole(
    _ value: JSONValue, _ range: ClosedRange<Int>, _ path: String, _ key: String
  ) throws(ExperimentError) -> Int {
    guard case .integer(let number) = value, range.contains(number) else {
      throw .recipe(path: path, key: key, found: value.shown, expected: words(range))
    }
    return number
  }

  private static func number(
    _ value: JSONValue, _ expected: String, _ path: String, _ key: String,
    _ holds: (Double) -> Bool
  ) throws(ExperimentError) -> Double {
    let number: Double? =
      switch value {
      case .integer(let whole): Double(whole)
      case .number(let number): number
      default: nil
      }
    guard let number, number.isFinite, holds(number) else {
      throw .recipe(path: path, key: key, found: value.shown, expected: expected)
    }
    return number
  }
}
