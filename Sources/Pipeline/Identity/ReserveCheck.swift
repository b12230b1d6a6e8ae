import Corpus
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
    try work.checkpoint()
    let overlap = try ReserveOverlap(
      of: shards, in: ReserveOverlap.fingerprints(of: folder, threads: threads), named: folder,
      threads: threads)
    if let warning = overlap.warning {
      work.note(warning, .warning)
    } else {
      work.note("no chunk was in the training data of the reference (\(folder))")
    }
    return overlap
  }
}
