import Corpus
import LanguageModels
import Pipeline
import Store
import Tokenizers
import Training

/// The project's parts of the corpus as later stages open them.
enum Parts {
  /// The manifest of a packed part.
  static func manifest(
    _ part: CorpusPart, _ folder: ProjectFolder
  ) throws -> CorpusManifest {
    let path = folder.shards(part)
    guard let manifest = try CorpusBuilder.manifest(of: path) else {
      throw EngineError.missing(
        stage: "go on", needs: "the packed \(part.rawValue) corpus", path: path)
    }
    return manifest
  }

  /// Evaluation on the held-out part, or on so many of its chunks; nil when the project has none.
  static func heldOut(
    _ context: StageContext, _ configuration: TrainingConfiguration, limit: Int = .max
  ) throws -> HeldOutEvaluation? {
    let path = context.folder.shards(.heldOut)
    guard Folder.exists(path + "/" + CorpusManifest.fileName) else { return nil }
    let shards = try TokenShards(folder: path)
    let tokenizer = try Tokenizer.load(from: context.folder.tokenizerFolder(context.settings))
    return HeldOutEvaluation(
      chunks: SpreadChunks(shards, limit: limit), chunkTokens: configuration.chunkTokens,
      endOfSequenceToken: configuration.endOfSequenceToken,
      chunksPerBatch: configuration.chunksPerMicroBatch,
      tokenByteCounts: (0..<tokenizer.vocabularySize).map { tokenizer.bytes(of: Int32($0)).count })
  }
}

extension ProjectFolder {
  /// The folder of the project's tokenizer, its own or the user's.
  func tokenizerFolder(_ settings: ProjectSettings) -> String {
    switch settings.tokenizer {
    case .trained: tokenizer
    case .path(let path): path.hasSuffix(".json") ? Folder.parent(of: path) : path
    }
  }

  /// The folder of the teacher or the reference.
  func modelFolder(_ role: String, _ origin: ModelOrigin) -> String {
    switch origin {
    case .folder(let path): path
    case .trained, .unset: model(role)
    }
  }
}
