import Numerics

/// A setting of a training that is not what its preset has.
public struct PresetChange: Sendable, Equatable {
  /// As people read it: "learning rate".
  public let name: String
  public let value: String
  public let ofPreset: String

  /// "steps 1,000 (preset: 100,000)".
  public var words: String { "\(name) \(value) (preset: \(ofPreset))" }
}

extension TrainingConfiguration {
  /// The settings of a recipe, those that decide a result, as people read them: name and value.
  ///
  /// The micro-batch, the precision and when things are written are none of it, nor is the end of text,
  /// which the corpus has.
  public var recipe: [(name: String, value: String)] {
    func number(_ value: Double) -> String { Number.significant(value, 6) }
    return [
      ("steps", Number.grouped(steps)), ("chunks a step", Number.grouped(chunksPerStep)),
      ("chunk length", Number.grouped(chunkTokens)), ("learning rate", number(learningRate)),
      ("minimum learning rate", number(minimumLearningRate)),
      ("warm-up", Number.grouped(warmupSteps)), ("schedule", schedule.rawValue),
      ("beta1", number(beta1)), ("beta2", number(beta2)), ("epsilon", number(epsilon)),
      ("weight decay", number(weightDecay)),
      ("decay of", decayPolicy == .all ? "every parameter" : "matrices only"),
      ("clipping", gradientClip.map(number) ?? "none"), ("order", order.rawValue),
      ("loss", lossMean == .perChunk ? "mean over chunks" : "mean over tokens"),
      ("seed", "\(seed)"),
    ]
  }

  /// What differs from a preset's training.
  public func changes(from preset: TrainingConfiguration) -> [PresetChange] {
    zip(recipe, preset.recipe).filter { $0.value != $1.value }.map {
      PresetChange(name: $0.name, value: $0.value, ofPreset: $1.value)
    }
  }
}
