import Engine
import Numerics

/// Progress as plain lines on standard error, at most one in `interval` seconds.
struct ProgressLines {
  let title: String
  let isQuiet: Bool
  private let started = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private static let interval = Duration.seconds(2)

  init(_ title: String, isQuiet: Bool) {
    self.title = title
    self.isQuiet = isQuiet
  }

  /// Says how far it is; the time to go follows from the fraction unless it is given.
  mutating func report(_ fraction: Double?, eta: Double? = nil, _ detail: String) {
    let now = ContinuousClock.now
    if let last, now - last < Self.interval { return }
    last = now
    guard !isQuiet else { return }
    let elapsed = Self.seconds(now - started)
    var left = eta
    if left == nil, let fraction, fraction > 0.01 { left = elapsed / fraction * (1 - fraction) }
    let share = fraction.map { Number.percent($0) + ", " } ?? ""
    let time = left.map { ", ETA \(Number.duration($0))" } ?? ""
    Output.progress("\(title): \(share)\(detail)\(time)")
  }

  /// Seconds since the start.
  var elapsed: Double { Self.seconds(ContinuousClock.now - started) }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
