public import Store
public import TensorKit

/// `manifest.json`: what a committed corpus was made from and what it holds.
public struct CommitManifest: Sendable, Codable, Equatable {
  /// What a commit holds.
  public enum Kind: String, Sendable, Codable {
    /// Chosen by difference sampling.
    case refined
    /// A uniform sample, to compare with.
    case uniform
  }

  /// Version of this format.
  public var format = 1
  public var kind: Kind
  /// For example "demo-r0.50".
  public var name: String
  /// The folder's name, for example "0003-r0.50".
  public var version: String
  /// When it was made, as the caller gave it: the only value that differs between equal commits.
  public var createdAt: String
  /// Program and version.
  public var program: String
  public var corpus: ArtifactIdentity
  public var tokenizer: ArtifactIdentity?
  /// What the tokenizer is, whatever file it came from; nil in older records.
  public var tokenizerFingerprint: TokenizerFingerprint?
  /// The token that ends documents, and the number of ids, where the scored shards state them.
  public var endOfText: Int32?
  public var vocabularySize: Int?
  public var teacher: ArtifactIdentity?
  public var reference: ArtifactIdentity?
  /// In which teacher and reference scored; only for a refined corpus.
  public var scoringPrecision: Precision?
  /// Checks that failed before the scoring and were waived; only for a refined corpus, nil where none
  /// was.
  public var waived: String?
  /// What decided; only for a refined corpus.
  public var selection: SelectionSettings?
  /// What leaves the published method, in words.
  public var departures: [String]
  /// What a person has written about chunks; only for a refined corpus, nil without any.
  public var notes: [ChunkNote]?
  /// How far a person who read chunks blind agrees; only for a refined corpus, nil where nobody has.
  public var reading: ReadingAgreement?
  /// Of the last chunk within the rule what it was ranked by (the difference, in the method), nats
  /// per token.
  public var threshold: Float?
  /// Seed of the order of scoring, or of the sample; nil where the scores do not state it.
  public var seed: UInt64?
  /// Tokens that a uniform sample was to have.
  public var tokenBudget: Int?
  /// Kept and total chunks and tokens.
  public var all: SourceShare
  /// The same by source.
  public var sources: [SourceShare]
  /// Chunks left out because they have no finite score, or none at all.
  public var nonFinite: [Int]
  public var unscored: Int
  /// Files that were read.
  public var inputs: [FileRecord]
  /// Files that were written, but this one.
  public var outputs: [FileRecord]

  /// The file's name.
  public static let fileName = "manifest.json"

  /// Reads the manifest of the commit in `folder`.
  public static func read(folder: String) throws(StoreError) -> CommitManifest {
    try JSONFile.read(CommitManifest.self, from: "\(folder)/\(fileName)")
  }

  /// Names of all commits of a project, oldest first; folders without a manifest are none.
  public static func versions(commitsFolder: String) throws(StoreError) -> [String] {
    guard Folder.exists(commitsFolder) else { return [] }
    var versions: [(number: Int, name: String)] = []
    for name in try Folder.list(commitsFolder) {
      guard let number = CommitVersion.number(of: name),
        Folder.exists("\(commitsFolder)/\(name)/\(fileName)")
      else { continue }
      versions.append((number, name))
    }
    return versions.sorted { $0.number < $1.number }.map(\.name)
  }

  /// All commits of a project, oldest first.
  public static func list(commitsFolder: String) throws(StoreError) -> [CommitManifest] {
    var manifests: [CommitManifest] = []
    for version in try versions(commitsFolder: commitsFolder) {
      manifests.append(try read(folder: "\(commitsFolder)/\(version)"))
    }
    return manifests
  }
}
