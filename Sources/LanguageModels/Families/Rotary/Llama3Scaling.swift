import Store

/// Llama 3: long wavelengths divided by `factor`, short ones kept, between them interpolated.
struct Llama3Scaling: Sendable, Equatable {
  let factor: Double
  let lowFrequencyFactor: Double
  let highFrequencyFactor: Double
  let originalLength: Double

  init(_ fields: RotaryFields) throws(ModelError) {
    let parameters = fields.parameters
    lowFrequencyFactor = try parameters.number("low_freq_factor", in: RotaryFields.factors)
    highFrequencyFactor = try parameters.number("high_freq_factor", in: RotaryFields.factors)
    if highFrequencyFactor <= lowFrequencyFactor {
      throw .configuration(
        key: parameters.prefix + "high_freq_factor", found: "\(highFrequencyFactor)",
        expected: "more than low_freq_factor (\(lowFrequencyFactor))")
    }
    factor = try fields.factor()
    originalLength = try fields.originalLength()
  }

  var json: [String: JSONValue] {
    [
      "rope_type": .text("llama3"), "factor": .number(factor),
      "low_freq_factor": .number(lowFrequencyFactor),
      "high_freq_factor": .number(highFrequencyFactor),
      "original_max_position_embeddings": .length(originalLength),
    ]
  }

  /// Of a plain frequency.
  func frequency(_ frequency: Float) -> Float {
    let wavelength = 2 * Float.pi / frequency
    if wavelength < Float(originalLength / highFrequencyFactor) { return frequency }
    if wavelength > Float(originalLength / lowFrequencyFactor) { return frequency / Float(factor) }
    let smooth =
      (Float(originalLength) / wavelength - Float(lowFrequencyFactor))
      / Float(highFrequencyFactor - lowFrequencyFactor)
    return (1 - smooth) * frequency / Float(factor) + smooth * frequency
  }
}
