/// How often something is measured.
public struct RepeatPolicy: Sendable, Equatable {
  /// The most repeats.
  public var repeats: Int
  /// No repeat begins after this many seconds, but there is always one.
  public var seconds: Double

  public init(repeats: Int = 5, seconds: Double = 30) {
    self.repeats = repeats
    self.seconds = seconds
  }
}

/// Seconds of every repeat.
public struct Timing: Sendable, Equatable {
  public let seconds: [Double]

  public init(seconds: [Double]) {
    precondition(!seconds.isEmpty, "nothing was measured")
    self.seconds = seconds
  }

  public var repeats: Int { seconds.count }
  public var best: Double { seconds.reduce(.infinity, min) }

  /// The middle one; of an even number the mean of the two in the middle.
  public var median: Double {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Runs `body` once unmeasured, then as often as `policy` says; `begin` is called between.
  public static func measure(
    _ policy: RepeatPolicy, begin: () -> Void = {}, _ body: () throws -> Void
  ) rethrows -> Timing {
    try body()
    begin()
    return try measureWarm(policy, body)
  }

  /// As ``measure(_:begin:_:)`` without the unmeasured run.
  public static func measureWarm(
    _ policy: RepeatPolicy, _ body: () throws -> Void
  ) rethrows -> Timing {
    let begin = ContinuousClock.now
    var seconds: [Double] = []
    repeat {
      let start = ContinuousClock.now
      try body()
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    } while seconds.count < policy.repeats
      && (ContinuousClock.now - begin) / .seconds(1) < policy.seconds
    return Timing(seconds: seconds)
  }
}
