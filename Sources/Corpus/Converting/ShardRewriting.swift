import Foundation
public import Store

/// What new shards depend on, chunk i of which comes from chunk i of old ones; stands in the result.
public protocol ShardRewritingRecord: Codable, Sendable, Equatable {
  /// Chunks of the old shards, and of the new.
  var chunks: Int { get }
  var chunksPerShard: Int { get }
  /// The document entries of the new indices; nil as published.
  var documentIndex: DocumentIndex? { get }
  /// Whether both give the same bytes.
  func isSame(as other: Self) -> Bool
  /// Name of its file.
  static var fileName: String { get }
  /// What the folder of unfinished work is called behind the name of the result.
  static var workingSuffix: String { get }
  /// Words for a folder that holds the result of another record.
  static var otherWords: String { get }
}

extension ShardRewritingRecord {
  /// The record in a folder; nil where none of its kind was made.
  public static func read(in folder: String) throws(StoreError) -> Self? {
    let path = "\(folder)/\(fileName)"
    return Folder.exists(path) ? try JSONFile.read(Self.self, from: path) : nil
  }
}

/// Writes shards chunk by chunk from others, in order.
///
/// Work goes on beside the result, and at the end the folder gets its name. A state is written there
/// now and then: stopped or killed at any time, the same rewriting goes on from it.
public struct ShardRewriting<Record: ShardRewritingRecord>: Sendable {
  /// Where a rewriting was: behind `writer.chunks` chunks.
  private struct State: Codable {
    var record: Record
    var writer: ShardWriterState
  }

  private static var stateName: String { "state.json" }

  private let shards: TokenShards
  private let record: Record
  private let vocabularySize: Int
  private let keepsDocuments: Bool
  private let stateInterval: Duration

  /// - Parameters:
  ///   - vocabularySize: ids of the new shards are below it.
  ///   - keepsDocuments: whether the new chunks say which documents of the old corpus they hold.
  ///   - stateInterval: how often a state is written; decides nothing about the bytes.
  public init(
    _ shards: TokenShards, record: Record, vocabularySize: Int, keepsDocuments: Bool,
    stateInterval: Duration
  ) {
    self.shards = shards
    self.record = record
    self.vocabularySize = vocabularySize
    self.keepsDocuments = keepsDocuments
    self.stateInterval = stateInterval
  }

  /// Writes the new shards into `folder`; at once if they are there already.
  ///
  /// - Parameter write: is told how many chunks are there, and appends the rest in pieces behind
  ///   each of which the work can be taken up; false where it was stopped.
  /// - Returns: chunks that were there before.
  /// - Throws: `CorpusError.occupied` if `folder` holds something else; `cancelled` where `write` was
  ///   stopped, with a state to go on from.
  public func run(
    into folder: String,
    _ write: (_ restored: Int, _ append: ([PackedChunk]) throws -> Void) throws -> Bool
  ) throws -> Int {
    let working = folder + Record.workingSuffix
    try Folder.finishPublishing(working, as: folder)
    if try isDone(folder) { return shards.count }
    if Folder.exists(working), try Record.read(in: working) == nil {
      let names = try Folder.list(working)
      if !names.isEmpty {
        throw CorpusError.occupied(folder: working, found: OutputPath.words(names))
      }
    }
    try Folder.make(working)
    let state = try prepare(working)
    var writer = try ShardWriter(
      folder: working, vocabularySize: vocabularySize, options: shardOptions,
      resuming: state?.writer, isResumable: true, places: keepsDocuments ? .shardOrder : .none)
    for name in shards.sources { _ = try writer.sources.id(of: name) }
    let restored = writer.count
    var lastState = ContinuousClock.now
    let isWhole = try write(restored) { chunks in
      for chunk in chunks { try writer.append(chunk) }
      guard lastState.duration(to: .now) >= stateInterval else { return }
      try save(&writer, in: working)
      lastState = .now
    }
    guard isWhole else {
      try save(&writer, in: working)
      throw CorpusError.cancelled
    }
    do {
      try shards.requireUnchanged()
    } catch {
      // What is there may be of the one content or the other: nothing to go on from.
      try Folder.remove("\(working)/\(Self.stateName)")
      throw error
    }
    try writer.finish()
    try writer.removeRetired()
    if keepsDocuments { try DocumentTable.link(from: shards.folder, to: working) }
    try Folder.remove("\(working)/\(Self.stateName)")
    try Folder.publish(working, as: folder)
    return restored
  }

  private func isDone(_ folder: String) throws -> Bool {
    let present = Folder.exists(folder) ? try Folder.list(folder) : []
    guard !present.isEmpty else { return false }
    let found = try Record.read(in: folder)
    if let found, found.isSame(as: record) { return true }
    throw CorpusError.occupied(
      folder: folder, found: found == nil ? OutputPath.words(present) : Record.otherWords)
  }

  private var shardOptions: ShardOptions {
    var options = ShardOptions()
    options.chunksPerShard = record.chunksPerShard
    options.documentIndex = record.documentIndex
    return options
  }

  /// The state of an earlier run of this rewriting, if there is one, with the folder cleared of
  /// what it does not know.
  private func prepare(_ working: String) throws -> State? {
    let path = "\(working)/\(Self.stateName)"
    var state = SealedState<State>.read(path)
    if let found = state, !found.record.isSame(as: record) || !isSound(found.writer) { state = nil }
    for name in try Folder.list(working) {
      let isKnown = state.map { ShardWriter.keeps(name, $0.writer) } ?? false
      if !(isKnown || state != nil && name == Self.stateName) {
        try Folder.remove("\(working)/\(name)")
      }
    }
    try JSONFile.write(record, to: "\(working)/\(Record.fileName)")
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
    try SealedState.write(state, to: "\(working)/\(Self.stateName)")
    try writer.removeRetired()
  }
}
