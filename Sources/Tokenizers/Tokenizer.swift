import Foundation
import Store

/// A tokenizer read from a Hugging Face tokenizer.json, or from the metadata of a GGUF file.
///
/// Gives the ids that Hugging Face's `tokenizers` gives. Immutable, so one tokenizer serves any
/// number of threads; threads that encode much text each take a `TokenEncoder`.
public final class Tokenizer: Sendable {
  /// Hexadecimal SHA-256 of tokenizer.json; where the files beside it change its added tokens, of
  /// these as well. Of a GGUF file, that of the tokenizer.json that its metadata stand for.
  public let digest: String
  /// One more than the largest id, added tokens included.
  public let vocabularySize: Int
  /// The string that a file names as the end of texts, and the file.
  private let namedEnd: (token: String, file: String)?
  /// The token that begins a text, where the file itself names one: GGUF files do.
  public let beginningOfTextID: Int32?
  /// The token that the files beside tokenizer.json, or a GGUF's metadata, name as the beginning of
  /// texts: transformers' `bos_token`.
  public let statedBeginningID: Int32?
  /// The class of transformers that tokenizer_config.json names.
  public let className: String?
  /// `model_max_length` of tokenizer_config.json, in tokens; nil where none or no bound is stated.
  public let longestText: Int?
  /// The bytes of every token, for code that reads many.
  public let tokenBytes: TokenBytes

  let vocabulary: TokenVocabulary
  let model: TokenModel
  let preTokenizer: PreTokenizer
  let normalizer: Normalizer
  /// Added tokens looked for in the raw text, and in the normalised text.
  let rawTokens: AddedTokenMatcher
  let normalizedTokens: AddedTokenMatcher
  let template: SpecialTokenTemplate
  let decoder: TokenDecoder
  let added: AddedVocabulary
  /// What the file says besides its tokens and merges.
  let content: TokenizerContent
  /// Whether special tokens are left to the model where a text holds them.
  let splitsSpecialTokens: Bool
  /// Whether each token is special.
  private let specials: FrozenArray<Bool>

  /// Reads a tokenizer.json, or the one in a folder; tokenizer_config.json and its like beside it may
  /// name the end-of-text token and change added tokens. A GGUF file, or one in a folder without
  /// tokenizer.json, is read by what its metadata say.
  public static func load(from path: String) throws(TokenizerError) -> Tokenizer {
    let file = try TokenizerSource.file(at: path)
    if GGUFTokenizer.isGGUF(file) {
      let made = try GGUFTokenizer(path: file)
      let name = file.split(separator: "/").last.map(String.init) ?? file
      do throws(TokenizerError) {
        let document = try TokenizerSource.document(made.json, at: file)
        return try Tokenizer(
          made.json, document, .none, made.endOfText.map { ($0, "the metadata of \(name)") },
          beginningOfText: made.beginningOfText,
          path: file)
      } catch {
        throw .inFile(path: file, error)
      }
    }
    return try load(from: file, replacing: nil)
  }

  /// Reads a tokenizer.json; `stages` has a normalizer, a pre-tokenizer and a decoder that are taken in
  /// place of the file's own.
  static func load(
    from file: String, replacing stages: JSONDocument?
  ) throws(TokenizerError) -> Tokenizer {
    let json = try TokenizerSource.content(file)
    let document = try TokenizerSource.document(json, at: file)
    let configuration = try TokenizerConfiguration(folder: Folder.parent(of: file))
    do throws(TokenizerError) {
      return try Tokenizer(
        json, document, configuration, configuration.endOfText, path: file, replacing: stages)
    } catch {
      throw .inFile(path: file, error)
    }
  }

  /// Reads the content of a tokenizer.json; `endOfText` is the string of the end-of-text token.
  public convenience init(json: [UInt8], endOfText: String? = nil) throws(TokenizerError) {
    let path = "tokenizer.json"
    let document = try TokenizerSource.document(json, at: path)
    try self.init(
      json, document, .none, endOfText.map { ($0, "the caller") }, path: path)
  }

