import Corpus
import Glibc
import Store

extension CorpusCommit {
  /// Writes the next version.
  ///
  /// - Parameter progress: called now and then with the chunks written; false stops, and nothing is
  ///   left behind.
  /// - Returns: the folder that has appeared, and its manifest.
  /// - Throws: `DifferenceSamplingError.diskFull` before anything is written, `StoreError`,
  ///   `CorpusError.cancelled`.
  public func write(
    progress: (_ chunksWritten: Int) -> Bool = { _ in true }
  ) throws -> (folder: String, manifest: CommitManifest) {
    let plan = try plan()
    guard plan.bytes < plan.freeBytes else {
      throw DifferenceSamplingError.diskFull(
        path: context.commitsFolder, needed: plan.bytes, free: plan.freeBytes)
    }
    try Folder.make(context.commitsFolder)
    try CommitFolder.removeLeftovers(in: context.commitsFolder)
    let temporary = "\(plan.folder).tmp-\(getpid())"
    do {
      try Folder.make(temporary)
      let version = String(plan.folder.dropFirst(context.commitsFolder.count + 1))
      let manifest = try fill(temporary, version: version, progress: progress)
      try Folder.publish(temporary, as: plan.folder)
      return (plan.folder, manifest)
    } catch {
      try? Folder.remove(temporary)
      throw error
    }
  }

  private func fill(
    _ folder: String, version: String, progress: (Int) -> Bool
  ) throws -> CommitManifest {
    try context.shards.writeSubset(
      of: chunks, to: folder, vocabularySize: context.vocabularySize, progress: progress)
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
    let outputs = try FileRecord.list(folder: folder, suffixes: [""])
    let manifest = manifest(version: version, outputs: outputs)
    try JSONFile.write(manifest, to: "\(folder)/\(CommitManifest.fileName)")
    return manifest
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
