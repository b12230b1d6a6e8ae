import Store
import TensorKit

/// What scores depend on, as it is stored in every file of them.
struct ScoringIdentity: Sendable {
  /// Property names and values, in the order in which differences are reported.
  let properties: [(name: String, value: String)]

  init(
    corpus: ArtifactIdentity, chunkCount: Int, teacher: ArtifactIdentity,
    reference: ArtifactIdentity, settings: ScoringSettings
  ) {
    properties = [
      ("corpus", Self.text(corpus)),
      ("chunks", "\(chunkCount)"),
      ("teacher", Self.text(teacher)),
      ("reference", Self.text(reference)),
      ("end_of_text", "\(settings.endOfText)"),
      ("positions", "\(settings.maximumPositions)"),
      ("order", settings.order.rawValue),
      ("seed", "\(settings.seed)"),
      ("block_size", "\(settings.blockSize)"),
      ("tokens_per_batch", "\(settings.tokensPerBatch)"),
      (Self.precisionName, settings.precision.rawValue),
    ]
  }

  var metadata: [String: String] {
    Dictionary(uniqueKeysWithValues: properties.map { ($0.name, $0.value) })
  }

  private static let precisionName = "precision"

  /// The precision that a file's metadata state; files from before it was stated are of f32.
  static func precision(of metadata: [String: String]) -> String {
    metadata[precisionName] ?? Precision.f32.rawValue
  }

  /// Throws if a file's metadata name another job.
  func check(_ metadata: [String: String], path: String) throws(DifferenceSamplingError) {
    let mismatches = properties.compactMap { property in
      let found =
        property.name == Self.precisionName
        ? Self.precision(of: metadata) : metadata[property.name] ?? "not stated"
      return found == property.value
        ? nil
        : DifferenceSamplingError.Mismatch(
          property: property.name, found: found, expected: property.value)
    }
    if !mismatches.isEmpty { throw .otherJob(path: path, mismatches: mismatches) }
  }

  private static func text(_ artifact: ArtifactIdentity) -> String {
    "\(artifact.name) sha256:\(artifact.digest)"
  }
}
