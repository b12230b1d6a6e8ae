import Foundation

/// Numbers as people read them.
public enum Text {
  /// Fixed decimals; "-" for values that are not finite.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    return String(format: "%.\(decimals)f", value)
  }

  /// With a sign.
  public static func signed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    return String(format: "%+.\(decimals)f", value)
  }

  /// 0.314 -> "31 %".
  public static func percent(_ share: Double) -> String { fixed(share * 100, 0) + " %" }

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

  /// 12345678 -> "12.3 MB".
  public static func bytes(_ count: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(count)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) B" : fixed(value, 1) + " " + units[unit]
  }

  /// 3,260,000 -> "3.3M".
  public static func count(_ count: Int) -> String {
    switch count {
    case ..<10_000: grouped(count)
    case ..<1_000_000: fixed(Double(count) / 1e3, 0) + "k"
    case ..<1_000_000_000: fixed(Double(count) / 1e6, 1) + "M"
    default: fixed(Double(count) / 1e9, 1) + "B"
    }
  }

  /// 161 -> "2m41s".
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "-" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    switch whole {
    case ..<60: return "\(whole)s"
    case ..<3600: return "\(whole / 60)m\(two(whole % 60))s"
    default: return "\(whole / 3600)h\(two(whole % 3600 / 60))m"
    }
  }
}
