import LanguageModels
import Pipeline
import Store
import Training

/// The presets, as lines or as JSON.
enum PresetList {
  static func print(json: Bool) throws {
    if json { return try Output.json(TrainingPreset.all.map(Entry.init)) }
    for preset in TrainingPreset.all {
      for line in try PresetText(preset).lines() { try Output.line(line) }
    }
  }

  private struct Entry: Encodable {
    var name: String
    var summary: String
    var isPublished: Bool
    var config: [String: JSONValue]
    var training: TrainingConfiguration
    var notes: [String]

    init(_ preset: TrainingPreset) {
      name = preset.name
      summary = preset.summary
      isPublished = preset.isPublished
      config = preset.model
      training = preset.training
      notes = preset.notes
    }
  }
}
