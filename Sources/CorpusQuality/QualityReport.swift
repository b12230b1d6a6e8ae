public import CorpusStudy
public import DifferenceSampling

/// What a selection does to a corpus: the measures of all chunks, of those that are kept and of those
/// that are dropped.
public struct QualityReport: Codable, Sendable, Equatable {
  /// What was sampled; the same amount of every group.
  public struct Sample: Codable, Sendable, Equatable {
    /// Chunks that were drawn of each group.
    public var chunks: Int
    /// Tokens of each group that n-grams and compression are measured on.
    public var tokens: Int
    /// Chunks of each group that a Vendi score is of; nil without hidden states.
    public var vendiChunks: Int?
    public var seed: UInt64

    public init(chunks: Int, tokens: Int, vendiChunks: Int? = nil, seed: UInt64) {
      self.chunks = chunks
      self.tokens = tokens
      self.vendiChunks = vendiChunks
      self.seed = seed
    }
  }

  /// One group.
  public struct Group: Codable, Sendable, Equatable {
    public var group: ChunkGroup
    /// Distinct 1- to 4-grams of the sample.
    public var ngrams: [NGramDistinctness]
    public var compression: CompressionRatio
    /// Of the sample's pooled hidden states, and of the same without the mean of all samples: hidden
    /// states point the same way for the most part, which the first of the two measures with.
    public var vendi: VendiScore?
    public var centredVendi: VendiScore?
    /// Equal and nearly equal texts of the whole group; nil when nobody looked.
    public var duplicates: DuplicateCensus.Counts?

    public init(group: ChunkGroup, ngrams: [NGramDistinctness], compression: CompressionRatio) {
      self.group = group
      self.ngrams = ngrams
      self.compression = compression
    }
  }

  /// Agreement with another table of scores.
  public struct Agreement: Codable, Sendable, Equatable {
    /// Where the table is.
    public var scores: String
    public var agreement: ReferenceAgreement

    public init(scores: String, agreement: ReferenceAgreement) {
      self.scores = scores
      self.agreement = agreement
    }
  }

  public var sample: Sample
  public var rates: KeepRates
  /// All, kept, dropped.
  public var groups: [Group]
  /// Planted damage by kind; nil where nobody named it.
  public var damage: [LabelReport.Row]?
  public var agreements: [Agreement]

  public init(
    sample: Sample, rates: KeepRates, groups: [Group], damage: [LabelReport.Row]? = nil,
    agreements: [Agreement] = []
  ) {
    self.sample = sample
    self.rates = rates
    self.groups = groups
    self.damage = damage
    self.agreements = agreements
  }
}
