import Store

extension Trainer {
  /// Samples text where that is due; false when a stop came. What goes wrong with it is told, and
  /// the run goes on.
  func sampleIfDue() throws -> Bool {
    guard let sampling, sampling.interval > 0, state.lastSampledStep != state.step,
      state.step % sampling.interval == 0 || isComplete
    else { return true }
    do {
      guard let samples = try sampling.sample(state) else { return false }
      try SampleFile.append(samples, runFolder: runFolder)
      emit(.sampled(samples))
    } catch {
      emit(
        .setback(
          step: state.step, what: "the samples of step \(state.step)",
          reason: (error as? any ActionableError)?.message ?? "\(error)"))
    }
    state.lastSampledStep = state.step
    return try mayGoOn()
  }
}
