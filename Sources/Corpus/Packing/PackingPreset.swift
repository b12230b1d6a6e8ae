import Foundation
import Store
public import Tokenizers

/// The packing of a published corpus: chunks of 1,025 tokens, 2,000 a document at most, nothing
/// flushed, a million chunks a shard, shuffled as NumPy does with seed 233.
///
/// With the tokenizer, the files and their order of a published run this gives its bytes, as long
/// as no text is empty (or `ReaderOptions.keepsEmptyTexts` is set: the published script packs an
/// empty text as one end-of-text token).
/// Source: MiniPLM, tools/process_data/tokenize_pile.py, BOS_MODELS in utils.py (method.md 1.2).
public enum PackingPreset: String, Sendable, CaseIterable {
  case qwen
  case falcon
  case llama31 = "llama3.1"

  /// Names of the token that starts a text, where no file beside the tokenizer names it.
  private static let beginningNames = ["<|begin_of_text|>", "<s>"]

  /// Whether every chunk starts with a beginning token.
  public var startsChunks: Bool { self == .llama31 }

  /// Sets what the published run fixed; other settings of `settings` stay.
  ///
  /// - Parameter path: where the tokenizer was read from, a file or its folder.
  public func apply(
    to settings: inout CorpusSettings, tokenizer: Tokenizer, path: String
  ) throws(CorpusError) {
    settings.packing = PackingOptions()
    settings.shards = ShardOptions()
    settings.shards.shuffle = .numpy(233)
    guard startsChunks else { return }
    guard let token = Self.beginningToken(of: tokenizer, path: path) else {
      throw .tokenizer(reason: "\(rawValue) chunks start with a token, but it names none")
    }
    settings.packing.beginningOfSequence = token
  }

  /// The beginning token that tokenizer_config.json names, or a GGUF file, or one of the best known
  /// names.
  public static func beginningToken(of tokenizer: Tokenizer, path: String) -> Int32? {
    if let id = tokenizer.beginningOfTextID { return id }
    let folder = path.hasSuffix(".json") ? (path as NSString).deletingLastPathComponent : path
    let file = (folder.isEmpty ? "." : folder) + "/tokenizer_config.json"
    if let data = try? FileContents.read(file),
      let config = try? JSONDecoder().decode(Configuration.self, from: data),
      let name = config.bosToken?.content
    {
      return tokenizer.id(of: name)
    }
    return beginningNames.lazy.compactMap { tokenizer.id(of: $0) }.first
  }

  private struct Configuration: Decodable {
    let bosToken: TokenName?

    enum CodingKeys: String, CodingKey { case bosToken = "bos_token" }

    /// Either the string itself or an added token with its content.
    struct TokenName: Decodable {
      let content: String

      enum CodingKeys: String, CodingKey { case content }

      init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
          content = text
        } else {
          content = try decoder.container(keyedBy: CodingKeys.self)
            .decode(String.self, forKey: .content)
        }
      }
    }
  }
}
