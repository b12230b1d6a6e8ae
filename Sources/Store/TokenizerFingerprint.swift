/// What a tokenizer is, whatever file holds it: a tokenizer.json, the same written in another order,
/// or the GGUF file that was made from it. Records keep it beside the file's digest, so that a
/// tokenizer can be compared with one that is not at hand.
public struct TokenizerFingerprint: Codable, Sendable, Hashable {
  /// SHA-256 of everything that the file says of ids and texts: equal for tokenizers that
  /// `TokenizerComparison` finds identical.
  public var content: String
  /// SHA-256 of the tokens, their merges or scores, and of the ids of the probe text: equal where the
  /// stages before and behind are spelt differently and do the same.
  public var ids: String
  /// Which probe text `ids` is about.
  public var probe: Int

  public init(content: String, ids: String, probe: Int) {
    self.content = content
    self.ids = ids
    self.probe = probe
  }
}
