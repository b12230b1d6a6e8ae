public import Corpus
public import LanguageModels
import Numerics
public import Store
public import Tokenizers

/// Names and digests of what scores and commits depend on.
///
/// Digests are made once and kept (`FileDigests`); making one can be stopped and tells how far it
/// is. Every method throws `WorkStopped` when it was stopped.
public struct Identities {
  private let digests: FileDigests
  private let work: Work

  public init(_ digests: FileDigests, _ work: Work = Work()) {
    self.digests = digests
    self.work = work
  }

  /// A model: digest of its weights and configuration.
  public func model(_ folder: ModelFolder) throws -> ArtifactIdentity {
    ArtifactIdentity(name: folder.name, digest: try FileRecord.digest(of: files(of: folder)))
  }

  /// Token shards: the digest of `TokenShards.identity()`, which needs no pass over all tokens.
  public func shards(_ shards: TokenShards, at path: String) throws -> ArtifactIdentity {
    try work.checkpoint()
    return ArtifactIdentity(name: Self.name(path), digest: try shards.identity())
  }

  /// The tokenizer in a folder.
  public func tokenizer(
    _ folder: String
  ) throws -> (tokenizer: Tokenizer, artifact: ArtifactIdentity) {
    try work.checkpoint()
    let tokenizer = try Tokenizer.load(from: folder)
    return (tokenizer, ArtifactIdentity(name: Self.name(folder), digest: tokenizer.digest))
  }

  /// Every file that scores depend on.
  ///
  /// - Parameter tokenizer: its folder, or the GGUF file that holds it.
  public func inputs(
    shards: String, teacher: ModelFolder, reference: ModelFolder, tokenizer: String?
  ) throws -> [FileRecord] {
    var records = try files(ofShards: shards, prefix: "shards/")
    records += try files(of: teacher, prefix: "teacher/")
    records += try files(of: reference, prefix: "reference/")
    if let tokenizer {
      let file = ModelFolder(tokenizer).tokenizerFile ?? "\(tokenizer)/\(Self.tokenizerFile)"
      records.append(
        try record(
          folder: Folder.parent(of: file), name: Self.name(file), prefix: "tokenizer/"))
    }
    return records
  }

  private func files(of folder: ModelFolder, prefix: String = "") throws -> [FileRecord] {
    try folder.identityFiles().map {
      try record(folder: folder.identityFolder, name: $0, prefix: prefix)
    }
  }

  private func files(ofShards path: String, prefix: String) throws -> [FileRecord] {
    let location = ShardLocation(path)
    return try TokenShards(location).shardPaths.map(Self.name)
      .flatMap { ["\($0).bin", "\($0).idx"] }.sorted()
      .map { try record(folder: location.folder, name: $0, prefix: prefix) }
  }

  private func record(folder: String, name: String, prefix: String) throws -> FileRecord {
    try work.reading("\(folder)/\(name)") { goesOn throws(StoreError) in
      try FileRecord(
        folder: folder, name: name, prefix: prefix, digests: digests, goesOn: goesOn)
    }
  }

  private static let tokenizerFile = ModelFolder.tokenizerName

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

extension Work {
  /// Reads a file for its digest, with progress.
  ///
  /// - Throws: `WorkStopped` when it was stopped on request.
  func reading<Result>(
    _ path: String, _ body: ((Int64) -> Bool) throws(StoreError) -> Result
  ) throws -> Result {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    do throws(StoreError) {
      return try body { bytes in
        goesOn(WorkProgress(nil, detail: "digest of \(name), \(Number.bytes(Int(bytes))) read"))
      }
    } catch {
      if case .stopped = error { throw WorkStopped() }
      throw error
    }
  }
}
