import DemoCorpus

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
    guard case .demo = settings.text else { return [:] }
    let damage = try DemoCorpus.plantedDamage(in: folder.corpus + "/" + name(.scored))
    let damaged = damage.enumerated().filter { $0.element != .none }
    return Dictionary(
      uniqueKeysWithValues: damaged.map { (Int64($0.offset), $0.element.rawValue) })
  }
}
