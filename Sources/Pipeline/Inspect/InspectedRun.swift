import Numerics
import Store
import Training

/// The folder of a training run: metrics and checkpoints.
enum InspectedRun: InspectedKind {
  static let words = "the folder of a training run"

  static func matches(_ path: String) -> Bool { Folder.exists("\(path)/\(MetricsLog.fileName)") }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    let path = inspection.path
    let records = try MetricsLog.read(runFolder: path)
    var last: StepMetrics?
    var evaluated: EvaluationRecord?
    var epoch: EpochRecord?
    for record in records {
      switch record {
      case .step(let step): last = step
      case .evaluation(let record): evaluated = record
      case .epoch(let record): epoch = record
      case .checkpoint: break
      }
    }
    var lines: [String] = []
    if let last {
      lines.append(
        "training run: step \(Number.grouped(last.step)) of \(Number.grouped(last.totalSteps)), "
          + "\(Number.grouped(last.tokensSeen)) tokens, loss \(Number.fixed(last.smoothedLoss, 4))")
    } else {
      lines.append("training run: no step is logged yet")
    }
    if let evaluated {
      lines.append(
        "held-out loss \(Number.fixed(evaluated.losses.all.chunkMean, 4)) at step "
          + Number.grouped(evaluated.step))
    }
    let training = CheckpointStore.recordedConfiguration(runFolder: path)
    if let teacher = training?.distillation {
      lines.append(
        "\(training?.minillm == nil ? "vanilla KD" : "MiniLLM, loss on text"): \(teacher)")
    }
    if let settings = training?.minillm { lines.append("MiniLLM: \(settings)") }
    if let epoch {
      lines.append(
        "epochs done: \(epoch.epoch), the last at step \(Number.grouped(epoch.step)), "
          + (epoch.order == .shuffled ? "each in a new order" : "all in the order of the corpus"))
    }
    let names = ((try? Folder.list("\(path)/checkpoints")) ?? []).filter { $0.hasPrefix("step-") }
    lines.append(
      names.isEmpty ? "no checkpoint" : "checkpoints: \(names.joined(separator: ", "))")
    return lines
  }
}
