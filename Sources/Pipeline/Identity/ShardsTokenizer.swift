import Corpus
import DifferenceSampling
import LanguageModels
import Store
public import Tokenizers

/// What shards say of the tokenizer that made them, whoever wrote them: a pack, a conversion, a
/// commit or a split. Shards of other programs say nothing.
public struct ShardsTokenizer: Sendable, Equatable {
  /// `Tokenizer.digest`.
  public var digest: String?
  /// The token that ends documents.
  public var endOfText: Int32?
  public var vocabularySize: Int?

  private let shards: String

  /// Reads the records beside shards: a folder, or a part of one.
  ///
  /// - Throws: `CorpusError`, `StoreError` for records that cannot be read.
  public init(ofShards path: String) throws {
    shards = path
    let folder = ShardLocation(path).folder
    if let packed = try CorpusBuilder.manifest(of: folder) {
      (digest, endOfText) = (packed.tokenizer, packed.endOfText)
      vocabularySize = packed.vocabularySize
    } else if let converted = try ShardConversion.record(in: folder) {
      (digest, endOfText) = (converted.newTokenizer, converted.settings.newEndOfText)
    } else if Folder.exists("\(folder)/\(CommitManifest.fileName)") {
      let commit = try CommitManifest.read(folder: folder)
      (digest, endOfText) = (commit.tokenizer?.digest, commit.endOfText)
      vocabularySize = commit.vocabularySize
    } else if Folder.exists("\(folder)/\(ReserveRecord.fileName)") {
      let split = try ReserveRecord(path: folder)
      (digest, endOfText) = (split.tokenizer, split.endOfText)
      vocabularySize = split.vocabularySize
    }
  }

  /// Loads the tokenizer in `place`, a tokenizer.json or its folder, for these shards.
  ///
  /// - Parameter option: names the place in the error.
  /// - Throws: `TokenizerError`; `PipelineError.setting` when the shards were made by another one: its
  ///   ids mean other text. Shards that do not say get a note.
  public static func load(
    _ place: String, ofShards path: String, option: String = "tokenizer", _ work: Work
  ) throws -> Tokenizer {
    let tokenizer = try Tokenizer.load(from: place)
    try ShardsTokenizer(ofShards: path).require(tokenizer.digest, at: place, option: option, work)
    return tokenizer
  }

  /// Refuses a tokenizer that did not make the shards.
  func require(_ found: String, at place: String, option: String, _ work: Work) throws {
    guard let digest else {
      work.note("\(shards) does not say by which tokenizer it was made; \(place) is taken for it")
      return
    }
    guard found == digest else {
      throw PipelineError.setting(
        name: option, found: "\(place) (sha256 \(found.prefix(12)))",
        expected: "the tokenizer that made \(shards) (sha256 \(digest.prefix(12)))")
    }
  }

  /// Warns of a model that brings another tokenizer than the shards': other files may hold the same
  /// vocabulary, which nothing here can tell.
  func compare(with model: ModelFolder, _ work: Work) throws {
    guard let digest, let file = model.tokenizerFile else { return }
    // One that cannot be read here has not made the shards either.
    let own = try (try? Tokenizer.load(from: file))?.digest ?? Digest.sha256(file: file)
    if own != digest {
      work.note(
        "the model in \(model.path) brings another tokenizer (sha256 \(own.prefix(12))) than the one "
          + "that made \(shards) (sha256 \(digest.prefix(12))): unless both have the same ids, its "
          + "losses mean nothing", .warning)
    }
  }
}
