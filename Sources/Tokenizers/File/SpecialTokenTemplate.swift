/// What the post-processor makes of one text: its tokens with others around them, such as Llama 3's
/// begin of text.
struct SpecialTokenTemplate: Sendable, Equatable {
  enum Item: Sendable, Equatable {
    /// A token that is put in when special tokens are asked for.
    case token(Int32)
    /// The tokens of the text.
    case text
  }

  /// The text alone.
  static let bare = SpecialTokenTemplate(items: [.text])

  let items: [Item]

  /// Appends the tokens of a text to `tokens`, which `encode` gives.
  func append(to tokens: inout [Int32], addingSpecial: Bool, encode: (inout [Int32]) -> Void) {
    for item in items {
      switch item {
      case .token(let id): if addingSpecial { tokens.append(id) }
      case .text: encode(&tokens)
      }
    }
  }
}
