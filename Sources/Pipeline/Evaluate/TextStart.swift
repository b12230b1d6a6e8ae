import Corpus
import LanguageModels
import Tokenizers

/// What a model is given before the first token of a text, so that it can be a target.
public enum TextStart: String, Sendable, CaseIterable {
  /// What the tokenizer itself puts there, as transformers does: a beginning of text for Llama, nothing
  /// for Qwen, whose first token is then no target. Shards: the token that their chunks begin with.
  case tokenizer
  /// Nothing: the first token is no target.
  case none
  /// What the tokenizer puts there, or else the beginning of text that its files name, or else the end
  /// of the text before: every token is a target, as lm-evaluation-harness measures whole texts.
  case boundary
}

/// The tokens around a text.
struct TextFrame: Equatable {
  var prefix: [Int32] = []
  var suffix: [Int32] = []

  /// What tokenizer.json puts around a text.
  init(_ tokenizer: Tokenizer) {
    let (bare, framed) = (tokenizer.encode("a"), tokenizer.encode("a", addSpecialTokens: true))
    guard framed.count > bare.count else { return }
    for start in 0...framed.count - bare.count
    where Array(framed[start..<start + bare.count]) == bare {
      prefix = Array(framed[..<start])
      suffix = Array(framed[(start + bare.count)...])
      return
    }
  }

  /// What stands around texts of files.
  ///
  /// - Parameter place: where the tokenizer was read from.
  /// - Throws: `PipelineError.setting` where no token can stand before a text.
  init(
    _ start: TextStart, _ tokenizer: Tokenizer, at place: String
  ) throws(PipelineError) {
    self.init(tokenizer)
    switch start {
    case .tokenizer: return
    case .none: (prefix, suffix) = ([], [])
    case .boundary:
      guard prefix.isEmpty else { return }
      guard
        let token = PackingPreset.beginningToken(of: tokenizer, path: place)
          ?? tokenizer.documentEnd(at: place)?.id
      else {
        throw .setting(
          name: "start", found: "boundary, but \(place) names no token that begins or ends a text",
          expected: "tokenizer or none")
      }
      prefix = [token]
    }
  }
}
