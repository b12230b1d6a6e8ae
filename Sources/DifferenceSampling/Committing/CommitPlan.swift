import Corpus
import Numerics
import Store

/// What a commit would write.
public struct CommitPlan: Sendable, Equatable {
  /// A file and about how large it will be.
  public struct File: Sendable, Equatable {
    public var name: String
    public var bytes: Int
    /// What is in it.
    public var note: String
  }

  /// The folder that would appear.
  public var folder: String
  /// For example "demo-r0.50".
  public var name: String
  public var chunks: Int
  public var tokens: Int
  public var files: [File]
  /// Free space on its disk, bytes.
  public var freeBytes: Int
  /// The card.
  public var card: String

  /// Sum of the sizes.
  public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
}

extension CorpusCommit {
  /// What `write` would do now. Sizes of shards are exact, the others close.
  public func plan() throws -> CommitPlan {
    let version = try CommitVersion.next(in: context.commitsFolder, label: label)
    let manifest = manifest(version: version, outputs: [])
    let card = CommitCard(manifest).text
    let shards = context.shards
    let width =
      context.vocabularySize.map { TokenType(vocabularySize: $0).width }
      ?? (shards.holdsWideTokens ? TokenType.int32 : .uint16).width
    var files: [CommitPlan.File] = []
    let perShard = ShardOptions().chunksPerShard
    for (shard, start) in stride(from: 0, to: chunks.count, by: perShard).enumerated() {
      let part = chunks[start..<min(chunks.count, start + perShard)]
      let tokens = part.reduce(0) { $0 + shards.length(of: $1) }
      let pieces = part.reduce(0) { $0 + shards.documents(of: $1).count }
      files += [
        .init(
          name: "data_\(shard).bin", bytes: tokens * width, note: "\(Number.grouped(tokens)) tokens"
        ),
        .init(
          name: "data_\(shard).idx", bytes: 42 + 12 * part.count,
          note: "\(Number.grouped(part.count)) chunks"),
        .init(
          name: "data_\(shard).chunks.safetensors", bytes: 500 + 10 * part.count + 12 * pieces,
          note: "sources and documents"),
      ]
    }
    files.append(
      .init(
        name: Self.keptName, bytes: 600 + 26 * chunks.count,
        note: "ids and scores in the scored corpus"))
    if case .refined(let selection, _) = content {
      let dropped = selection.index.scoredCount - chunks.count
      files += [
        .init(name: Self.droppedName, bytes: 600 + 26 * dropped, note: "ids and scores"),
        .init(
          name: ChunkScoresFile.name,
          bytes: (try? MappedFile(path: context.scoresPath).bytes.count)
            ?? 600 + 26 * selection.index.scoredCount,
          note: "all scores"),
        .init(
          name: Self.selectionName,
          bytes: try JSONFile.text(of: selection.settings).utf8.count + 1, note: "settings"),
      ]
    }
    files += [
      .init(name: CommitCard.fileName, bytes: card.utf8.count, note: "card"),
      .init(
        name: CommitManifest.fileName,
        bytes: try JSONFile.text(of: manifest).utf8.count + 150 * files.count,
        note: "sha256 of all"),
    ]
    return CommitPlan(
      folder: "\(context.commitsFolder)/\(version)", name: manifest.name, chunks: chunks.count,
      tokens: manifest.all.keptTokens, files: files,
      freeBytes: try DiskSpace.free(at: context.commitsFolder), card: card)
  }

  /// The scores of the chunks of a commit, in their order, under their numbers in the scored corpus.
  public static var keptName: String { "kept.safetensors" }
  static var droppedName: String { "dropped.safetensors" }
  static var selectionName: String { "selection.json" }
}
