import Store

// What a full disk does to a run in its middle: nothing but to what is written. Only at its end, where
// there is nothing left to wait for, is it an error.
extension Trainer {
  /// Writes a line of the log, or keeps it in memory until there is room.
  func note(_ record: MetricsRecord) throws {
    do throws(StoreError) {
      try log?.append(record)
      isLogHeldBack = false
    } catch {
      guard error.isFailedWrite else { throw error }
      if !isLogHeldBack {
        emit(
          .setback(
            step: state.step, what: "lines of \(MetricsLog.fileName)",
            reason: "\(error.message) Training goes on, and they are written when there is room."))
      }
      isLogHeldBack = true
    }
  }

  /// Does what the run can be without where the disk has no room.
  func goingOn(without what: String, _ body: () throws(StoreError) -> Void) throws {
    do throws(StoreError) {
      try body()
    } catch {
      guard error.isFailedWrite else { throw error }
      emit(
        .setback(step: state.step, what: what, reason: "\(error.message) Training goes on."))
    }
  }
}
