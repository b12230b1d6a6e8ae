import DemoCorpus
import Store

/// The demo's text files inside a project, and what was planted into them.
enum DemoFiles {
  /// Name of a part's file.
  static func name(_ part: CorpusPart) -> String {
    switch part {
    case .reserve: DemoPart.reserve.fileName
    case .scored: DemoPart.corpus.fileName
    case .heldOut: DemoPart.heldout.fileName
    }
  }

  /// Planted damage by damaged document of the scored part; empty for a project of other text.
  static func labels(
    _ folder: ProjectFolder, _ settings: ProjectSettings
  ) throws -> [Int64: String] {
    guard settings.text.isDemo else { return [:] }
    let damage = try DemoCorpus.plantedDamage(in: folder.corpus + "/" + name(.scored))
    let damaged = damage.enumerated().filter { $0.element != .none }
    return Dictionary(
      uniqueKeysWithValues: damaged.map { (Int64($0.offset), $0.element.rawValue) })
  }

  /// Bytes of text that the demo gathered; nil for a project of other text.
  static func bytes(_ folder: ProjectFolder, _ settings: ProjectSettings) throws -> Int? {
    guard settings.text.isDemo else { return nil }
    let path = folder.corpus + "/" + DemoManifest.fileName
    return try JSONFile.read(DemoManifest.self, from: path).kinds.reduce(0) {
      $0 + $1.bytes.values.reduce(0, +)
    }
  }
}
