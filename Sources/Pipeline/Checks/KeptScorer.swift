import DifferenceSampling

/// A model that was loaded for the probe and is left in memory for the scoring behind it.
final class KeptScorer {
  /// Whether it stays: not where two models take turns in the memory.
  private let stays: Bool
  private var scorer: (any ChunkScorer)?

  init(stays: Bool) { self.stays = stays }

  /// The model, loaded at most once where it stays.
  func keeping(_ model: ScoringModel) -> ScoringModel {
    ScoringModel(identity: model.identity) { [self] in
      if let scorer { return scorer }
      let loaded = try model.load()
      if stays { scorer = loaded }
      return loaded
    }
  }
}