  private init(
    _ json: [UInt8], _ document: JSONDocument, _ configuration: TokenizerConfiguration,
    _ endOfText: (token: String, file: String)?, beginningOfText: String? = nil, path: String,
    replacing stages: JSONDocument? = nil
  ) throws(TokenizerError) {
    let file = try TokenizerFile(document, replacing: stages)
    content = try TokenizerContent(document)
    splitsSpecialTokens = configuration.splitsSpecialTokens
    vocabulary = file.vocabulary
    model = file.model
    preTokenizer = file.preTokenizer
    normalizer = file.normalizer
    template = file.template
    decoder = file.decoder
    let listed = configuration.tokens(after: file.addedTokens, vocabulary: file.vocabulary)
    let added = AddedVocabulary(listed, vocabulary: file.vocabulary) {
      file.normalizer.normalized($0)
    }
    self.added = added
    do throws(StoreError) {
      digest = try Digest.sha256(json + configuration.identity(of: added, in: file))
    } catch {
      throw .file(path: path, reason: error.message)
    }
    let sought = added.tokens.filter { !configuration.splitsSpecialTokens || !$0.isSpecial }
    rawTokens = AddedTokenMatcher(sought.filter { !$0.isNormalized })
    normalizedTokens = AddedTokenMatcher(sought.filter(\.isNormalized))
    let size = max(vocabulary.count, Int(added.largestID) + 1)
    vocabularySize = size
    namedEnd = endOfText
    let vocabulary = file.vocabulary
    // Decoding goes by the strings of tokens: what has that of a special token is special.
    specials = FrozenArray(
      (0..<size)
        .map { id in
          let id = Int32(truncatingIfNeeded: id)
          if let text = added.text(of: id) { return added.isSpecial(text) }
          return vocabulary.text(of: id).map { added.isSpecial($0) } ?? false
        })
    let decoder = file.decoder
    tokenBytes = TokenBytes(count: size) { id, bytes in
      guard let text = added.text(of: id)?[...] ?? vocabulary.text(of: id) else { return }
      bytes += decoder.bytes(of: Array(text))
    }
    func id(_ token: String) -> Int32? {
      added.id(of: token.utf8) ?? vocabulary.id(of: token.utf8)
    }
    beginningOfTextID = beginningOfText.flatMap(id)
    statedBeginningID = (beginningOfText ?? configuration.beginningOfText).flatMap(id)
    longestText = configuration.longestText
    className = configuration.className
  }

  /// The token that ends documents: by what the tokenizer's own files name, or else the best known name
  /// among the tokens; nil when there is none.
  public var documentEnd: DocumentEnd? { documentEnd(named: namedEnd) }

  /// The token that a file names as the end of texts, that of a turn where it does; or else the best
  /// known name among the tokens.
  public var endOfTextID: Int32? {
    guard let namedEnd else { return documentEnd?.id }
    return id(of: namedEnd.token)
  }

  /// The kind of model, for people: "byte-level BPE", "Unigram".
  public var modelTitle: String { model.title }

  /// Tokens of `text`; with `addSpecialTokens` also those that tokenizer.json puts around a text.
  public func encode(_ text: String, addSpecialTokens: Bool = false) -> [Int32] {
    TokenEncoder(self, cache: .small).encode(text, addSpecialTokens: addSpecialTokens)
  }

  /// Appends the tokens of a text to `tokens`; bytes that are no UTF-8 count as U+FFFD.
  public func encode(utf8 text: UnsafeBufferPointer<UInt8>, into tokens: inout [Int32]) {
    TokenEncoder(self, cache: .small).encode(utf8: text, into: &tokens)
  }

  /// The id of a token's string, as tokenizer.json writes it.
  public func id(of token: String) -> Int32? {
    added.id(of: token.utf8) ?? vocabulary.id(of: token.utf8)
  }

  /// The string of a token, as tokenizer.json writes it; nil when no token has this id.
  public func token(of id: Int32) -> String? {
    text(of: id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the token is marked as special.
  public func isSpecial(_ id: Int32) -> Bool {
    id >= 0 && Int(id) < specials.count && specials.pointer[Int(id)]
  }

  /// The bytes that a token stands for; empty when no token has this id.
  public func bytes(of id: Int32) -> [UInt8] { tokenBytes.withBytes(of: id) { Array($0) } }

  /// The text of tokens; bytes that are no UTF-8 become U+FFFD, unknown ids are left out.
  public func decode(_ ids: some Sequence<Int32>, skipSpecialTokens: Bool = false) -> String {
    guard decoder.joinsBytes else {
      var tokens = TokenList()
      for id in ids where !(skipSpecialTokens && isSpecial(id)) {
        if let text = text(of: id) { tokens.append(text) }
      }
      return decoder.text(tokens)
    }
    var bytes: [UInt8] = []
    for id in ids where !(skipSpecialTokens && isSpecial(id)) {
      tokenBytes.append(of: id, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  func text(of id: Int32) -> ArraySlice<UInt8>? {
    added.text(of: id)?[...] ?? vocabulary.text(of: id)
  }
}
