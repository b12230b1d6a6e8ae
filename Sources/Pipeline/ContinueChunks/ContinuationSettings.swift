public import LanguageModels
public import TensorKit

/// How a teacher continues chunks, as far as it decides the tokens.
///
/// Source: the paper's baseline SeqKD: 768 tokens are the prompt, and a sequence is as long as a chunk. How
/// tokens are decoded is not published.
public struct ContinuationSettings: Codable, Sendable, Equatable {
  public var sampling: SamplingSettings
  /// Tokens that are taken from a chunk; all of a shorter one.
  public var promptTokens: Int
  /// Tokens of a new chunk at most, prompt included.
  public var maximumLength: Int
  /// Sequences that are decoded together.
  public var batch: Int
  /// Number format of the teacher's products.
  public var precision: Precision
  public var chunksPerShard: Int

  /// - Throws: `PipelineError.setting` for values out of range.
  public init(
    sampling: SamplingSettings, promptTokens: Int = 768, maximumLength: Int = 1025,
    batch: Int = 16, precision: Precision = .f32, chunksPerShard: Int = 1_000_000
  ) throws(PipelineError) {
    let limit = 1 << 24
    for (name, value) in [
      ("prompt-tokens", promptTokens), ("max-length", maximumLength), ("batch", batch),
      ("chunks-per-shard", chunksPerShard),
    ] where !(1...limit).contains(value) {
      throw .setting(name: name, found: "\(value)", expected: "1 to \(limit)")
    }
    guard promptTokens < maximumLength else {
      throw .setting(
        name: "prompt-tokens", found: "\(promptTokens)",
        expected: "fewer than the \(maximumLength) tokens of a chunk, so that something is written")
    }
    self.sampling = sampling
    self.promptTokens = promptTokens
    self.maximumLength = maximumLength
    self.batch = batch
    self.precision = precision
    self.chunksPerShard = chunksPerShard
  }
}
