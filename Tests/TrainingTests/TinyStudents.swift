import Corpus
import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Training

/// Models, corpora and settings that train in milliseconds.
enum Tiny {
  enum Family: String, CaseIterable, Sendable {
    case qwen2
    case qwen3
    case mamba
  }

  static let vocabularySize = 61
  static let endOfSequence: Int32 = 0

  static func configuration(_ family: Family) throws -> ModelConfiguration {
    switch family {
    case .qwen2:
      try ModelConfiguration(
        .qwen2,
        ModelSizes(
          vocabularySize: vocabularySize, hiddenSize: 24, intermediateSize: 40, layerCount: 2,
          headCount: 4, keyValueHeadCount: 2))
    case .qwen3:
      try ModelConfiguration(
        .qwen3,
        ModelSizes(
          vocabularySize: vocabularySize, hiddenSize: 24, intermediateSize: 40, layerCount: 2,
          headCount: 4, keyValueHeadCount: 2, headDimension: 10))
    case .mamba:
      try ModelConfiguration(
        .mamba,
        ModelSizes(vocabularySize: vocabularySize, hiddenSize: 24, layerCount: 2, stateSize: 8))
    }
  }

  static func compute(threads: Int = 1) throws -> Compute {
    try Compute(kernels: .best, pool: try ParallelPool(threads: threads))
  }

  static func model(
    _ family: Family, seed: UInt64 = 5, compute: Compute
  ) throws -> any CausalLanguageModel {
    try LanguageModel.make(
      try configuration(family), initialization: .seeded(RandomSource(seed: seed)),
      compute: compute)
  }

  /// Chunks of 2 to 24 tokens, with ends of sequences inside, from two sources.
  static func chunks(_ count: Int, seed: UInt64 = 1) -> ChunkList {
    var random = RandomSource(seed: seed)
    let chunks = (0..<count).map { _ in
      (0..<2 + random.index(below: 23)).map { _ in Int32(random.index(below: vocabularySize)) }
        + [1]
    }
    return ChunkList(
      chunks: chunks, sourceOfChunk: (0..<count).map { $0 % 2 }, sources: ["even", "odd"])
  }

  static func settings(steps: Int) -> TrainingConfiguration {
    TrainingConfiguration(
      steps: steps, chunksPerMicroBatch: 2, chunksPerStep: 6, chunkTokens: 20,
      endOfSequenceToken: endOfSequence, learningRate: 1e-2, minimumLearningRate: 1e-3,
      warmupSteps: min(2, steps), seed: 3, order: .shuffled, evaluationInterval: 4,
      checkpointInterval: 3,
      logInterval: 1)
  }

  static func workspace(
    for model: any CausalLanguageModel, _ configuration: TrainingConfiguration
  ) throws -> Workspace {
    try configuration.makeWorkspace(for: model)
  }

  static func heldOut(_ configuration: TrainingConfiguration) -> HeldOutEvaluation {
    HeldOutEvaluation(
      chunks: chunks(5, seed: 99), chunkTokens: configuration.chunkTokens,
      endOfSequenceToken: endOfSequence, chunksPerBatch: configuration.chunksPerMicroBatch)
  }

  /// A trainer with a fresh model, as a new process would make it.
  static func trainer(
    _ family: Family, _ configuration: TrainingConfiguration, folder: String,
    chunks: ChunkList = chunks(20), control: TrainingControl = TrainingControl(),
    compute: Compute? = nil, onEvent: @escaping (TrainingEvent) -> Void = { _ in }
  ) throws -> Trainer {
    let model = try model(family, compute: try compute ?? Tiny.compute())
    return try Trainer(
      model: model, workspace: try workspace(for: model, configuration),
      configuration: configuration, chunks: chunks, heldOut: heldOut(configuration),
      runFolder: folder, control: control, onEvent: onEvent)
  }

  /// Every weight and moment, bit by bit.
  static func bits(_ model: any CausalLanguageModel) throws -> [UInt32] {
    var result: [UInt32] = []
    for role in [ParameterStore.Role.weights, .firstMoment, .secondMoment] {
      result += try model.parameters.values(role).map(\.bitPattern)
    }
    return result
  }

  /// What a run must have computed, whatever happened to it: everything but times.
  static func facts(_ folder: String) throws -> [String] {
    try MetricsLog.read(runFolder: folder).compactMap { record in
      switch record {
      case .step(var metrics):
        metrics.tokensPerSecond = 0
        metrics.stepMilliseconds = 0
        metrics.dataShare = 0
        metrics.secondsRemaining = 0
        return try JSONFile.text(of: metrics, pretty: false)
      case .evaluation(let record): return try JSONFile.text(of: record, pretty: false)
      case .epoch(let record): return try JSONFile.text(of: record, pretty: false)
      case .checkpoint: return nil
      }
    }
  }
}
