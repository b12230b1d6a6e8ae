import Corpus
import LanguageModels
import Training

/// Whether a cache holds a teacher's distributions over what a run reads.
struct CacheCheck {
  let folder: String
  let manifest: LogitCacheManifest
  let student: ModelConfiguration
  let training: TrainingConfiguration
  /// What was asked for.
  let temperature: Double?

  /// - Throws: `PipelineError.setting` for a cache of other chunks, of shorter ones, of more columns than
  ///   the student has, or of another temperature; what reading the chunks throws.
  func require(_ place: TrainingPlace, _ work: Work) throws {
    func fault(_ found: String, _ expected: String) -> PipelineError {
      .setting(name: "logits", found: "\(folder), \(found)", expected: expected)
    }
    if let temperature, temperature != manifest.temperature {
      throw PipelineError.setting(
        name: "temperature", found: "\(temperature)",
        expected: "\(manifest.temperature), that of the cache")
    }
    guard manifest.vocabularySize <= student.vocabularySize else {
      throw fault(
        "which is over \(manifest.vocabularySize) columns",
        "at most the \(student.vocabularySize) of the student (cache-logits --vocabulary)")
    }
    guard manifest.chunkTokens >= training.chunkTokens else {
      throw fault(
        "which has the first \(manifest.chunkTokens) tokens of a chunk",
        "the \(training.chunkTokens) of the run")
    }
    let chunks = try place.open()
    guard try chunks.count == manifest.chunks && chunks.fingerprint() == manifest.dataFingerprint
    else {
      throw fault("which is of other chunks", "a cache of \(place.shards) (cache-logits --shards)")
    }
    if manifest.teacher.cache?.isBiased == true {
      work.note(
        "the cache keeps the likeliest tokens only: the gradient of the divergence is biased",
        .warning)
    }
  }
}
