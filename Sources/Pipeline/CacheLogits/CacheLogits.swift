import Corpus
import Foundation
public import LanguageModels
import Numerics
import Store
public import TensorKit
public import Training

/// Keeps some tokens of a teacher's distribution at every position of a corpus, so that students can be
/// distilled without the teacher.
///
/// Parts appear as they are done: stopped or killed, the same verb goes on and gives the same bytes.
public struct CacheLogits {
  public struct Settings: Sendable {
    public var kept: KeptTokens
    public var temperature: Double
    /// Columns of the teacher's vocabulary; nil takes all.
    public var vocabularySize: Int?
    /// Most tokens taken of a chunk.
    public var chunkTokens: Int
    public var precision: Precision

    public init(
      _ kept: KeptTokens, temperature: Double = 1, vocabularySize: Int? = nil,
      chunkTokens: Int = 1025, precision: Precision = .f32
    ) {
      self.kept = kept
      self.temperature = temperature
      self.vocabularySize = vocabularySize
      self.chunkTokens = chunkTokens
      self.precision = precision
    }
  }

  /// Chunks of a part, which is what a kill can cost.
  static let chunksPerPart = 64
  /// Tokens of one pass of the teacher.
  static let tokensPerPass = 4096

  private let teacher: ModelFolder
  private let shards: String
  private let output: String
  private let settings: Settings
  private let compute: Ops

  /// - Parameter output: folder of the cache; one that was begun with the same settings goes on.
  public init(
    teacher: ModelFolder, shards: String, into output: String, _ settings: Settings, compute: Ops
  ) {
    self.teacher = teacher
    self.shards = shards
    self.output = output
    self.settings = settings
    self.compute = compute
  }

  /// Makes what is missing; the manifest of the whole cache.
  ///
  /// - Throws: `PipelineError.setting`, also for a teacher of another tokenizer than the shards';
  ///   `PipelineError.otherSettings` where the folder holds another cache; `ModelError`, `CorpusError`,
  ///   `StoreError`; `WorkStopped` with every finished part on disk.
  public func run(_ work: Work) throws -> LogitCacheManifest {
    let configuration = try work.examine(
      teacher, precision: settings.precision, for: .scoring, compute: compute)
    try checkSettings(configuration)
    if let own = teacher.tokenizerIfPresent {
      _ = try ShardsTokenizer.load(own, ofShards: shards, option: "teacher", work)
    }
    let output = try OutputPath(folder: output)
    try output.requireApart(
      from: WhatIsRead.shards(shards) + [(teacher.path, "the teacher")], mayBeInside: true)
    return try work.holding([.folder(output.path)]) {
      try fill(output, configuration, work)
    }
  }

  private func checkSettings(_ configuration: ModelConfiguration) throws(PipelineError) {
    let (name, count, most): (String, Int, Int) =
      switch settings.kept {
      case .draws(let count, _): ("samples", count, Int(UInt16.max))
      case .likeliest(let count):
        ("topK", count, min(Int(UInt16.max), configuration.vocabularySize))
      }
    guard (1...most).contains(count) else {
      throw .setting(name: name, found: "\(count)", expected: "1 to \(most)")
    }
    guard settings.chunkTokens > 1, settings.chunkTokens <= 1 << 24 else {
      throw .setting(
        name: "chunkTokens", found: "\(settings.chunkTokens)", expected: "2 to \(1 << 24)")
    }
    let columns = settings.vocabularySize ?? configuration.vocabularySize
    guard (1...configuration.vocabularySize).contains(columns), columns <= 1 << 24 else {
      throw .setting(
        name: "vocabulary", found: "\(columns)",
        expected: "1 to \(configuration.vocabularySize), the columns of the teacher")
    }
  }

