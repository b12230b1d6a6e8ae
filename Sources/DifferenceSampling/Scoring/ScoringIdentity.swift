import Foundation
import Store
import TensorKit

/// What scores depend on, as it is stored in every file of them.
struct ScoringIdentity: Sendable {
  /// Property names and values, in the order in which differences are reported.
  let properties: [(name: String, value: String)]

  init(
    corpus: ArtifactIdentity, chunkCount: Int, teacher: ArtifactIdentity,
    reference: ArtifactIdentity, settings: ScoringSettings, capability: ProductCapability
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
      (Self.arithmeticName, capability.arithmetic(of: settings.precision) ?? Self.unnamed),
    ]
  }

  /// What stands in a file; an arithmetic without a name does not, so that files keep their bytes.
  var metadata: [String: String] {
    let stated = properties.filter { $0.name != Self.arithmeticName || $0.value != Self.unnamed }
    return Dictionary(uniqueKeysWithValues: stated.map { ($0.name, $0.value) })
  }

  private static let precisionName = "precision"
  /// Which arithmetic of its precision made the scores, where there is or was more than one.
  static let arithmeticName = "arithmetic"
  /// That of files which name none (`ProductCapability.arithmetic`).
  private static let unnamed = "not named"

  /// The precision that a file's metadata state; files from before it was stated are of f32.
  static func precision(of metadata: [String: String]) -> String {
    metadata[precisionName] ?? Precision.f32.rawValue
  }

  /// Throws if a file's metadata name another job. Names of corpus and models may differ, since
  /// folders move; digests decide.
  func check(_ metadata: [String: String], path: String) throws(DifferenceSamplingError) {
    var mismatches = properties.compactMap { property in
      let found =
        switch property.name {
        case Self.precisionName: Self.precision(of: metadata)
        case Self.arithmeticName: metadata[property.name] ?? Self.unnamed
        default: metadata[property.name] ?? "not stated"
        }
      let isSame =
        Self.artifactNames.contains(property.name)
        ? Self.digest(found) == Self.digest(property.value) : found == property.value
      return isSame
        ? nil
        : DifferenceSamplingError.Mismatch(
          property: property.name, found: found, expected: property.value)
    }
    // Two precisions have two arithmetics as a matter of course.
    if mismatches.contains(where: { $0.property == Self.precisionName }) {
      mismatches.removeAll { $0.property == Self.arithmeticName }
    }
    if !mismatches.isEmpty { throw .otherJob(path: path, mismatches: mismatches) }
  }

  private static func text(_ artifact: ArtifactIdentity) -> String {
    "\(artifact.name)\(digestMark)\(artifact.digest)"
  }

  private static let artifactNames = ["corpus", "teacher", "reference"]
  private static let digestMark = " sha256:"

  /// Of what `text` writes; all of anything else.
  private static func digest(_ text: String) -> Substring {
    text.range(of: digestMark, options: .backwards).map { text[$0.upperBound...] } ?? text[...]
  }
}
