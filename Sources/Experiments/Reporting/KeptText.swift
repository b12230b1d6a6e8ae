import Corpus
import DemoCorpus
import DifferenceSampling
import Store

/// What a refined corpus keeps of every source and of every kind of planted damage.
public struct KeptText: Codable, Sendable, Equatable {
  public var arm: String
  public var tokens: Int
  /// Share of the chunks that is kept, by source.
  public var sources: [String: Double]
  /// Share of the tokens that is dropped, by kind of damage; nothing for text that is not labelled.
  public var dropped: [String: Double]

  /// Of the text of all arms that keep a share.
  static func all(_ recipe: ExperimentRecipe, _ folder: ExperimentFolder) throws -> [KeptText] {
    let labels = try labels(recipe, folder)
    let index =
      labels.isEmpty
      ? nil
      : LabelIndex(source: try TokenShards(folder: folder.shards(.scored)), labels: labels)
    // Arms that differ in what the teacher does have one text.
    let texts = recipe.arms.map(\.text).reduce(into: [ExperimentArm]()) { texts, arm in
      if arm.ratio != nil, !texts.contains(arm) { texts.append(arm) }
    }
    return try texts.compactMap { arm -> KeptText? in
      guard let corpus = try folder.chosen(arm) else { return nil }
      let manifest = try CommitManifest.read(folder: corpus)
      let rates = manifest.sources.filter { $0.totalChunks > 0 }.map { ($0.source, $0.keepRate) }
      var dropped: [String: Double] = [:]
      if let index {
        let kept = try ChunkScoresFile.read("\(corpus)/kept.safetensors").scores.chunks
        for row in index.report(kept: kept.map { Int($0) }).rows {
          dropped[row.label] = row.tokenShareDropped
        }
      }
      return KeptText(
        arm: arm.name, tokens: manifest.all.keptTokens,
        sources: Dictionary(rates, uniquingKeysWith: { one, _ in one }), dropped: dropped)
    }
  }

  private static func labels(
    _ recipe: ExperimentRecipe, _ folder: ExperimentFolder
  ) throws -> [Int64: String] {
    guard case .machine = recipe.corpus else { return [:] }
    let path = "\(folder.corpus)/\(DemoPart.corpus.fileName)"
    guard Folder.exists(path) else { return [:] }
    let damage = try DemoCorpus.plantedDamage(in: path).enumerated()
      .filter { $0.element != .none }
    return Dictionary(
      uniqueKeysWithValues: damage.map { (Int64($0.offset), $0.element.rawValue) })
  }
}
