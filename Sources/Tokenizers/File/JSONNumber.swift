/// Reads numbers the way the JSON reader of Hugging Face's `tokenizers` does (serde_json).
///
/// It takes the digits as one whole number and divides or multiplies by a power of ten, which misses
/// the nearest double by a bit now and then. Scores of a Unigram model must have just these bits:
/// between ways to cut a text that are equally good, the last bit of their sums decides.
enum JSONNumber {
  /// The number that `text` writes; nil when it is none.
  static func value(of text: ArraySlice<UInt8>) -> Double? {
    text.withUnsafeBufferPointer { small($0) ?? value(of: $0[...]) }
  }

  /// A whole number of few digits, which token ids are.
  private static func small(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    guard !text.isEmpty, text.count <= 15 else { return nil }
    var magnitude = 0
    for byte in text {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      magnitude = magnitude * 10 + Int(byte - 0x30)
    }
    return Double(magnitude)
  }

  private static func value(of text: Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    var digits = Digits(rest: text)
    let isNegative = digits.skip(UInt8(ascii: "-"))
    guard digits.readWhole() else { return nil }
    if digits.skip(UInt8(ascii: ".")), !digits.readFraction() { return nil }
    if digits.skip(UInt8(ascii: "e")) || digits.skip(UInt8(ascii: "E")), !digits.readExponent() {
      return nil
    }
    guard digits.rest.isEmpty, let magnitude = scaled(digits.significand, digits.exponent) else {
      return nil
    }
    return isNegative ? -magnitude : magnitude
  }

  /// The power of ten nearest to the true one, for an exponent up to 308.
  private static func power(_ exponent: Int) -> Double? { Double("1e\(exponent)") }

  private static func scaled(_ significand: UInt64, _ exponent: Int) -> Double? {
    var result = Double(significand)
    var exponent = exponent
    while exponent < -308 {
      if result == 0 { return 0 }
      result /= 1e308
      exponent += 308
    }
    if exponent == 0 || result == 0 { return result }
    guard exponent <= 308, let power = power(abs(exponent)) else { return nil }
    let value = exponent < 0 ? result / power : result * power
    return value.isFinite ? value : nil
  }

  private struct Digits {
    var rest: Slice<UnsafeBufferPointer<UInt8>>
    var significand: UInt64 = 0
    var exponent = 0

    mutating func skip(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func nextDigit() -> UInt64? {
      guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
      rest.removeFirst()
      return UInt64(byte - 0x30)
    }

    /// Adds a digit; false when there is no room for it.
    private mutating func add(_ digit: UInt64) -> Bool {
      let (tens, isTooLarge) = significand.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = tens.addingReportingOverflow(digit)
      if isTooLarge || isOver { return false }
      significand = sum
      return true
    }

    mutating func readWhole() -> Bool {
      var count = 0
      var isFull = false
      while let digit = nextDigit() {
        count += 1
        isFull = isFull || !add(digit)
        if isFull { exponent += 1 }
      }
      return count > 0
    }

    mutating func readFraction() -> Bool {
      var count = 0
      var isFull = false
      while let digit = nextDigit() {
        count += 1
        isFull = isFull || !add(digit)
        if !isFull { exponent -= 1 }
      }
      return count > 0
    }

    mutating func readExponent() -> Bool {
      let isNegative = skip(UInt8(ascii: "-"))
      if !isNegative { _ = skip(UInt8(ascii: "+")) }
      var count = 0
      var value = 0
      while let digit = nextDigit() {
        count += 1
        value = min(value * 10 + Int(digit), 1 << 30)
      }
      exponent += isNegative ? -value : value
      return count > 0
    }
  }
}
