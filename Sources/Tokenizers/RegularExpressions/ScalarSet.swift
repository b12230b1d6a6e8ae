/// The characters that one place of a regular expression accepts.
struct ScalarSet: Sendable, Equatable {
  enum Element: Sendable, Equatable {
    case range(ClosedRange<UInt32>)
    /// A table of the library that ids must agree with, such as `\p{L}`.
    case scalarClass(ScalarClass, isNegated: Bool)
    /// A general category, such as `\p{Lu}`.
    case category(Unicode.GeneralCategory, isNegated: Bool)
  }

  private(set) var elements: [Element] = []
  private(set) var isNegated = false
  /// Answers for ASCII, one bit a character.
  private var asciiBits: (low: UInt64, high: UInt64) = (0, 0)

  init(_ elements: [Element], isNegated: Bool = false) {
    self.elements = elements
    self.isNegated = isNegated
    let classes = ScalarClassTable.shared.view
    for scalar in UInt32(0)..<128 where search(scalar, classes) {
      if scalar < 64 {
        asciiBits.low |= 1 << UInt64(scalar)
      } else {
        asciiBits.high |= 1 << UInt64(scalar - 64)
      }
    }
  }

  static func == (left: ScalarSet, right: ScalarSet) -> Bool {
    left.elements == right.elements && left.isNegated == right.isNegated
  }

  @inline(__always)
  func contains(_ scalar: UInt32, _ classes: ScalarClassTable.View) -> Bool {
    if scalar < 64 { return asciiBits.low >> UInt64(scalar) & 1 == 1 }
    if scalar < 128 { return asciiBits.high >> UInt64(scalar - 64) & 1 == 1 }
    return search(scalar, classes)
  }

  private func search(_ scalar: UInt32, _ classes: ScalarClassTable.View) -> Bool {
    for element in elements {
      switch element {
      case .range(let range):
        if range.contains(scalar) { return !isNegated }
      case .scalarClass(let wanted, let inverts):
        if classes[scalar].isDisjoint(with: wanted) == inverts { return !isNegated }
      case .category(let wanted, let inverts):
        let category = Unicode.Scalar(scalar)?.properties.generalCategory
        if (category == wanted) != inverts { return !isNegated }
      }
    }
    return isNegated
  }

  /// The set without regard to case, where that is plain; nil for sets that need case tables.
  func ignoringCase() -> ScalarSet? {
    var result: [Element] = []
    for element in elements {
      guard case .range(let range) = element, range.upperBound < 128 else { return nil }
      result.append(element)
      for scalar in range {
        guard let letter = Unicode.Scalar(scalar)?.properties, letter.isAlphabetic else { continue }
        let other = scalar ^ 0x20
        result.append(.range(other...other))
        // The two letters outside ASCII that count as ASCII letters: long s and the Kelvin sign.
        if scalar | 0x20 == 0x73 { result.append(.range(0x17F...0x17F)) }
        if scalar | 0x20 == 0x6B { result.append(.range(0x212A...0x212A)) }
      }
    }
    return ScalarSet(result, isNegated: isNegated)
  }
}
