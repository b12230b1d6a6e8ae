/// Seconds of a span such as 90s, 20m, 8h30m or 1d; a plain number is seconds.
@Sendable func timeSpan(_ text: String) throws -> Double {
  let units: [(Character, Double)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
  func refuse() -> NumberOutOfRange {
    NumberOutOfRange(description: "expected a time such as 90s, 20m or 8h30m, up to 365d")
  }
  var (seconds, digits, last) = (0.0, "", Double.infinity)
  for character in text {
    guard let unit = units.first(where: { $0.0 == character })?.1 else {
      guard character.isASCII, character.isNumber || character == "." else { throw refuse() }
      digits.append(character)
      continue
    }
    // Larger units come first, each once.
    guard unit < last, let count = Double(digits) else { throw refuse() }
    seconds += count * unit
    (digits, last) = ("", unit)
  }
  if !digits.isEmpty {
    guard last == .infinity, let count = Double(digits) else { throw refuse() }
    seconds = count
  }
  guard seconds > 0, seconds <= 365 * 86_400 else { throw refuse() }
  return seconds
}
