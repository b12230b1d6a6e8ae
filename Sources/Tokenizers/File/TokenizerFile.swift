/// Reads the parts of a tokenizer.json and refuses what a byte-level BPE tokenizer cannot do.
struct TokenizerFile {
  let model: BytePairModel
  let addedTokens: [AddedToken]
  let normalizer: Normalizer
  let preTokenizer: PreTokenizer
  let template: SpecialTokenTemplate
  let decoder: TokenDecoder

  init(_ document: JSONDocument) throws(TokenizerError) {
    let root = try JSONFields(document.root, of: document, at: "")
    let modelReader = try BytePairModelReader(root.object("model"))
    let vocabulary = try modelReader.vocabulary()
    let added = try AddedTokenReader(root, modelVocabulary: vocabulary)
    let model = try modelReader.model(vocabulary: vocabulary)
    preTokenizer = try PreTokenizerReader.preTokenizer(root)
    guard preTokenizer.mapsBytes else {
      throw .unsupported(
        field: "pre_tokenizer", found: "none that gives bytes",
        supported: "pre-tokenizers with one ByteLevel stage")
    }
    normalizer = try NormalizerReader.normalizer(root.optionalObject("normalizer"))
    template = try PostProcessorReader.template(root.optionalObject("post_processor"))
    decoder = try DecoderReader.decoder(root.optionalObject("decoder"))
    self.model = model
    addedTokens = added.tokens
  }
}
