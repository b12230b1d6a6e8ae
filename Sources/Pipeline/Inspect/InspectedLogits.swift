import Numerics
import Store
import TensorKit
import Training

/// A cache of a teacher's distributions, whole or begun.
enum InspectedLogits: InspectedKind {
  static let words = "a cache of a teacher's distributions"

  static func matches(_ path: String) -> Bool {
    Folder.exists("\(path)/\(LogitCacheManifest.fileName)")
  }

  static func lines(_ inspection: Inspect, _ work: Work) throws -> [String] {
    guard let manifest = try LogitCacheManifest.find(folder: inspection.path) else { return [] }
    let kept = manifest.teacher.cache.map { "\($0)" } ?? "tokens"
    var lines = [
      "\(kept) of \(Number.grouped(manifest.chunks)) chunks of up to "
        + "\(Number.grouped(manifest.chunkTokens)) tokens, at temperature \(manifest.temperature), "
        + "over \(Number.grouped(manifest.vocabularySize)) columns",
      "teacher \(manifest.teacher.model.name), \(manifest.teacher.model.digest), in "
        + manifest.teacher.precision.rawValue,
    ]
    if let contents = manifest.contents {
      lines.append(
        "\(Number.grouped(contents.positions)) positions, \(Number.grouped(contents.entries)) tokens "
          + "kept, \(Number.bytes(contents.bytes)), "
          + "\(Number.fixed(contents.bytesPerToken, 1)) bytes a token")
    } else {
      lines.append("not finished: the same 'cache-logits' command goes on")
    }
    return lines
  }
}
