import Corpus
import DifferenceSampling
import LanguageModels
import Store
public import Tokenizers

/// What shards say of the tokenizer that made them, whoever wrote them: a pack, a conversion,
/// a teacher's continuation, a commit or a split. Shards of other programs say nothing.
public struct ShardsTokenizer: Sendable, Equatable {
  public var identity: TokenizerIdentity?
  /// The token that ends documents.
  public var endOfText: Int32?
  public var vocabularySize: Int?

  /// `Tokenizer.digest`.
  public var digest: String? { identity?.digest }

  private let shards: String

  /// Reads the records beside shards: a folder, or a part of one.
  ///
  /// - Throws: `CorpusError`, `StoreError` for records that cannot be read.
  public init(ofShards path: String) throws {
    shards = path
    let folder = ShardLocation(path).folder
    if let packed = try CorpusBuilder.manifest(of: folder) {
      (identity, endOfText) = (packed.tokenizerIdentity, packed.endOfText)
      vocabularySize = packed.vocabularySize
    } else if let converted = try ShardConversion.record(in: folder) {
      (identity, endOfText) = (converted.newIdentity, converted.settings.newEndOfText)
    } else if let continued = try ContinuationRecord.read(in: folder) {
      (identity, endOfText) = (continued.tokenizerIdentity, continued.endOfText)
      vocabularySize = continued.vocabularySize
    } else if Folder.exists("\(folder)/\(CommitManifest.fileName)") {
      let commit = try CommitManifest.read(folder: folder)
      identity = commit.tokenizer.map {
        TokenizerIdentity(digest: $0.digest, fingerprint: commit.tokenizerFingerprint)
      }
      (endOfText, vocabularySize) = (commit.endOfText, commit.vocabularySize)
    } else if Folder.exists("\(folder)/\(ReserveRecord.fileName)") {
      let split = try ReserveRecord(path: folder)
      identity = split.tokenizer.map {
        TokenizerIdentity(digest: $0, fingerprint: split.tokenizerFingerprint)
      }
      (endOfText, vocabularySize) = (split.endOfText, split.vocabularySize)
    }
  }

  /// How a tokenizer stands to the one that made the shards.
  enum Judgement: Equatable {
    /// The shards do not say what made them.
    case unrecorded
    /// The same, whatever file it comes from.
    case identical
    /// Another one by its content, that gives the same ids: in what they differ.
    case sameIDs(String)
    /// It gives other ids, or has other tokens.
    case different(String)
    /// Another file, and nothing tells what was in the one that made the shards.
    case unknown
  }

  /// The one place where a tokenizer is judged: by the records, and where they do not settle it by the
  /// shards' own tokenizer, if that is among `known`.
  func judge(_ tokenizer: Tokenizer, known: [Tokenizer] = []) throws -> Judgement {
    guard let identity else { return .unrecorded }
    let outcome = identity.compared(with: try tokenizer.identity())
    if outcome == .identical { return .identical }
    for maker in known where identity.compared(with: try maker.identity()) == .identical {
      let comparison = TokenizerComparison(maker, tokenizer)
      switch comparison.outcome {
      case .identical: return .identical
      case .sameIDs: return .sameIDs(comparison.words)
      case .different: return .different(comparison.words)
      }
    }
    return Self.judgement(outcome)
  }

  private static func judgement(_ outcome: TokenizerComparison.Outcome?) -> Judgement {
    switch outcome {
    case .identical: .identical
    case .sameIDs:
      .sameIDs("the same tokens and the same ids for every text that was tried, spelt differently")
    case .different: .different("other tokens, or other ids for a text that was tried")
    case nil: .unknown
    }
  }

  /// Loads the tokenizer in `place`, a tokenizer.json, its folder or a GGUF file, for these shards.
  ///
  /// - Parameter option: names the place in the error.
  /// - Throws: `TokenizerError`; `PipelineError.setting` when the shards were made by another one: its
  ///   ids mean other text. Shards that do not say get a note.
  public static func load(
    _ place: String, ofShards path: String, option: String = "tokenizer", _ work: Work
  ) throws -> Tokenizer {
    let tokenizer = try Tokenizer.load(from: place)
    try ShardsTokenizer(ofShards: path).require(tokenizer, at: place, option: option, work)
    return tokenizer
  }

  /// Refuses a tokenizer that did not make the shards.
  func require(_ found: Tokenizer, at place: String, option: String, _ work: Work) throws {
    try require(judge(found), digest: found.digest, at: place, option: option, work)
  }

  /// The same of what packs texts.
  func require(
    _ found: TokenizerEncoding, at place: String, option: String, _ work: Work
  ) throws {
    let judgement =
      identity.map { Self.judgement($0.compared(with: found.tokenizerIdentity)) } ?? .unrecorded
    try require(judgement, digest: found.identity, at: place, option: option, work)
  }

  private func require(
    _ judgement: Judgement, digest found: String, at place: String, option: String, _ work: Work
  ) throws {
    switch judgement {
    case .identical: return
    case .unrecorded:
      work.note("\(shards) does not say by which tokenizer it was made; \(place) is taken for it")
    case .sameIDs(let words):
      work.note("\(place) is taken for the tokenizer that made \(shards): \(words)")
    case .different, .unknown:
      var words = ""
      if case .different(let known) = judgement { words = ": \(place) has \(known)" }
      throw PipelineError.setting(
        name: option, found: "\(place) (sha256 \(found.prefix(12)))",
        expected: "the tokenizer that made \(shards) (sha256 \((digest ?? "").prefix(12)))\(words)")
    }
  }

  /// Warns of a model that brings another tokenizer than the shards'.
  ///
  /// - Parameter place: of a tokenizer that was named, which may be the shards' own.
  /// - Parameter option: names a model that must have the shards' own ids: one of others is refused.
  /// - Throws: `PipelineError.setting`.
  func compare(
    with model: ModelFolder, tokenizer place: String? = nil, requiredOf option: String? = nil,
    _ work: Work
  ) throws {
    guard let digest, let file = model.tokenizerFile else { return }
    let judgement: Judgement
    let own: String
    if let tokenizer = try? Tokenizer.load(from: file) {
      let known = place.flatMap { try? Tokenizer.load(from: $0) }
      judgement = try judge(tokenizer, known: known.map { [$0] } ?? [])
      own = tokenizer.digest
    } else {
      // One that cannot be read here has not made the shards either.
      own = try Digest.sha256(file: file)
      judgement = own == digest ? .identical : .unknown
    }
    let names =
      "the model in \(model.path) brings another tokenizer (sha256 \(own.prefix(12))) than the one "
      + "that made \(shards) (sha256 \(digest.prefix(12)))"
    switch judgement {
    case .unrecorded, .identical: return
    case .sameIDs(let words): work.note("\(names): \(words)")
    case .different(let words):
      if let option {
        throw PipelineError.setting(
          name: option, found: "\(model.path), whose tokenizer has \(words)",
          expected: "a model of the tokenizer that made \(shards)")
      }
      work.note("\(names): \(words); its losses mean nothing", .warning)
    case .unknown:
      work.note("\(names): unless both have the same ids, its losses mean nothing", .warning)
    }
  }
}
