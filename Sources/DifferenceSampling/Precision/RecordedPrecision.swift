import Store
public import TensorKit

extension ScoringJob {
  /// The precision of the scores that `folder` holds; nil when there are none that can be read.
  public static func recordedPrecision(folder: String) -> Precision? {
    recordedMetadata(folder: folder).flatMap {
      Precision(rawValue: ScoringIdentity.precision(of: $0))
    }
  }

  /// The precision of scores that were begun and that a processor with `capability` computes otherwise;
  /// nil where it can go on with them, where they are finished, and where there are none.
  public static func foreignPrecision(
    folder: String, capability: ProductCapability
  ) -> Precision? {
    guard !Folder.exists("\(folder)/\(ChunkScoresFile.name)"),
      let metadata = recordedMetadata(folder: folder),
      let precision = Precision(rawValue: ScoringIdentity.precision(of: metadata)),
      metadata[ScoringIdentity.arithmeticName] != capability.arithmetic(of: precision)
    else { return nil }
    return precision
  }

  private static func recordedMetadata(folder: String) -> [String: String]? {
    // A damaged part is made again; the next one says the same.
    func metadata(_ path: String) -> [String: String]? { try? SafetensorsFile(path: path).metadata }
    let table = "\(folder)/\(ChunkScoresFile.name)"
    if Folder.exists(table), let found = metadata(table) { return found }
    var found: [String: String]?
    // There may be many thousand parts: the first that can be read answers.
    Folder.walk("\(folder)/scores") { name in
      if name.hasSuffix(".safetensors") { found = metadata("\(folder)/scores/\(name)") }
      return found == nil
    }
    return found
  }
}
