import Corpus
import Glibc
import Store

/// The files of a scoring job: what is there, what is whole, what belongs to it.
extension ScoringJob {
  /// What earlier runs have left.
  struct Restored {
    /// Blocks that both models have scored.
    var isComplete: [Bool]
    /// Blocks that only the teacher has scored.
    var isHalf: Set<Int> = []
  }

  /// The merged scores, if the job is finished; a damaged file is reported and counts as missing.
  func mergedScores(report: (ScoringEvent) -> Void) throws -> ChunkScores? {
    guard Folder.exists(scoresPath) else { return nil }
    do {
      let (scores, metadata) = try ChunkScoresFile.read(scoresPath)
      try identity.check(metadata, path: scoresPath)
      // Ascending numbers of which the last is count - 1 are all numbers below count.
      guard scores.count == source.count, Int(scores.chunks.last ?? -1) == scores.count - 1
      else {
        throw StoreError.malformed(
          path: scoresPath, found: "\(scores.count) rows", expected: "\(source.count)")
      }
      return scores
    } catch let error as StoreError {
      guard case .malformed(_, let found, _) = error else { throw error }
      report(.damagedPart(path: scoresPath, reason: found))
      return nil
    }
  }

  /// The batch size of the job whose scores `folder` holds; nil when there are none that can be read.
  public static func recordedTokensPerBatch(folder: String) -> Int? {
    let parts = "\(folder)/scores"
    let names = (try? Folder.list(parts)) ?? []
    let paths =
      ["\(folder)/\(ChunkScoresFile.name)"]
      + names.filter { $0.hasSuffix(".safetensors") }.sorted().map { "\(parts)/\($0)" }
    for path in paths where Folder.exists(path) {
      // A damaged part is made again; the next one says the same.
      guard let metadata = try? SafetensorsFile(path: path).metadata,
        let size = metadata["tokens_per_batch"].flatMap({ Int($0) }), size > 0
      else { continue }
      return size
    }
    return nil
  }

  /// Refuses a folder of another job's parts, by the first that can be read.
  ///
  /// - Throws: `DifferenceSamplingError.otherJob`.
  func requireOwnParts() throws {
    var found: (path: String, metadata: [String: String])?
    Folder.walk(partsFolder) { name in
      let path = "\(partsFolder)/\(name)"
      if name.hasSuffix(".safetensors"), let metadata = try? SafetensorsFile(path: path).metadata {
        found = (path, metadata)
      }
      return found == nil
    }
    if let found { try identity.check(found.metadata, path: found.path) }
  }

  /// Removes temporary files of a process that was killed while it wrote scores.
  func removeLeftovers() throws {
    for name in try Folder.list(folder) where name.hasPrefix("\(ChunkScoresFile.name).tmp-") {
      try Folder.remove("\(folder)/\(name)")
    }
    guard Folder.exists(partsFolder) else { return }
    for name in try Folder.list(partsFolder) where name.contains(".tmp-") {
      try Folder.remove("\(partsFolder)/\(name)")
    }
  }

  /// Reads every part that is there and reports its rows.
  func restore(
    _ progress: inout ScoringProgress, report: (ScoringEvent) -> Void
  ) throws -> Restored {
    var restored = Restored(isComplete: Array(repeating: false, count: plan.blockCount))
    for block in 0..<plan.blockCount {
      if let part = try part(block: block, isComplete: true, report: report) {
        restored.isComplete[block] = true
        let rows = part.rows(source: source)
        progress.countRestored(rows.count { !$0.isFinite }, of: rows.count)
        progress.blocksDone += 1
        report(.restored(rows, progress))
      } else if let part = try part(block: block, isComplete: false, report: report) {
        restored.isHalf.insert(block)
        progress.teacher.chunksDone += part.chunks.count
      }
    }
    return restored
  }

  /// The part of `block`, or nil if it is missing or damaged.
  func part(
    block: Int, isComplete: Bool, report: (ScoringEvent) -> Void
  ) throws -> ScorePart? {
    let path = ScorePart.path(block: block, isComplete: isComplete, in: partsFolder)
    guard Folder.exists(path) else { return nil }
    do {
      return try ScorePart.read(
        path, chunks: plan.chunks(ofBlock: block), isComplete: isComplete, identity: identity)
    } catch let error as StoreError {
      guard case .malformed(_, let found, _) = error else { throw error }
      report(.damagedPart(path: path, reason: found))
      return nil
    }
  }

  /// Puts all parts into one table in the order of the chunks, then removes them.
  func merge() throws -> ChunkScores {
    var scores = ChunkScores(completeCount: source.count)
    for block in 0..<plan.blockCount {
      let part = try ScorePart.read(
        ScorePart.path(block: block, isComplete: true, in: partsFolder),
        chunks: plan.chunks(ofBlock: block), isComplete: true, identity: identity)
      for row in part.rows(source: source) { scores.place(row) }
    }
    var metadata = identity.metadata
    metadata["sources"] = try JSONFile.text(of: source.sources, pretty: false)
    if let reserve {
      // No path: the table would otherwise differ from one machine to the next.
      metadata["reserve"] = "\(reserve.chunks.count) chunks of sha256:\(reserve.digest)"
    }
    metadata["waived"] = waived
    try ChunkScoresFile.write(
      scores, metadata: metadata, inReserve: reserve?.column, to: scoresPath)
    try Folder.remove(partsFolder)
    return scores
  }
}

extension ScoringProgress {
  mutating func countRestored(_ nonFinite: Int, of chunks: Int) {
    chunksDone += chunks
    self.nonFinite += nonFinite
    teacher.chunksDone += chunks
    reference.chunksDone += chunks
  }
}
