import Glibc
import Store

/// YaRN: the frequencies that turn often within the original length are kept, those that turn less
/// than once are divided by `factor`, between them a ramp; cosines and sines are multiplied by an
/// attention factor.
struct YarnScaling: Sendable, Equatable {
  /// As stated, which may be null: then it is the ratio of the lengths.
  let statedFactor: Double?
  let factor: Double
  let originalLength: Double
  let statedAttentionFactor: Double?
  let mscale: Double?
  let mscaleOfAllDimensions: Double?
  /// Turns within the original length above which a frequency is kept, and below which it is divided.
  let fastTurns: Double?
  let slowTurns: Double?
  /// Whether the ends of the ramp are whole.
  let truncates: Bool

  init(_ fields: RotaryFields) throws(ModelError) {
    let parameters = fields.parameters
    if parameters.values["factor"] == nil {
      throw parameters.wrong("factor", "a number, or null for the ratio of the lengths")
    }
    func optional(
      _ key: String, _ range: ClosedRange<Double>
    ) throws(ModelError) -> Double? {
      parameters.has(key) ? try parameters.number(key, in: range) : nil
    }
    originalLength = try fields.originalLength()
    statedFactor = try fields.factorIfGiven()
    factor = statedFactor ?? Double(fields.maximumPositions) / originalLength
    statedAttentionFactor = try optional("attention_factor", -1e6...1e6)
    mscale = try optional("mscale", 0...1e6)
    mscaleOfAllDimensions = try optional("mscale_all_dim", 0...1e6)
    fastTurns = try optional("beta_fast", 0...1e6)
    slowTurns = try optional("beta_slow", 0...1e6)
    // Null counts as false there.
    truncates =
      parameters.values["truncate"] == .null
      ? false : try parameters.flag("truncate", default: true)
  }

  var json: [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "rope_type": .text("yarn"), "factor": statedFactor.map { .number($0) } ?? .null,
      "original_max_position_embeddings": .length(originalLength),
    ]
    keys["attention_factor"] = statedAttentionFactor.map { .number($0) }
    keys["mscale"] = mscale.map { .number($0) }
    keys["mscale_all_dim"] = mscaleOfAllDimensions.map { .number($0) }
    keys["beta_fast"] = fastTurns.map { .number($0) }
    keys["beta_slow"] = slowTurns.map { .number($0) }
    if !truncates { keys["truncate"] = .flag(false) }
    return keys
  }

  var attentionFactor: Double {
    func scale(_ weight: Double) -> Double {
      factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1
    }
    if let statedAttentionFactor { return statedAttentionFactor }
    guard let mscale, let all = mscaleOfAllDimensions, mscale != 0, all != 0 else {
      return scale(1)
    }
    return scale(mscale) / scale(all)
  }

  /// From theta^(2i/hd).
  func frequencies(_ powers: [Float], theta: Double, headDimension: Int) -> [Float] {
    let low = max(0, border(Self.given(fastTurns, else: 32), theta, headDimension).low)
    var high = min(
      Double(headDimension - 1), border(Self.given(slowTurns, else: 1), theta, headDimension).high)
    if low == high { high += 0.001 }
    return powers.enumerated().map { index, power in
      let ramp = min(1, max(0, (Float(index) - Float(low)) / Float(high - low)))
      let kept = 1 - ramp
      return 1 / (Float(factor) * power) * (1 - kept) + 1 / power * kept
    }
  }

  /// Zero counts as left out, as null does.
  private static func given(_ value: Double?, else fallback: Double) -> Double {
    value.flatMap { $0 == 0 ? nil : $0 } ?? fallback
  }

  /// The place among the frequencies of one that turns `turns` times within the original length, as
  /// the ramp's lower and upper end.
  private func border(
    _ turns: Double, _ theta: Double, _ headDimension: Int
  ) -> (low: Double, high: Double) {
    let place =
      Double(headDimension) * log(originalLength / (turns * 2 * Double.pi)) / (2 * log(theta))
    return truncates ? (floor(place), ceil(place)) : (place, place)
  }
}
