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
  public struct Record: Codable, Sendable, Equatable {
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

    /// What made the new shards.
    public var newIdentity: TokenizerIdentity {
      TokenizerIdentity(digest: newTokenizer, fingerprint: newFingerprint)
    }

    private var oldIdentity: TokenizerIdentity {
      TokenizerIdentity(digest: oldTokenizer, fingerprint: oldFingerprint)
    }

    /// Whether both conversions give the same bytes: tokenizers may come from other files.
    func isSame(as other: Self) -> Bool {
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

  /// Where a conversion was: behind `writer.chunks` chunks.
  private struct State: Codable {
    var record: Record
    var writer: ShardWriterState

    static let fileName = "state.json"
  }

  /// Name of the record in the result.
  public static let recordName = "conversion.json"

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
    let working = folder + ".converting"
    try Folder.finishPublishing(working, as: folder)
    let present = Folder.exists(folder) ? try Folder.list(folder) : []
    if !present.isEmpty {
      let found = try Self.record(in: folder)
      guard let found, found.isSame(as: record) else {
        throw CorpusError.occupied(
          folder: folder,
          found: try Self.record(in: folder) == nil
            ? OutputPath.words(present)
            : "a conversion of other shards, by other tokenizers or with other settings")
      }
      progress.chunksDone = shards.count
      progress.restored = shards.count
      return progress
    }
    if Folder.exists(working), try Self.record(in: working) == nil {
      let names = try Folder.list(working)
      if !names.isEmpty {
        throw CorpusError.occupied(folder: working, found: OutputPath.words(names))
      }
    }
    try Folder.make(working)
    let state = try prepare(working)
    var writer = try ShardWriter(
      folder: working, vocabularySize: newVocabularySize, options: shardOptions,
      resuming: state?.writer, isResumable: true, places: .shardOrder)
    for name in shards.sources { _ = try writer.sources.id(of: name) }
    progress.restored = writer.count
    progress.chunksDone = writer.count
    guard try convert(into: &writer, threads, in: working, &progress, report) else {
      try save(&writer, in: working)
      throw CorpusError.cancelled
    }
    do {
      try shards.requireUnchanged()
    } catch {
      // What is there may be of the one content or the other: nothing to go on from.
      try Folder.remove("\(working)/\(State.fileName)")
      throw error
    }
    try writer.finish()
    try writer.removeRetired()
    try DocumentTable.link(from: shards.folder, to: working)
    try Folder.remove("\(working)/\(State.fileName)")
    try Folder.publish(working, as: folder)
    return progress
  }

  /// The record in a folder; nil where no conversion made it.
  public static func record(in folder: String) throws(StoreError) -> Record? {
    let path = "\(folder)/\(recordName)"
    return Folder.exists(path) ? try JSONFile.read(Record.self, from: path) : nil
  }

  private var shardOptions: ShardOptions {
    var options = ShardOptions()
    options.chunksPerShard = record.chunksPerShard
    options.documentIndex = record.documentIndex
    return options
  }

  /// The state of an earlier run of this conversion, if there is one, with the folder cleared of
  /// what it does not know.
  private func prepare(_ working: String) throws -> State? {
    let path = "\(working)/\(State.fileName)"
    var state = SealedState<State>.read(path)
    if let found = state, !found.record.isSame(as: record) || !isSound(found.writer) { state = nil }
    for name in try Folder.list(working) {
      let isKnown = state.map { ShardWriter.keeps(name, $0.writer) } ?? false
      if !(isKnown || state != nil && name == State.fileName) {
        try Folder.remove("\(working)/\(name)")
      }
    }
    try JSONFile.write(record, to: "\(working)/\(Self.recordName)")
    return state
  }

  private func isSound(_ state: ShardWriterState) -> Bool {
    state.shards >= 0 && state.open.chunks >= 0 && state.open.tokenBytes >= 0
      && state.open.pieces >= 0 && state.open.chunks < record.chunksPerShard
      && state.shards <= shards.count / record.chunksPerShard
      && state.chunks == state.shards * record.chunksPerShard + state.open.chunks
      && state.chunks <= shards.count && state.sources == shards.sources
  }

  private func save(_ writer: inout ShardWriter, in working: String) throws {
    let state = State(record: record, writer: try writer.checkpoint())
    try SealedState.write(state, to: "\(working)/\(State.fileName)")
    try writer.removeRetired()
  }

  /// Converts what is left; false if `report` stopped it.
  private func convert(
    into writer: inout ShardWriter, _ threads: Int, in working: String,
    _ progress: inout Progress, _ report: (Progress) -> Bool
  ) throws -> Bool {
    let (first, count) = (writer.count, shards.count)
    let (converter, size) = (converter, blockSize)
    func chunks(of block: Int) -> Range<Int> {
      first + block * size..<min(count, first + (block + 1) * size)
    }
    var lastState = ContinuousClock.now
    return try OrderedBlocks.run(count: (count - first + size - 1) / size, threads: threads) {
      converter.makeConverter()
    } produce: { worker, block in
      try (first + block * size..<min(count, first + (block + 1) * size)).map {
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
      if lastState.duration(to: .now) >= stateInterval {
        try save(&writer, in: working)
        lastState = .now
      }
      return report(progress)
    }
  }
}
