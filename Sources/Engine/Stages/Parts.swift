import Corpus
import Pipeline
import Store

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

  /// The held-out part, or so many of its chunks; nil when the project has none.
  static func heldOut(_ context: StageContext, limit: Int = .max) -> HeldOut? {
    let path = context.folder.shards(.heldOut)
    guard Folder.exists("\(path)/\(CorpusManifest.fileName)") else { return nil }
    return HeldOut(
      shards: path, limit: limit, choice: .spread,
      tokenizer: context.folder.tokenizerFolder(context.settings))
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
