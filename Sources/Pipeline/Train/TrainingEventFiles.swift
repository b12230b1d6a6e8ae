import Store
import Training

/// The event files of a training, where any are wanted, and what is said of them.
final class TrainingEventFiles {
  private let log: TensorBoardLog?
  private let work: Work

  /// - Throws: `StoreError` where they cannot be written, before anything else begins.
  init(_ place: TrainingPlace, _ work: Work) throws(StoreError) {
    self.work = work
    log = try place.tensorBoard.map { folder throws(StoreError) in
      try TensorBoardLog(folder: folder, runFolder: place.runFolder)
    }
  }

  func take(_ event: TrainingEvent) {
    guard let log, let change = log.take(event) else { return }
    switch change {
    case .heldBack(let error):
      work.note(
        "\(log.path) lags behind: \(error.message) Training goes on, and what is missing is written "
          + "when there is room.", .warning)
    case .caughtUp(let lost):
      work.note(
        "\(log.path) is written again"
          + (lost > 0 ? "; its oldest \(lost) records were given up" : ", nothing is missing"))
    }
  }
}
