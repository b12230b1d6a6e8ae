import LanguageModels
import Numerics
import Pipeline
import TensorKit
import Training

/// How fast this machine trains and reads a model, tokens a second, measured on random tokens.
public struct ModelSpeed: Sendable, Equatable {
  /// Forward, backward and update.
  public let training: Double
  /// Forward alone.
  public let reading: Double

  /// Measures for about `seconds` in all.
  ///
  /// - Throws: `WorkStopped`, and what models throw.
  init(
    _ configuration: ModelConfiguration, inputs: Int, chunks: Int, seconds: Double, compute: Ops,
    _ work: Work
  ) throws {
    let model = try LanguageModel.make(
      configuration, initialization: .seeded(RandomSource(seed: 1)), precision: .f32,
      compute: compute)
    let workspace = try Workspace(
      for: model, maximumTokens: inputs * chunks, maximumSequences: chunks, purpose: .training)
    let batch = try MeasuredPace.batch(
      chunks: chunks, inputs: inputs, vocabularySize: configuration.vocabularySize)
    func pace(_ pass: () throws -> Void) throws -> Double {
      try MeasuredPace.tokensPerSecond(
        tokens: batch.tokenCount, seconds: seconds / 2, work, pass: pass)
    }
    training =
      try pace { _ = try model.lossAndGradients(batch, workspace: workspace) } * Self.stepShare
    reading = try pace { _ = try model.logProbabilities(batch, workspace: workspace) }
  }

  init(training: Double, reading: Double) {
    self.training = training
    self.reading = reading
  }

  /// Share of a training step's time that is forward and backward: the rest updates and reads.
  private static let stepShare = 0.85
}

/// The speeds of all models of an experiment.
public struct MachineSpeeds: Sendable, Equatable {
  /// By name of the model: "teacher", "reference" and those of the students.
  public let models: [String: ModelSpeed]

  public init(models: [String: ModelSpeed]) { self.models = models }

  /// Measures each model of a recipe for about `seconds`.
  init(
    _ recipe: ExperimentRecipe, _ facts: ExperimentFacts, seconds: Double, compute: Ops,
    _ work: Work
  ) throws {
    let inputs = max(1, facts.scored.inputs / max(1, facts.scored.chunks))
    var shapes: [(String, ModelConfiguration, Int)] = [
      ("teacher", facts.teacher, 8), ("reference", facts.reference, 8),
    ]
    for model in recipe.models {
      shapes.append(
        (
          model.name,
          try model.configuration(
            vocabularySize: facts.vocabularySize, endOfText: facts.endOfText), model.chunksPerStep
        ))
    }
    var models: [String: ModelSpeed] = [:]
    for (number, shape) in shapes.enumerated() {
      work.report(
        WorkProgress(
          Double(number) / Double(shapes.count), detail: "measuring this machine, \(shape.0)"))
      models[shape.0] = try ModelSpeed(
        shape.1, inputs: inputs, chunks: shape.2, seconds: seconds, compute: compute, work)
    }
    self.models = models
  }
}
