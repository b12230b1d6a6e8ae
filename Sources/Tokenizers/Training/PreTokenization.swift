/// How a tokenizer that is trained here cuts text into words.
public enum PreTokenization: String, Sendable, CaseIterable, Codable {
  /// GPT-2's pattern, by the ByteLevel stage; no normalisation.
  case gpt2
  /// Qwen2's pattern: NFC, numbers digit by digit, line ends apart.
  case qwen2

  var preTokenizer: PreTokenizer {
    switch self {
    case .gpt2: PreTokenizer(stages: [.byteLevel(addsPrefixSpace: false, cutsWords: true)])
    case .qwen2:
      PreTokenizer(stages: [
        .split(.cl100k(numberLimit: 1), .isolated, isInverted: false),
        .byteLevel(addsPrefixSpace: false, cutsWords: false),
      ])
    }
  }

  var normalizesToNFC: Bool { self == .qwen2 }
}
