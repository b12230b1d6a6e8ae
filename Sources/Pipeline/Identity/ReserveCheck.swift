import Corpus
import Numerics
import Store

/// Whether chunks to be scored were in the training data of the reference model.
struct ReserveCheck {
  /// Folder of the reserve, if it was named.
  var reserve: String?
  /// Folder of the reference model, which may record what it was trained on.
  var reference: String
  var threads: Int

  /// Chunks of `shards` in the reserve; nil when no reserve is known. What was found is noted.
  func overlap(with shards: TokenShards, _ work: Work) throws -> ReserveOverlap? {
    var folder = reserve
    if folder == nil, let record = try TrainingDataRecord.read(folder: reference) {
      guard Folder.isFolder(ShardLocation(record.shards).folder) else {
        work.note("\(record.shards), which the reference was trained on, is gone: not compared")
        return nil
      }
      folder = record.shards
    }
    guard let folder else { return nil }
    let overlap = try compare(shards, with: folder, work)
    if let warning = overlap.warning {
      work.note(warning, .warning)
    } else {
      work.note("no chunk was in the training data of the reference (\(folder))")
    }
    return overlap
  }

  private func compare(
    _ shards: TokenShards, with folder: String, _ work: Work
  ) throws -> ReserveOverlap {
    func goesOn(_ detail: String) -> (Int) -> Bool {
      { work.goesOn(WorkProgress(nil, detail: "\(detail), \(Number.grouped($0)) chunks")) }
    }
    do {
      return try ReserveOverlap(
        of: shards,
        in: ReserveOverlap.fingerprints(
          of: folder, threads: threads, goesOn: goesOn("reading the reserve")),
        named: folder, threads: threads, goesOn: goesOn("comparing with the reserve"))
    } catch CorpusError.cancelled where work.control.isStopping {
      throw WorkStopped()
    }
  }
}
