import Corpus
import Store

/// How far the writing of a commit is.
public struct CommitProgress: Sendable, Equatable {
  /// Chunks written.
  public var chunks = 0
  /// Bytes of what was written that have a digest.
  public var digestedBytes = 0
}

extension CorpusCommit {
  /// Writes the next version.
  ///
  /// - Parameter progress: called now and then; false stops, and nothing is left behind.
  /// - Returns: the folder that has appeared, and its manifest.
  /// - Throws: `DifferenceSamplingError.diskFull` before anything is written, `StoreError`,
  ///   `CorpusError.cancelled`.
  public func write(
    progress: (CommitProgress) -> Bool = { _ in true }
  ) throws -> (folder: String, manifest: CommitManifest) {
    let plan = try plan()
    guard plan.bytes < plan.freeBytes else {
      throw DifferenceSamplingError.diskFull(
        path: context.commitsFolder, needed: plan.bytes, free: plan.freeBytes)
    }
    try Folder.make(context.commitsFolder)
    try CommitVersion.removeLeftovers(in: context.commitsFolder)
    let temporary = TemporaryName.of(plan.folder)
    do {
      try Folder.make(temporary)
      let version = String(plan.folder.dropFirst(context.commitsFolder.count + 1))
      let manifest = try fill(temporary, version: version, progress: progress)
      try context.shards.requireUnchanged()
      try Folder.publish(temporary, as: plan.folder)
      return (plan.folder, manifest)
    } catch {
      try? Folder.remove(temporary)
      throw error
    }
  }

  private func fill(
    _ folder: String, version: String, progress: (CommitProgress) -> Bool
  ) throws -> CommitManifest {
    try context.shards.writeSubset(
      of: chunks, to: folder, vocabularySize: context.vocabularySize
    ) {
      progress(CommitProgress(chunks: $0))
    }
    try write(rows(chunks), as: Self.keptName, in: folder)
    if case .refined(let selection, _) = content {
      let scores = selection.index.scores
      let dropped = selection.droppedChunks().compactMap { chunk in
        scores.row(ofChunk: chunk).map { scores[$0] }
      }
      try write(ChunkScores(dropped), as: Self.droppedName, in: folder)
      try copyScores(to: "\(folder)/\(ChunkScoresFile.name)")
      try JSONFile.write(selection.settings, to: "\(folder)/\(Self.selectionName)")
    }
    // The card names no digest of the outputs, so it can be one of them.
    let card = CommitCard(manifest(version: version, outputs: []))
    try AtomicFile.write(text: card.text, to: "\(folder)/\(CommitCard.fileName)")
    let manifest = manifest(version: version, outputs: try outputs(folder, progress))
    try JSONFile.write(manifest, to: "\(folder)/\(CommitManifest.fileName)")
    return manifest
  }

  /// Records of everything in `folder`.
  private func outputs(
    _ folder: String, _ progress: (CommitProgress) -> Bool
  ) throws -> [FileRecord] {
    var state = CommitProgress(chunks: chunks.count)
    do throws(StoreError) {
      var records: [FileRecord] = []
      for name in try Folder.list(folder) {
        let start = state.digestedBytes
        let record = try FileRecord(folder: folder, name: name) { bytes in
          state.digestedBytes = start + Int(bytes)
          return progress(state)
        }
        state.digestedBytes = start + record.bytes
        records.append(record)
      }
      return records
    } catch {
      if case .stopped = error { throw CorpusError.cancelled }
      throw error
    }
  }

  private func write(_ rows: ChunkScores, as name: String, in folder: String) throws {
    let names = try JSONFile.text(of: context.shards.sources, pretty: false)
    try ChunkScoresFile.write(rows, metadata: ["sources": names], to: "\(folder)/\(name)")
  }

  /// A copy of the job's own file keeps its provenance; scores that are not merged yet are written
  /// from memory.
  private func copyScores(to path: String) throws {
    guard Folder.exists(context.scoresPath) else {
      return try ChunkScoresFile.write(scores, to: path)
    }
    let (stored, _) = try ChunkScoresFile.read(context.scoresPath)
    guard stored.hasSameRows(as: scores) else {
      throw DifferenceSamplingError.otherCorpus(
        found: "other scores in \(context.scoresPath)", expected: "those of the selection")
    }
    let file = try MappedFile(path: context.scoresPath)
    try AtomicFile.write(to: path) { (writer) throws(StoreError) in try writer.write(file.bytes) }
  }
}
