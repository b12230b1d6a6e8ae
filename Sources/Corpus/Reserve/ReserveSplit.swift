import Foundation
import Store
public import Tokenizers

/// Splits a tokenized corpus into what trains the reference model and what is scored.
public struct ReserveSplit: Sendable {
  private let shards: TokenShards
  private let rule: ReserveRule
  private let wantedTokens: Int

  /// What the corpus says of its tokenizer, for the record.
  public var tokenizer: (identity: TokenizerIdentity?, endOfText: Int32?, vocabularySize: Int?)

  /// Sets `tokens` tokens aside. A token number outside the corpus is refused.
  public init(_ shards: TokenShards, tokens: Int, rule: ReserveRule) throws(CorpusError) {
    guard tokens > 0, tokens < shards.tokenCount else {
      throw .setting(
        name: "the size of the reserve", found: "\(tokens) tokens",
        expected: "1 to \(shards.tokenCount - 1)")
    }
    self.shards = shards
    self.rule = rule
    wantedTokens = tokens
  }

  /// Writes both sides, and into both folders `reserve.json` and the fingerprints of the reserved
  /// chunks. The folders appear at the end, whole; stopped before, nothing is left, and the same
  /// split starts again. Where this very split stands already, its record is returned.
  ///
  /// Of a tail, whole shards are linked, not copied.
  ///
  /// - Parameter progress: called with the number of chunks placed; false stops with
  ///   `CorpusError.cancelled`.
  public func write(
    reference: String, rest: String, threads: Int, progress: (Int) -> Bool = { _ in true }
  ) throws -> ReserveRecord {
    let working = (reference: reference + ".splitting", rest: rest + ".splitting")
    if let record = try finished([(working.rest, rest), (working.reference, reference)]) {
      return record
    }
    for folder in [reference, rest] where Folder.exists(folder) {
      let names = try Folder.list(folder)
      if !names.isEmpty {
        throw CorpusError.occupied(folder: folder, found: OutputPath.words(names))
      }
    }
    for folder in [working.reference, working.rest] {
      try Folder.remove(folder)
      try Folder.make(folder)
    }
    do {
      let record = try fill(working.reference, working.rest, threads, progress)
      try Folder.publish(working.rest, as: rest)
      try Folder.publish(working.reference, as: reference)
      return record
    } catch CorpusError.cancelled {
      for folder in [working.reference, working.rest] { try Folder.remove(folder) }
      throw CorpusError.cancelled
    }
  }

  /// The record of this split if both its folders are whole, under their names or, cut by a crash
  /// while they were given, under those of the work.
  private func finished(
    _ sides: [(working: String, folder: String)]
  ) throws -> ReserveRecord? {
    var records: [ReserveRecord] = []
    for side in sides {
      try Folder.finishPublishing(side.working, as: side.folder)
      let place = [side.folder, side.working].first {
        Folder.exists("\($0)/\(ReserveRecord.fileName)")
      }
      guard let place, let record = try? ReserveRecord(path: place) else { return nil }
      records.append(record)
    }
    let corpus = try shards.identity()
    guard let first = records.first,
      records.allSatisfy({
        $0 == first && $0.corpus == corpus && $0.rule == rule && $0.wantedTokens == wantedTokens
      })
    else { return nil }
    for side in sides where Folder.exists("\(side.working)/\(ReserveRecord.fileName)") {
      try Folder.publish(side.working, as: side.folder)
    }
    return first
  }

  private func fill(
    _ reference: String, _ rest: String, _ threads: Int, _ progress: (Int) -> Bool
  ) throws -> ReserveRecord {
    var record = ReserveRecord(
      corpus: try shards.identity(), rule: rule, wantedTokens: wantedTokens, reservedChunks: 0,
      reservedTokens: 0, restChunks: 0, restTokens: 0, leftOutChunks: 0, separatesDocuments: false)
    record.tokenizer = tokenizer.identity?.digest
    record.tokenizerFingerprint = tokenizer.identity?.fingerprint
    record.endOfText = tokenizer.endOfText
    record.vocabularySize = tokenizer.vocabularySize
    switch rule {
    case .tail:
      let first = ReservePlan.tail(shards, tokens: wantedTokens)
      record.restChunks = first
      record.reservedChunks = shards.count - first
      try link(0..<first, to: rest, progress)
      try link(first..<shards.count, to: reference) { progress(first + $0) }
    case .random(let seed):
      let plan = ReservePlan(random: shards, tokens: wantedTokens, seed: seed)
      record.separatesDocuments = plan.separatesDocuments
      let kept = try shards.writeSubset(
        of: plan.chunks(.rest), to: rest, places: .shardOrder, progress: progress)
      let reserved = try shards.writeSubset(
        of: plan.chunks(.reserved), to: reference, places: .shardOrder
      ) {
        progress(kept.chunks + $0)
      }
      record.restChunks = kept.chunks
      record.reservedChunks = reserved.chunks
      record.leftOutChunks = shards.count - kept.chunks - reserved.chunks
    }
    guard record.restChunks > 0, record.reservedChunks > 0 else {
      throw CorpusError.setting(
        name: "the size of the reserve", found: "\(wantedTokens) tokens",
        expected: "one that leaves chunks on both sides")
    }
    try shards.requireUnchanged()
    let reserve = try TokenShards(folder: reference)
    record.reservedTokens = reserve.tokenCount
    record.restTokens = try TokenShards(folder: rest).tokenCount
    let fingerprints = try FingerprintSet(of: reserve, threads: threads)
    for folder in [reference, rest] {
      try fingerprints.write(to: folder)
      try DocumentTable.link(from: shards.folder, to: folder)
      // Last: a folder with a record is whole.
      try JSONFile.write(record, to: "\(folder)/\(ReserveRecord.fileName)")
    }
    return record
  }

  /// Whole shards of a range as links, and what is less than a shard as a copy, numbered from 0.
  private func link(_ range: Range<Int>, to folder: String, _ progress: (Int) -> Bool) throws {
    var number = 0
    for place in shards.shardPaths.indices {
      let all = shards.shardStarts[place]..<shards.shardStarts[place + 1]
      let wanted = range.clamped(to: all)
      if wanted.isEmpty { continue }
      if wanted == all {
        for suffix in ["bin", "chunks.safetensors", DocumentPlaces.suffix, "idx"] {
          let path = "\(shards.shardPaths[place]).\(suffix)"
          if Folder.exists(path) {
            try Folder.link(path, as: "\(folder)/data_\(number).\(suffix)")
          }
        }
      } else {
        var options = ShardOptions()
        options.chunksPerShard = wanted.count
        let part = folder + "/part"
        _ = try shards.writeSubset(of: wanted, to: part, options: options, places: .shardOrder)
        for name in try Folder.list(part) {
          try Folder.publish(
            file: "\(part)/\(name)",
            as: "\(folder)/data_\(number)." + name.dropFirst("data_0.".count))
        }
        try Folder.remove(part)
      }
      number += 1
      guard progress(wanted.upperBound - range.lowerBound) else { throw CorpusError.cancelled }
    }
  }
}
