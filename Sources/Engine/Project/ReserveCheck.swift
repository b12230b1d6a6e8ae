public import Corpus
import Store

/// Whether chunks to be scored were in the training data of the reference model.
public struct ReserveCheck {
  /// Folder of the reserve, if it was named.
  public var reserve: String?
  /// Folder of the reference model, which may record what it was trained on.
  public var reference: String
  public var threads: Int

  /// A check of a reserve that was named, or of what the reference model's folder records.
  public init(reserve: String? = nil, reference: String, threads: Int) {
    self.reserve = reserve
    self.reference = reference
    self.threads = threads
  }

  /// Chunks of `shards` in the reserve; nil when no reserve is known.
  ///
  /// - Parameter say: gets a line, and whether it is a warning.
  public func overlap(
    with shards: TokenShards, say: (_ line: String, _ isWarning: Bool) -> Void
  ) throws -> ReserveOverlap? {
    var folder = reserve
    if folder == nil, let record = try TrainingDataRecord.read(folder: reference) {
      guard Folder.isFolder(ShardLocation(record.shards).folder) else {
        say("\(record.shards), which the reference was trained on, is gone: not compared", false)
        return nil
      }
      folder = record.shards
    }
    guard let folder else { return nil }
    let overlap = try ReserveOverlap(
      of: shards, in: ReserveOverlap.fingerprints(of: folder, threads: threads), named: folder,
      threads: threads)
    if let warning = overlap.warning {
      say("warning: \(warning)", true)
    } else {
      say("no chunk was in the training data of the reference (\(folder))", false)
    }
    return overlap
  }
}
