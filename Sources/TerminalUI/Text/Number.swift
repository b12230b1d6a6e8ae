import Foundation

/// Numbers as screens write them: fixed digits, no locale.
public enum Number {
  /// 1,234,567.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }

  /// With a fixed number of decimals; "NaN", "inf" and "-inf" for what is no number.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = String(format: "%.\(max(0, decimals))f", value)
    // No "-0.00": a sign without a value misleads.
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// As `fixed`, with a plus sign on what is not negative.
  public static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("-") || value.isNaN ? text : "+\(text)"
  }

  /// Three digits and a decimal unit: 950, 12.4k, 3.05M, 1.20G.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, 0) }
    var scaled = value
    var unit = 0
    while abs(scaled) >= 999.5 && unit < 5 {
      scaled /= 1000
      unit += 1
    }
    if unit == 0 && scaled.rounded() == scaled { return fixed(scaled, 0) }
    let decimals = abs(scaled) >= 99.95 ? 0 : abs(scaled) >= 9.995 ? 1 : 2
    return fixed(scaled, decimals) + ["", "k", "M", "G", "T", "P"][unit]
  }

  /// 7 -> "7s", 395 -> "6m35s", 7,500 -> "2h05m", longer "3d04h"; "--" for what is unknown.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "--" }
    let total = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    switch total {
    case ..<60: return "\(total)s"
    case ..<3600: return "\(total / 60)m\(two(total % 60))s"
    case ..<86_400: return "\(total / 3600)h\(two(total / 60 % 60))m"
    default: return "\(total / 86_400)d\(two(total / 3600 % 24))h"
    }
  }
}
