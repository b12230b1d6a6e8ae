import Foundation
public import Store
public import Tokenizers

/// Converts a tokenized corpus to another tokenizer on all cores.
///
/// Chunk i of the result is chunk i of the corpus: order, sources and documents stay. Work goes on
/// in `OUTPUT.converting`, and at the end the folder gets its name. A state is written there now and
/// then: stopped or killed at any time, the same conversion goes on from it and gives the same
/// bytes, with any number of threads.
public struct ShardConversion: Sendable {
  /// What a conversion depends on; stands in the result as `conversion.json`.
  public struct Record: ShardRewritingRecord {
    /// Identity of the old shards.
    public var corpus: String
    public var chunks: Int
    /// Digests of the tokenizer files.
    public var oldTokenizer: String
    public var newTokenizer: String
    /// What both are, whatever files they came from; nil in older records.
    public var oldFingerprint: TokenizerFingerprint?
    public var newFingerprint: TokenizerFingerprint?
    public var settings: ConversionSettings
    public var chunksPerShard: Int
    /// The document entries of the new indices; nil as published.
    public var documentIndex: DocumentIndex?

    public static let fileName = "conversion.json"
    public static let workingSuffix = ".converting"
    public static let otherWords =
      "a conversion of other shards, by other tokenizers or with other settings"

    /// What made the new shards.
    public var newIdentity: TokenizerIdentity {
      TokenizerIdentity(digest: newTokenizer, fingerprint: newFingerprint)
    }

    private var oldIdentity: TokenizerIdentity {
      TokenizerIdentity(digest: oldTokenizer, fingerprint: oldFingerprint)
    }

    /// Whether both conversions give the same bytes: tokenizers may come from other files.
    public func isSame(as other: Self) -> Bool {
      guard oldIdentity.isSame(as: other.oldIdentity), newIdentity.isSame(as: other.newIdentity)
      else { return false }
      var same = other
      (same.oldTokenizer, same.oldFingerprint) = (oldTokenizer, oldFingerprint)
      (same.newTokenizer, same.newFingerprint) = (newTokenizer, newFingerprint)
      return self == same
    }
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

  private let shards: TokenShards
  private let converter: ConvertedChunks
  private let newVocabularySize: Int
  /// How often a state is written; decides nothing about the bytes.
  package var stateInterval = Duration.seconds(20)
  /// Chunks that a thread takes at a time; decides nothing about the bytes.
  package var blockSize = 512
  /// What the result depends on.
  public let record: Record

  /// A conversion of all of `shards`.
  public init(
    shards: TokenShards, from old: Tokenizer, to new: Tokenizer, settings: ConversionSettings,
    chunksPerShard: Int = 1_000_000, documentIndex: DocumentIndex? = nil
  ) throws(CorpusError) {
    guard chunksPerShard > 0 else {
      throw .setting(
        name: "the shard size", found: "\(chunksPerShard)", expected: "1 or more chunks")
    }
    self.shards = shards
    converter = try ConvertedChunks(shards: shards, from: old, to: new, settings: settings)
    newVocabularySize = new.vocabularySize
    let identities = try storing { () throws(StoreError) in
      (old: try old.identity(), new: try new.identity())
    }
    record = Record(
      corpus: try shards.identity(), chunks: shards.count, oldTokenizer: identities.old.digest,
      newTokenizer: identities.new.digest, oldFingerprint: identities.old.fingerprint,
      newFingerprint: identities.new.fingerprint, settings: settings,
      chunksPerShard: chunksPerShard,
      documentIndex: documentIndex == .published ? nil : documentIndex)
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
    progress.restored = try ShardRewriting(
      shards, record: record, vocabularySize: newVocabularySize, keepsDocuments: true,
      stateInterval: stateInterval
    ).run(into: folder) { restored, append in
      progress.restored = restored
      progress.chunksDone = restored
      return try convert(from: restored, threads, to: append, &progress, report)
    }
    progress.chunksDone = shards.count
    return progress
  }

  /// The record in a folder; nil where no conversion made it.
  public static func record(in folder: String) throws(StoreError) -> Record? {
    try Record.read(in: folder)
  }

  /// Converts chunks from number `first` on; false if `report` stopped it.
  private func convert(
    from first: Int, _ threads: Int, to append: ([PackedChunk]) throws -> Void,
    _ progress: inout Progress, _ report: (Progress) -> Bool
  ) throws -> Bool {
    let count = shards.count
    let (converter, size) = (converter, blockSize)
    func chunks(of block: Int) -> Range<Int> {
      first + block * size..<min(count, first + (block + 1) * size)
    }
    return try OrderedBlocks.run(count: (count - first + size - 1) / size, threads: threads) {
      converter.makeConverter()
    } produce: { worker, block in
      try (first + block * size..<min(count, first + (block + 1) * size)).map {
        try converter.chunk($0, by: worker)
      }
    } consume: { block, converted in
      try append(converted)
      for chunk in converted { progress.newTokens += chunk.tokens.count }
      for chunk in chunks(of: block) { progress.oldTokens += shards.length(of: chunk) }
      progress.chunksDone += converted.count
      shards.release(chunks(of: block))
      return report(progress)
    }
  }
}
