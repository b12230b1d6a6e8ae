public import Store

/// `logits.json` of a cache: whose distributions it holds, over which chunks, and how much of them.
public struct LogitCacheManifest: Codable, Sendable, Equatable {
  /// Name of the file.
  public static let fileName = "logits.json"

  public var formatVersion = 1
  /// With what was kept.
  public var teacher: DistillationTeacher
  public var temperature: Double
  /// Columns of the teacher's vocabulary that the distributions are over.
  public var vocabularySize: Int
  /// `ChunkSource.fingerprint()` of the chunks.
  public var dataFingerprint: String
  public var chunks: Int
  /// Most tokens taken of a chunk.
  public var chunkTokens: Int
  /// Chunks of one part, and of one pass of the teacher: the bits depend on how passes are cut.
  public var chunksPerPart: Int
  public var chunksPerPass: Int
  /// What was written; nil until all parts are there.
  public var contents: Contents?

  /// The size of a whole cache.
  public struct Contents: Codable, Sendable, Equatable {
    /// Positions that have a distribution.
    public var positions: Int
    /// Kept tokens of all of them.
    public var entries: Int
    /// Of all parts.
    public var bytes: Int

    public init(positions: Int, entries: Int, bytes: Int) {
      self.positions = positions
      self.entries = entries
      self.bytes = bytes
    }

    public var bytesPerToken: Double { Double(bytes) / Double(max(1, positions)) }
  }

  public init(
    teacher: DistillationTeacher, temperature: Double, vocabularySize: Int,
    dataFingerprint: String, chunks: Int, chunkTokens: Int, chunksPerPart: Int, chunksPerPass: Int
  ) {
    self.teacher = teacher
    self.temperature = temperature
    self.vocabularySize = vocabularySize
    self.dataFingerprint = dataFingerprint
    self.chunks = chunks
    self.chunkTokens = chunkTokens
    self.chunksPerPart = chunksPerPart
    self.chunksPerPass = chunksPerPass
  }

  public var partCount: Int { (chunks + chunksPerPart - 1) / chunksPerPart }

  /// The chunks of a part.
  public func chunks(ofPart part: Int) -> Range<Int> {
    part * chunksPerPart..<min(chunks, (part + 1) * chunksPerPart)
  }

  /// The file of a part, in the cache's folder.
  public func partName(_ part: Int) -> String {
    let digits = String(part)
    return "logits-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      + ".safetensors"
  }

  /// The manifest of a cache that is whole or was begun; nil where there is none.
  ///
  /// - Throws: `StoreError`.
  public static func find(folder: String) throws(StoreError) -> LogitCacheManifest? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }

  /// The manifest of a whole cache.
  ///
  /// - Throws: `DistillationError.cache`, `StoreError`.
  public static func read(folder: String) throws -> LogitCacheManifest {
    func fault(_ found: String, _ expected: String, _ advice: String) -> DistillationError {
      .cache(path: folder, found: found, expected: expected, advice: advice)
    }
    guard let manifest = try find(folder: folder) else {
      throw fault(
        "no \(fileName)", "a cache of a teacher's distributions",
        "Make one with 'miniplm cache-logits'.")
    }
    guard manifest.formatVersion == 1, manifest.chunks > 0, manifest.chunksPerPart > 0,
      manifest.vocabularySize > 0, manifest.chunkTokens > 1, manifest.teacher.cache != nil
    else {
      throw fault(
        "a \(fileName) of format \(manifest.formatVersion) that cannot be read", "format 1",
        "Make the cache again.")
    }
    guard manifest.contents != nil else {
      throw fault(
        "a cache that was begun and is not whole", "all \(manifest.partCount) parts",
        "Let the command that makes it finish.")
    }
    return manifest
  }

  /// Writes it into the cache's folder.
  public func write(folder: String) throws(StoreError) {
    try JSONFile.write(self, to: "\(folder)/\(Self.fileName)")
  }
}
