import Corpus
import Foundation
import Store
import Tokenizers

/// A folder that goes away with its owner.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "study-tests-" + UUID().uuidString
    try Folder.make(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try AtomicFile.write(text: text, to: path + "/" + name)
    return path + "/" + name
  }
}

/// A cut-down tokenizer, as the tests of the tokenizers have it.
func cutDownTokenizer(_ name: String = "qwen2") throws -> Tokenizer {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return try Tokenizer.load(
    from: folder.appending(path: "TokenizersTests/Fixtures/\(name).tokenizer.json").path())
}

/// A chunk for every text, of the sources "a" and "b" in turn.
func writeChunks(
  _ texts: [String], tokenizer: Tokenizer, to folder: String, chunksPerShard: Int = 1000
) throws -> TokenShards {
  var options = ShardOptions()
  options.chunksPerShard = chunksPerShard
  var writer = try ShardWriter(
    folder: folder, vocabularySize: tokenizer.vocabularySize, options: options)
  let sources = try [writer.sources.id(of: "a"), writer.sources.id(of: "b")]
  for (index, text) in texts.enumerated() {
    try writer.append(
      PackedChunk(
        source: sources[index % 2], tokens: tokenizer.encode(text),
        pieces: [ChunkPiece(document: Int64(index), tokenStart: 0)]))
  }
  try writer.finish()
  return try TokenShards(folder: folder)
}
