import Foundation

/// Numbers as people read them: the same on every machine and in every locale.
///
/// What is unknown (nil) is "-"; a value that is no number says so, because a loss that became NaN
/// must not look like one that was not measured.
public enum Number {
  /// 1204331 -> "1,204,331".
  public static func grouped(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    var index = digits.count - 3
    while index > 0 {
      digits.insert(",", at: index)
      index -= 3
    }
    return (value < 0 ? "-" : "") + String(digits)
  }

  /// With a fixed number of decimals; "NaN", "inf" and "-inf" for what is no number.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value else { return unknown }
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    let text = String(format: "%.\(max(0, decimals))f", value)
    // No "-0.00": a sign without a value misleads.
    return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// As `fixed`, with a plus sign on what is not negative.
  public static func signed(_ value: Double?, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("-") || text == "NaN" ? text : "+\(text)"
  }

  /// With so many significant digits, as small as it may be: 0.002, 6e-05.
  public static func significant(_ value: Double?, _ digits: Int) -> String {
    guard let value else { return unknown }
    return value.isFinite ? String(format: "%.\(max(1, digits))g", value) : fixed(value, 0)
  }

  /// 0.314 -> "31 %".
  public static func percent(_ share: Double?, _ decimals: Int = 0) -> String {
    fixed(share.map { $0 * 100 }, decimals) + " %"
  }

  /// 12345678 -> "12.3 MB".
  public static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var value = Double(count)
    var unit = 0
    while abs(value) >= 999.95, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : fixed(value, 1) + " " + units[unit]
  }

  /// Things that are counted, in one word: 9,999, 17k, 3.3M, 1.8B.
  public static func count(_ count: Int) -> String {
    switch count {
    case ..<10_000: grouped(count)
    case ..<1_000_000: fixed(Double(count) / 1e3, 0) + "k"
    case ..<1_000_000_000: fixed(Double(count) / 1e6, 1) + "M"
    default: fixed(Double(count) / 1e9, 1) + "B"
    }
  }

  /// A quantity of any size with three digits and a decimal unit, as axes need it: 950, 12.4k,
  /// 3.05M, 1.20G.
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

  /// 7 -> "7s", 395 -> "6m35s", 7,500 -> "2h05m", longer "3d04h"; "-" for what is unknown.
  public static func duration(_ seconds: Double?) -> String {
    guard let seconds, seconds.isFinite, seconds >= 0, seconds < 1e9 else { return unknown }
    let total = Int(seconds.rounded())
    switch total {
    case ..<60: return "\(total)s"
    case ..<3600: return "\(total / 60)m\(padded(total % 60, width: 2))s"
    case ..<86_400: return "\(total / 3600)h\(padded(total / 60 % 60, width: 2))m"
    default: return "\(total / 86_400)d\(padded(total / 3600 % 24, width: 2))h"
    }
  }

  /// With leading zeros.
  public static func padded(_ number: Int, width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private static let unknown = "-"
}
