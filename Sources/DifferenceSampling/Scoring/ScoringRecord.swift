import Foundation
public import Store
public import TensorKit

/// What a table of scores states about how it was made: the facts that go from the scores into
/// everything that is made of them.
public struct ScoringRecord: Sendable, Equatable {
  /// The corpus that was scored, and by whom; nil where a table does not state it.
  public var corpus: ArtifactIdentity?
  public var teacher: ArtifactIdentity?
  public var reference: ArtifactIdentity?
  /// In which both models scored; nil for one that is unknown here.
  public var precision: Precision?
  /// Seed of the order of scoring.
  public var seed: UInt64?
  /// Labels of the sources, by source number.
  public var sourceNames: [String]?
  /// Checks that failed before the scoring and were waived; nil where none was.
  public var waived: String?

  /// Reads the metadata of `scores.safetensors`.
  public init(metadata: [String: String]) {
    corpus = metadata["corpus"].flatMap(Self.artifact)
    teacher = metadata["teacher"].flatMap(Self.artifact)
    reference = metadata["reference"].flatMap(Self.artifact)
    precision = ChunkScoresFile.precision(of: metadata)
    seed = metadata["seed"].flatMap { UInt64($0) }
    waived = metadata["waived"]
    sourceNames = metadata["sources"].flatMap {
      try? JSONDecoder().decode([String].self, from: Data($0.utf8))
    }
  }

  /// Refuses a corpus and models that are not those of the scores. Names may differ, since folders
  /// move; digests decide.
  ///
  /// - Throws: `DifferenceSamplingError.otherInputs`.
  public func check(
    corpus: ArtifactIdentity, teacher: ArtifactIdentity, reference: ArtifactIdentity, path: String
  ) throws(DifferenceSamplingError) {
    let pairs = [
      ("corpus", self.corpus, corpus), ("teacher", self.teacher, teacher),
      ("reference", self.reference, reference),
    ]
    let mismatches = pairs.compactMap { property, stated, given in
      stated.flatMap { stated in
        stated.digest == given.digest
          ? nil
          : DifferenceSamplingError.Mismatch(
            property: property, found: Self.short(stated), expected: Self.short(given))
      }
    }
    if !mismatches.isEmpty { throw .otherInputs(path: path, mismatches: mismatches) }
  }

  /// The inverse of what `ScoringIdentity` writes: "name sha256:digest".
  private static func artifact(_ text: String) -> ArtifactIdentity? {
    guard let range = text.range(of: separator, options: .backwards) else { return nil }
    return ArtifactIdentity(
      name: String(text[..<range.lowerBound]), digest: String(text[range.upperBound...]))
  }

  private static let separator = " sha256:"

  private static func short(_ artifact: ArtifactIdentity) -> String {
    "\(artifact.name) (sha256 \(artifact.digest.prefix(12)))"
  }
}
