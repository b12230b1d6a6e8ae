import Corpus
public import Store

/// Names and digests of what scores and commits depend on.
public enum Identities {
  /// A model's folder: digest of its weights and configuration.
  public static func model(_ folder: String) throws -> ArtifactIdentity {
    ArtifactIdentity(name: name(folder), digest: try FileRecord.digest(of: modelFiles(folder)))
  }

  /// Token shards: the digest of `TokenShards.identity()`, which needs no pass over all tokens.
  public static func shards(_ folder: String) throws -> ArtifactIdentity {
    ArtifactIdentity(name: name(folder), digest: try TokenShards(folder: folder).identity())
  }

  /// The tokenizer.
  public static func tokenizer(_ folder: String) throws -> ArtifactIdentity {
    ArtifactIdentity(
      name: name(folder), digest: try Digest.sha256(file: folder + "/tokenizer.json"))
  }

  /// Every file that scores depend on.
  public static func inputs(
    shards: String, teacher: String, reference: String, tokenizer: String?
  ) throws -> [FileRecord] {
    try shardFiles(shards, prefix: "shards/")
      + modelFiles(teacher, prefix: "teacher/")
      + modelFiles(reference, prefix: "reference/")
      + (tokenizer.map {
        [try FileRecord(folder: $0, name: "tokenizer.json", prefix: "tokenizer/")]
      } ?? [])
  }

  private static func modelFiles(_ folder: String, prefix: String = "") throws -> [FileRecord] {
    try FileRecord.list(folder: folder, suffixes: [".safetensors"], prefix: prefix)
      + [FileRecord(folder: folder, name: "config.json", prefix: prefix)]
  }

  private static func shardFiles(_ folder: String, prefix: String = "") throws -> [FileRecord] {
    let location = ShardLocation(folder)
    let names = try TokenShards(location).shardPaths.map {
      $0.split(separator: "/").last.map(String.init) ?? $0
    }
    return try names.flatMap { [$0 + ".bin", $0 + ".idx"] }.sorted().map {
      try FileRecord(folder: location.folder, name: $0, prefix: prefix)
    }
  }

  private static func name(_ folder: String) -> String {
    folder.split(separator: "/").last.map(String.init) ?? folder
  }
}
