import Foundation
import Store
public import Tokenizers

/// Converts a tokenized corpus to another tokenizer, shard by shard, on all cores.
///
/// Chunk i of the result is chunk i of the corpus: order, sources and documents stay. Work goes on
/// in `OUTPUT.converting`; a shard is whole there or not at all, and at the end the folder gets its
/// name. Killed at any time, the same conversion goes on behind the last whole shard and gives the
/// same bytes, with any number of threads.
public struct ShardConversion: Sendable {
  /// What a conversion depends on; stands in the result as `conversion.json`.
  public struct Record: Codable, Sendable, Equatable {
    /// Identity of the old shards.
    public var corpus: String
    public var chunks: Int
    /// Digests of the tokenizer files.
    public var oldTokenizer: String
    public var newTokenizer: String
    public var settings: ConversionSettings
    public var chunksPerShard: Int
  }

  /// How far a conversion is.
  public struct Progress: Sendable {
    public var chunksDone: Int
    public var chunkCount: Int
    /// Chunks that were there from an earlier run.
    public var restored: Int
    /// Old tokens read, and new tokens written, by this run.
    public var oldTokens = 0
    public var newTokens = 0
  }

  /// Name of the record in the result.
  public static let recordName = "conversion.json"
  /// Chunks that a thread takes at a time.
  static let blockSize = 512

  private let shards: TokenShards
  private let converter: ConvertedChunks
  private let newVocabularySize: Int
  /// What the result depends on.
  public let record: Record

  /// A conversion of all of `shards`.
  public init(
    shards: TokenShards, from old: Tokenizer, to new: Tokenizer, settings: ConversionSettings,
    chunksPerShard: Int = 1_000_000
  ) throws(CorpusError) {
    guard chunksPerShard > 0 else {
      throw .setting(
        name: "the shard size", found: "\(chunksPerShard)", expected: "1 or more chunks")
    }
    self.shards = shards
    converter = try ConvertedChunks(shards: shards, from: old, to: new, settings: settings)
    newVocabularySize = new.vocabularySize
    record = Record(
      corpus: try shards.identity(), chunks: shards.count, oldTokenizer: old.digest,
      newTokenizer: new.digest, settings: settings, chunksPerShard: chunksPerShard)
  }

  /// Writes the new shards into `folder`. Returns at once if they are there already.
  ///
  /// - Parameters:
  ///   - report: called after every block of chunks; false stops with `CorpusError.cancelled`, and
  ///     the same conversion can go on later.
  /// - Throws: `occupied` if `folder` holds something else.
  public func run(
    into folder: String, threads: Int, report: (Progress) -> Bool = { _ in true }
  ) throws -> Progress {
    var progress = Progress(chunksDone: 0, chunkCount: shards.count, restored: 0)
    if Folder.exists(folder) {
      guard try Self.record(in: folder) == record else {
        throw CorpusError.occupied(folder: folder, found: "something else")
      }
      progress.chunksDone = shards.count
      progress.restored = shards.count
      return progress
    }
    let working = folder + ".converting"
    if Folder.exists(working) {
      let found = try Self.record(in: working)
      if found == nil, try !Folder.list(working).isEmpty {
        throw CorpusError.occupied(folder: working, found: "something else")
      }
      if found != record { try Folder.remove(working) }
    }
    try Folder.make(working)
    let lock = try FolderLock(folder: working)
    try JSONFile.write(record, to: "\(working)/\(Self.recordName)")
    var shard = 0
    while shard * record.chunksPerShard < shards.count {
      let start = shard * record.chunksPerShard
      let range = start..<min(shards.count, start + record.chunksPerShard)
      if Folder.exists("\(working)/data_\(shard).idx") {
        progress.restored += range.count
        progress.chunksDone += range.count
        if !report(progress) { throw CorpusError.cancelled }
      } else {
        try write(range, as: shard, in: working, threads, &progress, report)
      }
      shard += 1
    }
    try Folder.remove(working + "/.lock")
    try Folder.publish(working, as: folder)
    withExtendedLifetime(lock) {}
    return progress
  }

  private static func record(in folder: String) throws(StoreError) -> Record? {
    let path = "\(folder)/\(recordName)"
    return Folder.exists(path) ? try JSONFile.read(Record.self, from: path) : nil
  }

  /// Converts one shard beside the others, then moves its files to them, the index last.
  private func write(
    _ range: Range<Int>, as shard: Int, in working: String, _ threads: Int,
    _ progress: inout Progress, _ report: (Progress) -> Bool
  ) throws {
    let part = working + "/part"
    try Folder.remove(part)
    var options = ShardOptions()
    options.chunksPerShard = record.chunksPerShard
    var writer = try ShardWriter(
      folder: part, vocabularySize: newVocabularySize, options: options)
    for name in shards.sources { _ = try writer.sources.id(of: name) }
    let blocks = (range.count + Self.blockSize - 1) / Self.blockSize
    func chunks(of block: Int) -> Range<Int> {
      let start = range.lowerBound + block * Self.blockSize
      return start..<min(range.upperBound, start + Self.blockSize)
    }
    let (converter, size) = (converter, Self.blockSize)
    do {
      let isComplete = try OrderedBlocks.run(count: blocks, threads: threads) {
        converter.makeConverter()
      } produce: { worker, block in
        let start = range.lowerBound + block * size
        return try (start..<min(range.upperBound, start + size)).map {
          try converter.chunk($0, by: worker)
        }
      } consume: { block, converted in
        for chunk in converted {
          try writer.append(chunk)
          progress.newTokens += chunk.tokens.count
        }
        for chunk in chunks(of: block) { progress.oldTokens += shards.length(of: chunk) }
        progress.chunksDone += converted.count
        shards.release(chunks(of: block))
        return report(progress)
      }
      guard isComplete else { throw CorpusError.cancelled }
      try writer.finish()
    } catch {
      writer.discard()
      throw error
    }
    for suffix in ["bin", "chunks.safetensors", "idx"] {
      try Folder.publish(
        file: "\(part)/data_0.\(suffix)", as: "\(working)/data_\(shard).\(suffix)")
    }
    try Folder.remove(part)
  }
}
