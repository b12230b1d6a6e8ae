import LanguageModels
import ScalingLaws
import Store
import Training

/// The held-out losses of a training run with the computation that they took.
struct RunPoints {
  let run: String

  /// - Parameters:
  ///   - fromStep: evaluations before it are left out, and always that before the first step.
  ///   - onlyLast: takes the last evaluation alone.
  /// - Throws: `StoreError`, `ModelError`, `FitError`.
  func read(fromStep: Int, onlyLast: Bool) throws -> [LossPoint] {
    var records: [EvaluationRecord] = []
    for case .evaluation(let record) in try MetricsLog.read(runFolder: run)
    where record.step >= max(1, fromStep) && record.tokensSeen > 0 {
      // A run that went on after a crash may have evaluated a step twice.
      if records.last?.step == record.step { records.removeLast() }
      records.append(record)
    }
    if onlyLast { records = records.suffix(1) }
    guard !records.isEmpty else { throw FitError.noLosses(run: run, fromStep: fromStep) }
    guard let checkpoint = try CheckpointStore.newest(runFolder: run),
      let training = CheckpointStore.recordedConfiguration(runFolder: run)
    else { throw FitError.noCheckpoint(run: run) }
    let model = ModelOperations(try ModelFolder(checkpoint).statedConfiguration())
    return records.map { record in
      var account = ComputeAccount()
      account.add(
        training, of: model, steps: record.step, textTokens: Double(record.tokensSeen),
        length: training.chunkTokens - 1)
      return LossPoint(
        compute: account.total, loss: record.losses.all.chunkMean,
        parameters: Double(model.parameters), tokens: Double(record.tokensSeen), run: run)
    }
  }
}
