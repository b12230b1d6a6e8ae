import Glibc
import Store

/// LongRoPE: every frequency divided by a factor of its own, one set for sequences of up to the
/// original length and one for longer ones; cosines and sines are multiplied by an attention factor.
struct LongRopeScaling: Sendable, Equatable {
  /// hd/2 factors, or one for all frequencies.
  let shortFactors: [Double]
  let longFactors: [Double]
  /// As stated: the attention factor follows from it, or from the ratio of the lengths.
  let statedFactor: Double?
  let originalLength: Double
  let statedAttentionFactor: Double?
  let attentionFactor: Double

  init(_ fields: RotaryFields) throws(ModelError) {
    let parameters = fields.parameters
    let count = fields.headDimension / 2
    func factors(_ key: String) throws(ModelError) -> [Double] {
      let values = try parameters.numbers(key, in: RotaryFields.factors)
      guard values.count == count || values.count == 1 else {
        throw parameters.wrong(key, "a list of \(count) numbers (head_dim / 2)")
      }
      return values
    }
    shortFactors = try factors("short_factor")
    longFactors = try factors("long_factor")
    statedFactor = try fields.factorIfGiven()
    originalLength = try fields.originalLength()
    statedAttentionFactor =
      parameters.has("attention_factor")
      ? try parameters.number("attention_factor", in: -1e6...1e6) : nil
    let factor = statedFactor ?? Double(fields.maximumPositions) / originalLength
    if statedAttentionFactor == nil, factor > 1, originalLength == 1 {
      throw .configuration(
        key: "original_max_position_embeddings", found: "1",
        expected: "more than 1 where rope_type is longrope")
    }
    attentionFactor =
      statedAttentionFactor
      ?? (factor <= 1 ? 1 : sqrt(1 + log(factor) / log(originalLength)))
  }

  var json: [String: JSONValue] {
    var keys: [String: JSONValue] = [
      "rope_type": .text("longrope"),
      "short_factor": .list(shortFactors.map { .number($0) }),
      "long_factor": .list(longFactors.map { .number($0) }),
      "original_max_position_embeddings": .length(originalLength),
    ]
    keys["factor"] = statedFactor.map { .number($0) }
    keys["attention_factor"] = statedAttentionFactor.map { .number($0) }
    return keys
  }

  /// From theta^(2i/hd), in a sequence of `length` tokens.
  func frequencies(_ powers: [Float], length: Int) -> [Float] {
    let factors = Double(length) > originalLength ? longFactors : shortFactors
    return powers.enumerated().map { index, power in
      1 / (Float(factors[factors.count == 1 ? 0 : index]) * power)
    }
  }
}
