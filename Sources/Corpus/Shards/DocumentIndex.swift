/// What the document entries at the end of an `.idx` file say; readers of this program need none.
public enum DocumentIndex: String, Codable, Sendable, CaseIterable {
  /// One entry, 0, as the published code of MiniPLM leaves it.
  case published
  /// Every chunk is a document: 0, 1, ... n. Megatron-LM's reader asserts that the last entry is the
  /// number of sequences.
  case megatron
}
