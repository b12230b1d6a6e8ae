import Training

/// An arm beside pre-training without selection, in one group or over all groups: paired by seed, so
/// that weights and order of chunks are the same in both.
public struct ArmComparison: Codable, Sendable, Equatable {
  public var arm: String
  public var method: String
  public var ratio: Double?
  /// Model and budget; nil for the mean over all of them.
  public var group: String?
  /// Held-out loss, nats a token.
  public var loss: SeedEstimate
  /// Loss less that of the student without selection of the same seed; nil for that student itself,
  /// and where none of its seeds is there.
  public var difference: SeedEstimate?
  /// The same by source.
  public var sources: [String: SeedEstimate]

  /// All comparisons of an experiment, group by group, arms in the order of `arms`; then those over
  /// all groups.
  package static func all(_ results: [StudentResult], arms: [String]) -> [ArmComparison] {
    var groups: [String] = []
    for result in results where !groups.contains(result.group) { groups.append(result.group) }
    let byGroup = groups.flatMap { group -> [ArmComparison] in
      let own = results.filter { $0.group == group }
      return arms.compactMap { ArmComparison($0, group: group, own) }
    }
    guard groups.count > 1 else { return byGroup }
    return byGroup + arms.compactMap { ArmComparison($0, group: nil, results) }
  }

  /// nil where no student of the arm is there.
  private init?(_ arm: String, group: String?, _ results: [StudentResult]) {
    let own = results.filter { $0.arm == arm }
    guard let first = own.first else { return nil }
    let plain = Dictionary(
      results.filter { $0.method == ExperimentMethod.conventional.rawValue }
        .map { (Key($0), $0) }, uniquingKeysWith: { one, _ in one })
    self.arm = arm
    method = first.method
    ratio = first.ratio
    self.group = group
    loss = SeedEstimate(Self.bySeed(own) { $0.loss })
    let isPlain = method == ExperimentMethod.conventional.rawValue
    let paired = isPlain ? [] : own.filter { plain[Key($0)] != nil }
    guard !paired.isEmpty else {
      (difference, sources) = (nil, [:])
      return
    }
    difference = SeedEstimate(
      Self.bySeed(paired) { $0.loss - (plain[Key($0)]?.loss ?? 0) })
    var sources: [String: SeedEstimate] = [:]
    for name in first.losses.sources.map(\.name) {
      sources[name] = SeedEstimate(
        Self.bySeed(paired) {
          $0.loss(of: name) - (plain[Key($0)]?.loss(of: name) ?? 0)
        })
    }
    self.sources = sources
  }

  /// What a student shares with the one that it is compared with.
  private struct Key: Hashable {
    let group: String
    let seed: UInt64

    init(_ result: StudentResult) { (group, seed) = (result.group, result.seed) }
  }

  /// A value of each seed: over several groups their mean. Seeds that lack a group are left out, so
  /// that no mean is of other students than the rest.
  private static func bySeed(
    _ results: [StudentResult], _ value: (StudentResult) -> Double
  ) -> [Double] {
    let seeds = Dictionary(grouping: results, by: \.seed)
    let most = seeds.values.map(\.count).max() ?? 0
    return seeds.filter { $0.value.count == most }.sorted { $0.key < $1.key }
      .map { $0.value.reduce(0) { $0 + value($1) } / Double(most) }
  }
}

extension StudentResult {
  /// The loss on a source, mean over chunks; NaN where it has none.
  func loss(of source: String) -> Double {
    losses.sources.first { $0.name == source }?.chunkMean ?? .nan
  }
}
