import Store

/// Reads the parts of a tokenizer.json and refuses what is not known here.
struct TokenizerFile {
  let vocabulary: TokenVocabulary
  let model: TokenModel
  /// With the ids that the file lists.
  let addedTokens: [AddedToken]
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let template: SpecialTokenTemplate
  let decoder: TokenDecoder

  /// - Parameter stages: normalizer, pre-tokenizer and decoder in place of the file's own; then no
  ///   word is a token without its merges either.
  init(
    _ document: JSONDocument, replacing stages: JSONDocument? = nil
  ) throws(TokenizerError) {
    let root = try JSONFields(document.root, of: document, at: "")
    if case .object? = root.value("model") {
    } else if let other = Self.otherFile(root) {
      throw other
    }
    let modelReader = try ModelReader(root.object("model"))
    vocabulary = modelReader.vocabulary
    var parts = root
    if let stages { parts = try JSONFields(stages.root, of: stages, at: "") }
    preTokenizer = try PreTokenizerReader.preTokenizer(parts)
    normalizer = try NormalizerReader.normalizer(parts.optionalObject("normalizer"))
    template = try PostProcessorReader.template(root.optionalObject("post_processor"))
    decoder = try DecoderReader.decoder(parts.optionalObject("decoder"))
    model = try modelReader.model(
      isByteLevel: preTokenizer.mapsBytes, mayIgnoreMerges: stages == nil)
    addedTokens = try AddedTokenReader.tokens(root)
  }

  /// What another JSON file is that lies beside a tokenizer.json.
  private static func otherFile(_ root: JSONFields) -> TokenizerError? {
    let known = [
      ("tokenizer_class", "a tokenizer_config.json"),
      ("added_tokens_decoder", "a tokenizer_config.json"),
      ("model_type", "a model's config.json"), ("architectures", "a model's config.json"),
      ("weight_map", "an index of weights"),
    ]
    var found = known.first { root.value($0.0) != nil }?.1
    let isVocabulary = root.members.prefix(100).allSatisfy { root.number($0.value) != nil }
    if isVocabulary, !root.members.isEmpty { found = "a vocabulary alone (vocab.json)" }
    return found.map { found in
      .unusable(
        field: "model", found: "nothing: this is \(found)",
        expected: "the model of a tokenizer.json",
        advice: "Give the tokenizer.json, or the folder that holds it.")
    }
  }
}
