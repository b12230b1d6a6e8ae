/// A number that is none, or outside the range of its option; the parser says which option.
struct NumberOutOfRange: Error, CustomStringConvertible {
  let description: String
}

/// A whole number of an option, checked where it comes in.
func whole<Value: FixedWidthInteger & Sendable>(
  _ range: ClosedRange<Value>
) -> @Sendable (String) throws -> Value {
  { text in
    guard let value = Value(text), range.contains(value) else {
      throw NumberOutOfRange(
        description: "expected a whole number, \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}

/// The seed of an option: every number of 64 bits.
func seedNumber() -> @Sendable (String) throws -> UInt64 { whole(0...UInt64.max) }

/// Several of them with commas between.
@Sendable func seedList(_ text: String) throws -> [UInt64] {
  // A recipe is JSON, whose readers take whole numbers of 63 bits.
  let seed: @Sendable (String) throws -> UInt64 = whole(0...UInt64(Int.max))
  let seeds = try text.split(separator: ",", omittingEmptySubsequences: false).map {
    try seed(String($0))
  }
  if let twice = seeds.first(where: { one in seeds.count { $0 == one } > 1 }) {
    throw NumberOutOfRange(description: "expected every seed once, found \(twice) twice")
  }
  return seeds
}

/// The id of a token.
func tokenID() -> @Sendable (String) throws -> Int32 { whole(0...Int32.max) }

/// A number of an option that need not be whole.
func real(_ range: ClosedRange<Double>) -> @Sendable (String) throws -> Double {
  number("\(range.lowerBound) to \(range.upperBound)") { range.contains($0) }
}

/// The same above 0, up to and with `most`.
func realAboveZero(upTo most: Double) -> @Sendable (String) throws -> Double {
  number("above 0, up to \(most)") { $0 > 0 && $0 <= most }
}

/// A share that is neither nothing nor all.
func properShare() -> @Sendable (String) throws -> Double {
  number("above 0 and below 1") { $0 > 0 && $0 < 1 }
}

/// A decay of a moment; the optimiser counts in `Float`, where 0.99999999 is 1.
func decay() -> @Sendable (String) throws -> Double {
  number("0 or more and below 1 (in single precision)") { $0 >= 0 && Float($0) < 1 }
}

/// As a `Float`, which must be in the range as well: rounding may lead out of it.
func single(
  _ take: @escaping @Sendable (String) throws -> Double
) -> @Sendable (String) throws -> Float {
  { text in
    let value = Float(try take(text))
    do {
      _ = try take("\(value)")
    } catch let error as NumberOutOfRange {
      throw NumberOutOfRange(description: "\(error) (in single precision)")
    }
    return value
  }
}

private func number(
  _ expected: String, _ holds: @escaping @Sendable (Double) -> Bool
) -> @Sendable (String) throws -> Double {
  { text in
    guard let value = Double(text), holds(value) else {
      throw NumberOutOfRange(description: "expected a number, \(expected)")
    }
    return value
  }
}

/// Ranges that several options have.
enum Most {
  /// Tokens, chunks or sequences of anything that is planned in memory.
  static let planned = 1 << 24
  /// Chunks of a corpus, steps of a run.
  static let counted = 1 << 40
}
