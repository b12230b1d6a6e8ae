import Corpus
import LanguageModels
import Store
import TensorKit

/// How far a rollout is.
public struct RolloutProgress: Sendable, Equatable {
  /// From 1.
  public var rollout: Int
  /// Sequences that are whole, and of how many.
  public var sequencesDone: Int
  public var sequences: Int
  /// Whether all are sampled, and both models look at them.
  public var isScoring: Bool
  /// Of the rollout at its present pace; nil before that is known.
  public var secondsLeft: Double?
}

/// The sampled part of a MiniLLM training: makes rollouts, holds the present one, trains on it.
final class PolicyTraining {
  let settings: MiniLLMSettings
  let plan: RolloutPlan
  private(set) var rollout: Rollout?
  /// What making the present rollout took; nil where it was not made by this process.
  private(set) var rolloutSeconds: Double?
  private let training: TrainingConfiguration
  private let teacher: TeacherModel
  private let scratch: Arena

  /// Nil where the configuration has no such part.
  ///
  /// - Throws: `TrainingError.invalidSetting` for a teacher that cannot look at samples.
  init?(_ training: TrainingConfiguration, _ distilling: Distilling?) throws(TrainingError) {
    guard let settings = training.minillm else { return nil }
    guard let distilling, let teacher = distilling.source as? TeacherModel else {
      throw .invalidSetting(
        field: "logits", found: "a cache of a teacher's distributions",
        expected: "a teacher that reads what the student samples")
    }
    self.settings = settings
    self.training = training
    self.teacher = teacher
    plan = RolloutPlan(settings, training)
    scratch = distilling.scratch
  }

  /// Whether a step's rollout is not there.
  func needsRollout(step: Int) -> Bool { rollout?.number != plan.rollout(ofStep: step) }

  /// Takes a rollout that was saved; nil where it is still to be made.
  func restore(_ rollout: Rollout?) { self.rollout = rollout }

  /// Samples the rollout of a step and scores it; false where `goesOn` said no.
  func makeRollout(
    step: Int, from chunks: any ChunkSource, _ batches: BatchPlan,
    _ student: any CausalLanguageModel, _ workspace: Workspace,
    goesOn: (RolloutProgress) throws -> Bool
  ) throws -> Bool {
    let number = plan.rollout(ofStep: step)
    let maker = RolloutMaker(
      number: number, settings: settings, training: training, teacher: teacher,
      student: student, workspace: workspace, scratch: scratch)
    let prompts = try plan.chunks(ofRollout: number, batches).map { chunk in
      (chunk: chunk, tokens: Array(try chunks.tokens(of: chunk).prefix(settings.promptTokens)))
    }
    (rollout, rolloutSeconds) = (nil, nil)
    let started = ContinuousClock.now
    rollout = try maker.make(prompts, goesOn: goesOn)
    guard rollout != nil else { return false }
    rolloutSeconds = (ContinuousClock.now - started) / .seconds(1)
    return true
  }

  /// The sequences of a step.
  func sequences(ofStep step: Int) -> [RolloutSequence] {
    guard let rollout else { return [] }
    return plan.sequences(ofStep: step).map { rollout.sequences[$0] }
  }

  /// Adds the gradients of some of a step's sequences, and their losses to `sum`.
  ///
  /// - Parameter tokenCount: new tokens of the whole step.
  func train(
    on sequences: ArraySlice<RolloutSequence>, tokenCount: Int, _ sum: inout MiniLLMSum,
    _ student: any CausalLanguageModel, _ workspace: Workspace
  ) throws {
    let batch = PackedBatch(
      sampled: sequences.map { ($0.prompt, $0.new) }, weight: 1 / Float(max(1, tokenCount)))
    /// A column of the sequences' values, 0 at positions of prompts.
    func column(_ values: KeyPath<RolloutSequence, [Float]>) -> [Float] {
      sequences.flatMap {
        [Float](repeating: 0, count: $0.prompt.count - 1) + $0[keyPath: values]
      }
    }
    let ratio = ClippedRatio(width: Float(settings.ratioClip))
    let objective = PolicyObjective(
      ratio: ratio, divergence: Float(settings.singleStep), advantages: column(\.advantages),
      oldLogProbabilities: column(\.logProbabilities),
      importanceWeights: column(\.importanceWeights))
    let figures = try teacher.withHead(of: batch) { head in
      try student.policy(
        batch,
        PolicyRequest(
          teacher: head, temperature: Float(settings.temperature), objective: objective,
          scratch: scratch), workspace: workspace)
    }
    for place in batch.targets.indices where batch.targets[place] >= 0 {
      sum.add(
        ratio.loss(
          logProbability: figures.logProbabilities[place],
          old: objective.oldLogProbabilities[place], advantage: objective.advantages[place],
          weight: objective.importanceWeights[place]), divergence: figures.divergences[place])
    }
  }
}
