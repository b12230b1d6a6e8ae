public import Numerics

/// How far a person who read chunks without their scores agrees with a selection.
public struct ReadingAgreement: Codable, Sendable, Equatable {
  /// Chunks of which the person said whether to keep them.
  public var judged: Int
  /// Those on which the selection does the same.
  public var agreed: Int
  /// Of the share of the chunks on which they agree, 95 %.
  public var interval: Interval?

  public init(judged: Int, agreed: Int, interval: Interval?) {
    self.judged = judged
    self.agreed = agreed
    self.interval = interval
  }

  /// "41 of 52 chunks that were read blind (78.8 %, 95 % interval 66.0 to 87.8 %)".
  public var words: String {
    let share = Double(agreed) / Double(max(1, judged))
    let range = interval.map {
      ", 95 % interval \(Number.fixed($0.low * 100, 1)) to \(Number.fixed($0.high * 100, 1)) %"
    }
    return "\(agreed) of \(judged) chunks that were read blind "
      + "(\(Number.fixed(share * 100, 1)) %\(range ?? ""))"
  }
}
