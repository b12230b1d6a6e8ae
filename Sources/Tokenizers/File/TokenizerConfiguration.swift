import Foundation
import Store

/// What tokenizer_config.json adds to tokenizer.json: the name of the end-of-text token.
enum TokenizerConfiguration {
  /// Names to try when no file says which token ends a text.
  static let endOfTextNames = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<|im_end|>"]

  /// The end-of-text token that the file at `path` names; nil without a file or a name in it.
  static func endOfTextName(at path: String) throws(TokenizerError) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let document: JSONDocument
    do throws(JSONDocument.Failure) {
      document = try JSONDocument(parsing: Array(data))
    } catch {
      throw .malformedJSON(path: path, offset: error.offset, reason: error.reason)
    }
    let root = try JSONFields(document.root, of: document, at: "")
    guard let value = root.value("eos_token") else { return nil }
    // Either the string itself or an added token with its content.
    if case .object = value { return try root.object("eos_token").optionalString("content") }
    return try root.optionalString("eos_token")
  }
}
