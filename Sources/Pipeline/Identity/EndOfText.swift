import Corpus
import LanguageModels

/// Which token ends a document in shards.
enum EndOfText {
  /// What was given; else what the shards' own manifest states, since it was packed with it; else
  /// what the model's folder names. Where manifest and model disagree, that is noted.
  ///
  /// - Throws: `PipelineError.setting` for a token that the model has not, `CorpusError`, and `ModelError` when none of the three states it.
  static func find(
    given: Int32?, shards: String, model: ModelFolder, _ work: Work
  ) throws -> Int32 {
    if let given {
      let size = try model.statedConfiguration().vocabularySize
      // A token that never comes would mask nothing, and change every mean without a word.
      guard given >= 0, Int(given) < size else {
        throw PipelineError.setting(
          name: "eos", found: "\(given)", expected: "an id below \(size), the model's vocabulary")
      }
      return given
    }
    guard let packed = try ShardsTokenizer(ofShards: shards).endOfText
    else { return try model.endOfText() }
    if let own = try? model.endOfText(), own != packed {
      work.note(
        "\(shards) was packed with end-of-text token \(packed), the model in \(model.path) names "
          + "\(own): the shards' is used", .warning)
    }
    return packed
  }
}
