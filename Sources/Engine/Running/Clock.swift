import Foundation

/// Time for speeds and log lines.
enum Clock {
  /// Seconds of a clock that never goes back.
  static func seconds() -> Double {
    let time = ContinuousClock.now - start
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  /// Local time of day, "12:41:07".
  static func timeOfDay() -> String {
    let parts = Calendar.current.dateComponents([.hour, .minute, .second], from: Date())
    func two(_ value: Int?) -> String {
      let value = value ?? 0
      return value < 10 ? "0\(value)" : "\(value)"
    }
    return "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
  }

  private static let start = ContinuousClock.now
}
