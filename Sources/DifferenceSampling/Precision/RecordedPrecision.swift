import Store
public import TensorKit

extension ScoringJob {
  /// The precision of the scores that `folder` holds; nil when there are none that can be read.
  public static func recordedPrecision(folder: String) -> Precision? {
    func precision(_ path: String) -> Precision? {
      // A damaged part is made again; the next one says the same.
      guard let metadata = try? SafetensorsFile(path: path).metadata else { return nil }
      return Precision(rawValue: ScoringIdentity.precision(of: metadata))
    }
    let table = "\(folder)/\(ChunkScoresFile.name)"
    if Folder.exists(table), let found = precision(table) { return found }
    var found: Precision?
    // There may be many thousand parts: the first that can be read answers.
    Folder.walk("\(folder)/scores") { name in
      if name.hasSuffix(".safetensors") { found = precision("\(folder)/scores/\(name)") }
      return found == nil
    }
    return found
  }
}