  private func fill(
    _ output: OutputPath, _ configuration: ModelConfiguration, _ work: Work
  ) throws -> LogitCacheManifest {
    let folder = output.path
    let chunks = try TokenShards(ShardLocation(shards))
    try LongChunks.note(
      in: chunks, beyond: settings.chunkTokens, option: "chunk-tokens", shards, models: [teacher],
      work)
    var manifest = try manifest(chunks, configuration, work)
    if let earlier = try LogitCacheManifest.find(folder: folder) {
      try requireSame(earlier, manifest)
      if earlier.contents != nil {
        work.note("the cache is whole")
        return earlier
      }
    } else {
      try output.requireFree()
      try manifest.write(folder: folder)
    }
    if settings.kept.isBiased {
      work.note(
        "the gradient of the likeliest tokens is biased: draws (--samples) are not", .warning)
    }
    let rooms = try CacheRooms(manifest, configuration, settings, compute)
    work.note(
      "keeping \(settings.kept) in \(MemoryText.plan(of: rooms.memory, settings.precision))")
    let missing = (0..<manifest.partCount).filter {
      !Folder.exists("\(folder)/\(manifest.partName($0))")
    }
    if !missing.isEmpty {
      let writer = try CacheWriter(
        manifest, chunks: chunks,
        model: teacher.load(
          precision: settings.precision, purpose: .scoring, compute: compute, work),
        rooms, folder: folder)
      for part in missing { try writer.write(part, work) }
      try chunks.requireUnchanged()
    }
    manifest.contents = try contents(manifest, folder: folder)
    try manifest.write(folder: folder)
    return manifest
  }

  private func manifest(
    _ chunks: TokenShards, _ configuration: ModelConfiguration, _ work: Work
  ) throws -> LogitCacheManifest {
    var record = DistillationTeacher(
      try Identities(FileDigests(), work).model(teacher), configuration, settings.precision,
      length: max(1, Int(chunks.meanInputs(chunkTokens: settings.chunkTokens).rounded())))
    record.cache = settings.kept
    let manifest = LogitCacheManifest(
      teacher: record, temperature: settings.temperature,
      vocabularySize: settings.vocabularySize ?? configuration.vocabularySize,
      dataFingerprint: try chunks.fingerprint(), chunks: chunks.count,
      chunkTokens: settings.chunkTokens, chunksPerPart: Self.chunksPerPart,
      chunksPerPass: min(
        Self.chunksPerPart, max(1, Self.tokensPerPass / (settings.chunkTokens - 1))))
    try DistillationSettings(ratio: 1, temperature: settings.temperature, teacher: record)
      .validate()
    return manifest
  }

  /// Refuses a folder with another cache.
  private func requireSame(
    _ earlier: LogitCacheManifest, _ wanted: LogitCacheManifest
  ) throws(PipelineError) {
    var same = earlier
    same.contents = nil
    guard same != wanted else { return }
    func words(_ manifest: LogitCacheManifest) -> String {
      "teacher \(manifest.teacher), temperature \(manifest.temperature), "
        + "\(manifest.vocabularySize) columns, \(manifest.chunks) chunks of up to "
        + "\(manifest.chunkTokens) tokens with fingerprint \(manifest.dataFingerprint.prefix(12))"
    }
    throw .otherSettings(path: output, found: words(earlier), expected: words(wanted))
  }

  /// Looks at every part.
  private func contents(
    _ manifest: LogitCacheManifest, folder: String
  ) throws -> LogitCacheManifest.Contents {
    var contents = LogitCacheManifest.Contents(positions: 0, entries: 0, bytes: 0)
    for part in 0..<manifest.partCount {
      let path = "\(folder)/\(manifest.partName(part))"
      let size = try LogitCachePart(path: path, part: part, of: manifest).size
      contents.positions += size.positions
      contents.entries += size.entries
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      contents.bytes += attributes[.size] as? Int ?? 0
    }
    return contents
  }
}

/// Memory of a cache in the making.
struct CacheRooms {
  let tokens: TeacherTokens
  let positions: Int
  let sequences: Int
  let memory: MemoryPlan

  /// - Throws: `ModelError.memory` for a teacher that does not fit.
  init(
    _ manifest: LogitCacheManifest, _ configuration: ModelConfiguration,
    _ settings: CacheLogits.Settings, _ compute: Ops
  ) throws {
    let choice: TokenChoice =
      switch settings.kept {
      case .draws(let count, _): .draws(count)
      case .likeliest(let count): .likeliest(count)
      }
    tokens = TeacherTokens(
      choice, columns: manifest.vocabularySize, temperature: Float(manifest.temperature))
    positions = manifest.chunksPerPass * (manifest.chunkTokens - 1)
    sequences = manifest.chunksPerPass
    memory = try MemoryPlan.check(
      configuration: configuration, maximumTokens: positions, maximumSequences: sequences,
      precision: settings.precision, purpose: .scoring, compute: compute,
      limitBytes: SystemMemory.available() - tokens.byteCount(tokens: positions))
  }
}
