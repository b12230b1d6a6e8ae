public import Corpus

/// How far zstd makes sampled text smaller: repetition of every length and kind shows here (Shaib et al.
/// 2024, "Standardizing the Measurement of Text Diversity").
public struct CompressionRatio: Codable, Sendable, Equatable {
  /// What is compressed.
  public enum Unit: String, Codable, Sendable {
    /// The text of the tokens.
    case text
    /// Token ids of 4 bytes, where no tokenizer is at hand.
    case tokens
  }

  public var unit: Unit
  /// Level of zstd.
  public var level: Int
  /// Bytes before and after.
  public var bytes: Int
  public var compressedBytes: Int
  /// Before over after: high for text that repeats itself.
  public var ratio: Double

  /// Compresses all chunks as one stream.
  ///
  /// - Parameter texts: of the tokens; nil compresses their ids.
  /// - Throws: `CorpusError.setting` for a level that zstd has not.
  public init(_ sample: SampledTokens, texts: TokenTexts?, level: Int) throws(CorpusError) {
    let meter = try CompressionMeter(level: level)
    var bytes: [UInt8] = []
    for chunk in sample.chunks {
      bytes.removeAll(keepingCapacity: true)
      if let texts {
        chunk.withUnsafeBufferPointer { texts.append($0, to: &bytes) }
      } else {
        for token in chunk {
          withUnsafeBytes(of: token.littleEndian) { bytes.append(contentsOf: $0) }
        }
      }
      try meter.append(bytes)
    }
    try meter.finish()
    self.init(
      unit: texts == nil ? .tokens : .text, level: level, bytes: meter.inputBytes,
      compressedBytes: meter.outputBytes, ratio: meter.ratio)
  }

  private init(unit: Unit, level: Int, bytes: Int, compressedBytes: Int, ratio: Double) {
    self.unit = unit
    self.level = level
    self.bytes = bytes
    self.compressedBytes = compressedBytes
    self.ratio = ratio
  }
}
