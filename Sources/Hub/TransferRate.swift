/// How fast bytes come, over the last seconds.
struct TransferRate {
  private var samples: [(time: ContinuousClock.Instant, bytes: Int)] = []
  private static let window = Duration.seconds(6)

  /// Bytes that have come in all, now.
  mutating func add(_ bytes: Int, at now: ContinuousClock.Instant = .now) {
    // What was thrown away did not come slower than nothing.
    if let last = samples.last, bytes < last.bytes { samples = [] }
    if let last = samples.last, now - last.time < .milliseconds(100), samples.count > 1 {
      samples[samples.count - 1].bytes = bytes
      return
    }
    samples.append((now, bytes))
    while samples.count > 2, now - samples[1].time > Self.window { samples.removeFirst() }
  }

  /// Bytes a second; nil while that cannot be known.
  func perSecond(at now: ContinuousClock.Instant = .now) -> Double? {
    guard let first = samples.first, let last = samples.last else { return nil }
    let seconds = (now - first.time) / .seconds(1)
    return seconds >= 0.5 ? Double(last.bytes - first.bytes) / seconds : nil
  }
}
