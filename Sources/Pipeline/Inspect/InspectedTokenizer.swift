import Foundation
import LanguageModels
import Numerics
import Store
import Tokenizers

/// A tokenizer.json, the folder that holds one, or a GGUF file with a vocabulary alone.
enum InspectedTokenizer: InspectedKind {
  static let words = "a tokenizer.json or its folder"

  static func matches(_ path: String) -> Bool {
    if Folder.isFolder(path) { return Folder.exists("\(path)/\(ModelFolder.tokenizerName)") }
    if ModelFolder(path).tokenizerFile == path { return true }
    guard path.hasSuffix(".json"), Folder.exists(path) else { return false }
    if Inspect.name(path).contains("tokenizer") { return true }
    // Under another name, what every tokenizer.json has and no other file of ours.
    guard let file = try? MappedFile(path: path) else { return false }
    let text = Data(file.bytes)
    return text.range(of: Data("\"pre_tokenizer\"".utf8)) != nil
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let tokenizer = try Tokenizer.load(from: inspection.path)
    return [
      "tokenizer, \(Number.grouped(tokenizer.vocabularySize)) ids",
      "end of text \(tokenizer.endOfTextID.map(String.init) ?? "not named")",
      "sha256 \(tokenizer.digest)",
    ]
      + (tokenizer.documentEnd(at: inspection.path)
        .flatMap { $0.id == tokenizer.endOfTextID ? nil : ["documents end with \($0.words)"] } ?? [])
  }
}
