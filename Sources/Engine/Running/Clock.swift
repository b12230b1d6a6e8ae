import Foundation
import Numerics

/// Time for speeds and log lines.
enum Clock {
  /// Seconds of a clock that never goes back.
  static func seconds() -> Double {
    let time = ContinuousClock.now - start
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  /// Local time of day, "12:41:07".
  static func timeOfDay() -> String { label(Date()) }

  /// The same of another time; with the day in place of the seconds if that is not today:
  /// "11-28 12:41".
  static func label(_ date: Date) -> String {
    let parts = Calendar.current.dateComponents(
      [.month, .day, .hour, .minute, .second], from: date)
    func two(_ value: Int?) -> String { Number.padded(value ?? 0, width: 2) }
    let minutes = "\(two(parts.hour)):\(two(parts.minute))"
    return Calendar.current.isDateInToday(date)
      ? "\(minutes):\(two(parts.second))" : "\(two(parts.month))-\(two(parts.day)) \(minutes)"
  }

  private static let start = ContinuousClock.now
}
