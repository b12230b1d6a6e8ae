/// Name and content of a model or a corpus, as manifests record them.
public struct ArtifactIdentity: Sendable, Codable, Equatable {
  /// What people call it.
  public var name: String
  /// Hexadecimal SHA-256 of its content.
  public var digest: String

  public init(name: String, digest: String) {
    self.name = name
    self.digest = digest
  }
}
