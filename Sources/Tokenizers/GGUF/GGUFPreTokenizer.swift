/// What cuts the words of a byte-level vocabulary in a GGUF file, which only names it.
///
/// Each is as in the tokenizer.json of the models that the name stands for: normalizer and
/// pre-tokenizer as JSON. llama.cpp's own table is another thing: it knows no normalizers.
struct GGUFPreTokenizer {
  /// Of a tokenizer.json.
  let normalizer: String
  let preTokenizer: String
  /// Whether every word of the vocabulary is one token, merged or not.
  let ignoresMerges: Bool
  /// Whether the beginning goes before a text where the file does not say.
  let addsBeginning: Bool

  private init(
    nfc: Bool = false, _ steps: [String], ignoresMerges: Bool = false, addsBeginning: Bool = false
  ) {
    normalizer = nfc ? #"{"type": "NFC"}"# : "null"
    preTokenizer =
      steps.count == 1
      ? steps[0]
      : #"{"type": "Sequence", "pretokenizers": ["# + steps.joined(separator: ", ") + "]}"
    self.ignoresMerges = ignoresMerges
    self.addsBeginning = addsBeginning
  }

  /// - Throws: `TokenizerError` for a name that is not known here, and for none where the vocabulary
  ///   does not tell.
  static func find(_ vocabulary: GGUFVocabulary) throws(TokenizerError) -> GGUFPreTokenizer {
    let stated = vocabulary.preTokenizer
    let name = stated == nil || stated == "default" ? byVocabulary(vocabulary) : stated
    if let name, let known = known[name] { return known }
    throw .unusable(
      field: GGUFFields.prefix + "pre", found: stated.map { "\"\($0)\"" } ?? "nothing",
      expected: "the name of a pre-tokenizer that is known here: "
        + known.keys.sorted().joined(separator: ", "),
      advice: GGUFVocabulary.advice)
  }

  /// Files of before May 2024 name no pre-tokenizer. Vocabularies of published models are known by
  /// the number of their merges and one of their tokens.
  private static func byVocabulary(_ vocabulary: GGUFVocabulary) -> String? {
    published.first { entry in
      vocabulary.merges.count == entry.merges && vocabulary.tokens.count > entry.id
        && vocabulary.tokens[entry.id] == entry.token
    }?.name
  }

  private static let published: [(name: String, merges: Int, id: Int, token: String)] = [
    ("gpt-2", 50_000, 50_256, "<|endoftext|>"), ("mpt", 50_009, 50_276, "  "),
    ("qwen2", 151_387, 151_643, "<|endoftext|>"),
    ("llama-bpe", 280_147, 128_000, "<|begin_of_text|>"),
    ("falcon", 64_784, 11, "<|endoftext|>"), ("smollm", 48_900, 1, "<|im_start|>"),
  ]

  /// Words of GPT-2, of the bytes that stand for characters.
  private static let words = byteLevel(cutsWords: true)
  private static let bytes = byteLevel(cutsWords: false)
  private static let singleDigits = #"{"type": "Digits", "individual_digits": true}"#

  private static func byteLevel(cutsWords: Bool) -> String {
    """
    {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, \
    "use_regex": \(cutsWords)}
    """
  }

  private static func split(_ pattern: String) -> String {
    """
    {"type": "Split", "pattern": {"Regex": \(TokenizerJSON.quoted(pattern))}, \
    "behavior": "Isolated", "invert": false}
    """
  }

  private static let llama3 = GGUFPreTokenizer(
    [split(CL100KMatcher.pattern(numbers: #"\p{N}{1,3}"#)), bytes], ignoresMerges: true,
    addsBeginning: true)
  private static let gpt4o = GGUFPreTokenizer([split(GGUFPattern.gpt4o), bytes])

  static let known: [String: GGUFPreTokenizer] = [
    "gpt-2": GGUFPreTokenizer([words]), "phi-2": GGUFPreTokenizer([words]),
    // Those of GPT-NeoX-20B, which Mamba has too.
    "mpt": GGUFPreTokenizer(nfc: true, [words]), "olmo": GGUFPreTokenizer(nfc: true, [words]),
    "smollm": GGUFPreTokenizer([singleDigits, words]),
    "starcoder": GGUFPreTokenizer([singleDigits, words]),
    "refact": GGUFPreTokenizer([singleDigits, words]),
    "command-r": GGUFPreTokenizer(nfc: true, [singleDigits, words]),
    "falcon": GGUFPreTokenizer([
      #"{"type": "Punctuation", "behavior": "Contiguous"}"#, words,
      #"{"type": "Digits", "individual_digits": false}"#, split("[0-9][0-9][0-9]"),
    ]),
    "qwen2": GGUFPreTokenizer(
      nfc: true, [split(CL100KMatcher.pattern(numbers: #"\p{N}"#)), bytes]),
    "qwen35": GGUFPreTokenizer(nfc: true, [split(GGUFPattern.qwen35), bytes]),
    // How llama.cpp's converter calls Llama 3's where it adds no token at the beginning.
    "smaug-bpe": GGUFPreTokenizer(
      [split(CL100KMatcher.pattern(numbers: #"\p{N}{1,3}"#)), bytes], ignoresMerges: true),
    "llama-bpe": llama3, "llama3": llama3, "llama-v3": llama3, "gpt-4o": gpt4o, "llama4": gpt4o,
    "tekken": GGUFPreTokenizer(
      [split(GGUFPattern.tekken), bytes], ignoresMerges: true, addsBeginning: true),
    "deepseek-llm": GGUFPreTokenizer(
      GGUFPattern.deepSeekLLM.map(split) + [singleDigits, bytes]),
    "deepseek-coder": GGUFPreTokenizer(
      GGUFPattern.deepSeekCoder.map(split) + [singleDigits, bytes]),
    "deepseek-v3": GGUFPreTokenizer(GGUFPattern.deepSeekV3.map(split) + [bytes]),
  ]
}
