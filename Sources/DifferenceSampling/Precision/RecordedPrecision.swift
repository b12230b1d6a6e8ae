import Store
public import TensorKit

extension ScoringJob {
  /// The precision of the scores that `folder` holds; nil when there are none that can be read.
  public static func recordedPrecision(folder: String) -> Precision? {
    let parts = "\(folder)/scores"
    let names = (try? Folder.list(parts)) ?? []
    let paths =
      ["\(folder)/\(ChunkScoresFile.name)"]
      + names.filter { $0.hasSuffix(".safetensors") }.sorted().map { "\(parts)/\($0)" }
    for path in paths where Folder.exists(path) {
      // A damaged part is made again; the next one says the same.
      guard let metadata = try? SafetensorsFile(path: path).metadata else { continue }
      return Precision(rawValue: ScoringIdentity.precision(of: metadata))
    }
    return nil
  }
}
