public import LanguageModels
import Numerics
import Store
public import Training

/// A preset as people read it.
public struct PresetText {
  private let preset: TrainingPreset

  public init(_ preset: TrainingPreset) { self.preset = preset }

  /// The whole recipe, line by line.
  ///
  /// - Throws: `ModelError`, for no preset of the list.
  public func lines() throws(ModelError) -> [String] {
    // Where the tokenizer decides, its size is no part of the recipe.
    let model = try preset.configuration(
      tokenizer: preset.vocabularySize == nil
        ? TokenizerSizes(vocabularySize: 1, endOfText: 0) : nil)
    let training = preset.training
    let body = model.parameterCount - model.hiddenSize
    var shape = [
      "\(model.family.name), layers \(model.layerCount), hidden size \(model.hiddenSize)"
    ]
    shape += model.facts
    shape.append(
      preset.vocabularySize.map { "vocabulary \(Number.grouped($0))" }
        ?? "vocabulary of its tokenizer")
    shape.append("embeddings \(model.tiesWordEmbeddings ? "tied" : "untied")")
    let count =
      preset.vocabularySize == nil
      ? "\(Number.grouped(body)) parameters beside embeddings"
      : "\(Number.grouped(model.parameterCount)) parameters"
    let inputs = training.chunksPerStep * (training.chunkTokens - 1)
    return [
      "\(preset.name): \(preset.summary)",
      "  \(count): \(shape.joined(separator: ", "))",
      "  " + training.recipe.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
      "  \(Number.grouped(inputs)) tokens a step, "
        + "\(Number.short(Double(inputs) * Double(training.steps))) in all",
    ] + preset.notes.map { "  \($0)" }
  }

  /// What a model by the preset is, and where it is not as the preset has it.
  func shapeLines(
    _ keys: [String: JSONValue], _ configuration: ModelConfiguration
  ) -> [String] {
    let changed = preset.model.keys.sorted().filter { keys[$0] != preset.model[$0] }.map {
      "\($0) \(keys[$0]?.shown ?? "none") (preset: \(preset.model[$0]?.shown ?? "none"))"
    }
    return [
      "preset \(preset.name) (\(preset.summary)), "
        + (changed.isEmpty ? "as it has it" : "but \(changed.joined(separator: ", "))")
    ] + preset.notes.map { "preset \(preset.name): \($0)" }
  }
}
