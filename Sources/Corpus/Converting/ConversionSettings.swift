public import Tokenizers

/// The rule by which chunks of one tokenizer become chunks of another.
///
/// Source: method.md 2.2 (MiniPLM, convert_tokenization.py).
public struct ConversionSettings: Codable, Sendable, Equatable {
  /// Most tokens in a chunk; what is longer is cut.
  public var maximumLength = 1025
  /// Ends a document in the old chunks.
  public var oldEndOfText: Int32
  /// Ends a document in the new ones.
  public var newEndOfText: Int32
  /// Token put before every chunk, for models that want one; it counts towards `maximumLength`.
  public var beginningOfSequence: Int32?

  /// A rule with all its tokens.
  public init(
    oldEndOfText: Int32, newEndOfText: Int32, beginningOfSequence: Int32? = nil,
    maximumLength: Int = 1025
  ) {
    self.oldEndOfText = oldEndOfText
    self.newEndOfText = newEndOfText
    self.beginningOfSequence = beginningOfSequence
    self.maximumLength = maximumLength
  }

  /// The rule for a family, with the end-of-text tokens that the tokenizers name.
  public init(
    from old: Tokenizer, to new: Tokenizer, family: ModelFamily? = nil
  ) throws(CorpusError) {
    guard let oldEnd = old.documentEnd?.id, let newEnd = new.documentEnd?.id else {
      let which = old.documentEnd == nil ? "the old" : "the new"
      throw .tokenizer(reason: "\(which) one names no end-of-text token")
    }
    self.init(oldEndOfText: oldEnd, newEndOfText: newEnd)
    beginningOfSequence = try Self.beginningOfSequence(of: new, family: family)
  }

  /// The token that chunks of a family begin with; by default of the family that the tokenizer
  /// belongs to.
  public static func beginningOfSequence(
    of tokenizer: Tokenizer, family: ModelFamily?
  ) throws(CorpusError) -> Int32? {
    let family = family ?? ModelFamily(of: tokenizer)
    guard let name = family.beginningOfSequence else { return nil }
    guard let id = tokenizer.id(of: name) else {
      throw .tokenizer(reason: "it has no \(name), which \(family.rawValue) chunks begin with")
    }
    return id
  }

  /// Refuses lengths that no chunk can have.
  func validate() throws(CorpusError) {
    let least = beginningOfSequence == nil ? 2 : 3
    guard maximumLength >= least else {
      throw .setting(
        name: "the chunk length", found: "\(maximumLength)", expected: "\(least) or more")
    }
  }
}

/// The families of models that the published code tells apart where chunks begin.
public enum ModelFamily: String, Codable, Sendable, CaseIterable {
  /// No beginning token.
  case qwen
  /// No beginning token (Mamba models with Falcon's tokenizer).
  case falcon
  /// Every chunk begins with `<|begin_of_text|>`.
  case llama = "llama3.1"

  /// The string of the token that chunks begin with.
  public var beginningOfSequence: String? {
    switch self {
    case .qwen, .falcon: nil
    case .llama: "<|begin_of_text|>"
    }
  }

  /// The family that a tokenizer belongs to: Llama's where it has its beginning token.
  init(of tokenizer: Tokenizer) {
    let name = ModelFamily.llama.beginningOfSequence ?? ""
    self = tokenizer.id(of: name) == nil ? .qwen : .llama
  }
}
