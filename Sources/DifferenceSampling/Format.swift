/// Numbers as text, the same on every machine and in every locale.
enum Format {
  /// `value` with `digits` decimals.
  static func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 1e15 else { return "\(value)" }
    let magnitude = String(Int(abs(scaled)))
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return sign + magnitude }
    let padded = String(repeating: "0", count: max(0, digits + 1 - magnitude.count)) + magnitude
    return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
  }

  /// `value` with commas between thousands.
  static func grouped(_ value: Int) -> String {
    var digits = Array(String(abs(value)))
    var position = digits.count - 3
    while position > 0 {
      digits.insert(",", at: position)
      position -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// `bytes` in MiB, rounded up.
  static func mebibytes(_ bytes: Int) -> String { "\(grouped((bytes + (1 << 20) - 1) >> 20)) MiB" }

  /// `number` with leading zeros.
  static func padded(_ number: Int, width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }
}
