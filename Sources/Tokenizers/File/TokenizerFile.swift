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

  init(_ document: JSONDocument) throws(TokenizerError) {
    let root = try JSONFields(document.root, of: document, at: "")
    let modelReader = try ModelReader(root.object("model"))
    vocabulary = modelReader.vocabulary
    preTokenizer = try PreTokenizerReader.preTokenizer(root)
    normalizer = try NormalizerReader.normalizer(root.optionalObject("normalizer"))
    template = try PostProcessorReader.template(root.optionalObject("post_processor"))
    decoder = try DecoderReader.decoder(root.optionalObject("decoder"))
    model = try modelReader.model(isByteLevel: preTokenizer.mapsBytes)
    addedTokens = try AddedTokenReader.tokens(root)
  }
}
