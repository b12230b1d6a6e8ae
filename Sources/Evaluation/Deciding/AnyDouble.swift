/// A number in JSON that may be none: NaN and the infinities, for which JSON has no words, are the
/// strings that Python's `float` reads.
struct AnyDouble: Codable, Equatable {
  var value: Double

  init(_ value: Double) { self.value = value }

  private static let names: [String: Double] = [
    "NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity,
  ]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
      return
    }
    let name = try container.decode(String.self)
    guard let number = Self.names[name] else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(name)\" is no number")
    }
    value = number
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encode(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }
  }
}
