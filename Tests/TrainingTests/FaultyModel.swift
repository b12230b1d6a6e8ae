import Corpus
import LanguageModels
import Numerics
import TensorKit
import Training

/// A model that goes wrong on every batch with a certain token.
final class FaultyModel: ForwardingModel {
  enum Fault {
    /// The losses are no numbers.
    case notANumber
    /// The gradient is a hundred thousand times what it should be.
    case spike
  }

  static let marker: Int32 = 60
  let base: any CausalLanguageModel
  private let fault: Fault

  init(_ base: any CausalLanguageModel, _ fault: Fault) {
    self.base = base
    self.fault = fault
  }

  /// Chunks whose batches go wrong where `faulty` has their numbers.
  static func chunks(_ count: Int, faulty: Set<Int>) -> ChunkList {
    var random = RandomSource(seed: 4)
    return ChunkList(
      chunks: (0..<count).map { number in
        (0..<10).map { _ in Int32(1 + random.index(below: 50)) }
          + (faulty.contains(number) ? [marker, 2, 3] : [1, 2, 3])
      })
  }

  func lossAndGradients(_ batch: PackedBatch, workspace: Workspace) throws -> [Float] {
    let losses = try base.lossAndGradients(batch, workspace: workspace)
    guard batch.tokens.contains(Self.marker) else { return losses }
    switch fault {
    case .notANumber: return losses.map { _ in .nan }
    case .spike:
      let gradients = try parameters.values(.gradients)
      for index in gradients.indices { gradients[index] *= 1e5 }
      return losses
    }
  }
}

/// A run that meets faults, as a new process would make it.
struct FaultyRun {
  var fault = FaultyModel.Fault.notANumber
  var settings: TrainingConfiguration
  var chunks: ChunkList
  var family = Tiny.Family.qwen2

  /// Two chunks a step: chunk 2k and 2k + 1 are those of step k + 1.
  init(_ fault: FaultyModel.Fault, steps: Int, faulty: Set<Int>, _ policy: FaultPolicy) {
    self.fault = fault
    chunks = FaultyModel.chunks(2 * steps, faulty: faulty)
    settings = Tiny.settings(steps: steps)
    settings.chunksPerStep = 2
    settings.chunksPerMicroBatch = 1
    settings.order = .sequential
    settings.faults = policy
  }

  func trainer(
    _ folder: String, control: TrainingControl = TrainingControl(),
    onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> Trainer {
    let model = FaultyModel(try Tiny.model(family, compute: try Tiny.compute()), fault)
    return try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: chunks, heldOut: Tiny.heldOut(settings), runFolder: folder, control: control,
      onEvent: onEvent)
  }

  /// Trains to the end; every weight and moment, and every figure that was logged.
  func outcome(
    _ folder: String, onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> (bits: [UInt32], facts: [String]) {
    let trainer = try trainer(folder, onEvent: onEvent)
    try trainer.run()
    return (try Tiny.bits(trainer.model), try Tiny.facts(folder))
  }
}
