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

  /// What was found.
  enum Finding {
    /// Nothing says what the reference was trained on.
    case untold
    /// It was trained on shards that are no longer there.
    case gone(String)
    case compared(ReserveOverlap)

    /// The chunks that were found; nil where nothing could be compared.
    var overlap: ReserveOverlap? { if case .compared(let overlap) = self { overlap } else { nil } }

    /// One in a hundred chunks is noise, and marked as such; more is another measurement.
    private static let most = 0.01

    var row: CheckRow {
      switch self {
      case .untold:
        return CheckRow(
          .reserve, .unknown,
          "nothing says what the reference was trained on (--reserve names it): not compared")
      case .gone(let path):
        return CheckRow(
          .reserve, .unknown,
          "\(path), which the reference was trained on, is gone: not compared")
      case .compared(let overlap):
        guard let warning = overlap.warning else {
          return CheckRow(
            .reserve, .ok,
            "no chunk was in the training data of the reference (\(overlap.reserve))")
        }
        let share = Double(overlap.chunks.count) / Double(max(1, overlap.chunkCount))
        guard share > Self.most else { return CheckRow(.reserve, .warning, warning) }
        return CheckRow(
          .reserve, .failed, warning,
          advice: "Score other text, or set the reserve apart with 'miniplm split'.")
      }
    }
  }

  /// Looks for the chunks of `shards` in the reserve.
  func compare(with shards: TokenShards, _ work: Work) throws -> Finding {
    var folder = reserve
    if folder == nil, let record = try TrainingDataRecord.read(folder: reference) {
      guard Folder.isFolder(ShardLocation(record.shards).folder) else {
        return .gone(record.shards)
      }
      folder = record.shards
    }
    guard let folder else { return .untold }
    return .compared(try compare(shards, with: folder, work))
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
