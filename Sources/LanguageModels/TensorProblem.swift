import Store

/// One tensor that differs from what the configuration asks for.
public enum TensorProblem: Sendable, Equatable, CustomStringConvertible {
  /// The configuration asks for it, the files lack it.
  case missing(name: String, expected: [Int])
  /// The files hold it beside the weights, and it changes what they mean.
  case changing(name: String, found: [Int])
  /// The files hold it twice, with other values.
  case twice(name: String, other: String)
  /// The shapes differ.
  case shape(name: String, found: [Int], expected: [Int])
  /// The element type cannot be read as weights.
  case elementType(name: String, found: String, expected: String)
  /// Some values are NaN or infinite.
  case notFinite(name: String)

  public var description: String {
    switch self {
    case .missing(let name, let expected): "\(name) missing, expected \(ShapeText(expected))"
    case .changing(let name, let found):
      "\(Self.short(name)) \(ShapeText(found)) changes the weights"
    case .twice(let name, let other):
      "\(Self.short(name)) and \(Self.short(other)) are one tensor with two values"
    case .shape(let name, let found, let expected):
      "\(name) found \(ShapeText(found)), expected \(ShapeText(expected))"
    case .elementType(let name, let found, let expected):
      "\(name) found \(found), expected \(expected)"
    case .notFinite(let name): "\(name) found NaN or infinity, expected finite values"
    }
  }

  var isNotFinite: Bool {
    if case .notFinite = self { return true }
    return false
  }

  /// A name of a file, which may be of any length.
  static func short(_ name: String) -> String {
    name.count <= 120 ? name : "\(name.prefix(117))..."
  }
}
