/// How long work takes, by the pace of this process alone: what an earlier run has done counts as
/// done, not as done at once.
package struct Pace {
  private let started = ContinuousClock.now
  private var first: (fraction: Double, time: Duration)?
  /// Below this share of the whole, a guess would only jump about.
  private static let least = 0.01

  package init() {}

  /// Seconds since the work began.
  var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

  /// Seconds to go at a share of the whole, counted from the first share that was given; nil while
  /// that cannot be known.
  package mutating func secondsLeft(at fraction: Double) -> Double? {
    let now = ContinuousClock.now - started
    guard let first else {
      first = (fraction, now)
      return nil
    }
    let done = fraction - first.fraction
    guard done >= Self.least else { return nil }
    return (now - first.time) / .seconds(1) / done * max(0, 1 - fraction)
  }
}
