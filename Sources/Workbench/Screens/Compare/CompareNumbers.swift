import EngineInterface
import Foundation
import Numerics

/// The numbers of a row of the Compare screen in the measure that is chosen: values, difference and
/// interval always in one unit.
struct CompareNumbers {
  let a, b: String
  let difference: String
  /// Both ends, for example "-0.263..-0.066".
  let interval: String

  /// Loss, or perplexity, whose difference is a ratio; `isBits` is a row of bits per byte.
  init(_ row: ComparisonSnapshot.Row, _ options: CompareOptions, isBits: Bool = false) {
    let shown = row.shown
    guard !options.showsPerplexity || isBits else {
      (a, b) = (RunFigures.perplexity(row.a), RunFigures.perplexity(row.b))
      func percent(_ nats: Double) -> String { Number.signed((exp(nats) - 1) * 100, 1) }
      difference = percent(row.difference)
      interval = Self.ends(percent(shown.low), percent(shown.high))
      return
    }
    (a, b) = (Number.fixed(row.a, 3), Number.fixed(row.b, 3))
    // A share of A's value, difference and both ends alike.
    let scale = options.isRelative && row.a != 0 ? 100 / row.a : 1
    let decimals = options.isRelative ? 1 : 3
    func value(_ nats: Double) -> String { Number.signed(nats * scale, decimals) }
    difference = value(row.difference)
    interval = Self.ends(value(shown.low), value(shown.high))
  }

  private static func ends(_ low: String, _ high: String) -> String {
    low == high || low == "-" || high == "-" ? "" : "\(low)..\(high)"
  }

  /// What the values and the difference are, for the frame and the head of the table.
  static func units(_ options: CompareOptions) -> (values: String, difference: String) {
    if options.showsPerplexity { return ("perplexity", "B/A %") }
    return ("loss, nats per token", options.isRelative ? "B-A %" : "B - A")
  }
}
