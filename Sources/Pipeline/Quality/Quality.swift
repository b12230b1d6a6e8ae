import Corpus
public import CorpusQuality
import CorpusStudy
public import DifferenceSampling
import LanguageModels
import Numerics
import Store
public import TensorKit
import Tokenizers

/// Measures what a selection does to a corpus: diversity of what is kept against all and what is dropped,
/// keep rates, duplicates, planted damage, and how far other scores would choose the same.
///
/// Keep rates and agreement are of all scores; diversity is of equally large samples; only duplicates
/// need a pass over all chunks.
public struct Quality {
  public struct Settings: Sendable {
    /// What is kept.
    public var selection: SelectionSettings
    /// Chunks of each group that n-grams and compression are measured on.
    public var sample: Int
    /// Chunks of each group that hidden states are computed of.
    public var states: Int
    /// Level of zstd.
    public var compressionLevel: Int
    public var seed: UInt64
    /// Most tokens of a chunk that the reference reads.
    public var chunkTokens: Int
    /// Chunks of one forward pass.
    public var chunksPerBatch: Int
    public var precision: Precision
    /// Which duplicates are looked for; nil: none, and no pass over all chunks.
    public var duplicates: Study.Settings?

    public init(
      selection: SelectionSettings = SelectionSettings(), sample: Int = 2000, states: Int = 256,
      compressionLevel: Int = 9, seed: UInt64 = 1, chunkTokens: Int = 1024,
      chunksPerBatch: Int = 8, precision: Precision = .f32, duplicates: Study.Settings? = nil
    ) {
      self.selection = selection
      self.sample = sample
      self.states = states
      self.compressionLevel = compressionLevel
      self.seed = seed
      self.chunkTokens = chunkTokens
      self.chunksPerBatch = chunksPerBatch
      self.precision = precision
      self.duplicates = duplicates
    }

    /// - Throws: `PipelineError.setting`.
    func validate() throws(PipelineError) {
      for (name, value, range) in [
        ("the sample", sample, 1...1 << 20), ("the number of hidden states", states, 2...1 << 20),
        ("level", compressionLevel, 1...19), ("batch", chunksPerBatch, 1...1 << 20),
        ("chunk-tokens", chunkTokens, 1...1 << 20),
      ] where !range.contains(value) {
        throw .setting(
          name: name, found: "\(value)",
          expected: "\(range.lowerBound) to \(range.upperBound)")
      }
    }
  }

  private let inputs: QualityInputs
  private let settings: Settings
  private let compute: Ops

  public init(_ inputs: QualityInputs, settings: Settings, compute: Ops) {
    self.inputs = inputs
    self.settings = settings
    self.compute = compute
  }

  /// Measures it all.
  ///
  /// - Throws: `PipelineError`, `CorpusQualityError`, `StoreError`, `CorpusError`,
  ///   `DifferenceSamplingError`, `ModelError` (of memory before a model is loaded), `WorkStopped`.
  public func run(_ work: Work) throws -> QualityReport {
    try settings.validate()
    work.report(WorkProgress(0, detail: "reading scores"))
    let opened = try inputs.open(settings.selection, work)
    let selection = opened.selection
    let drawn = try DiversitySample(of: selection, size: settings.sample, seed: settings.seed)
    let samples = try read(drawn, opened.shards, work.part(0.02...0.05))
    let agreements = try self.agreements(opened.scores, work)
    var report = QualityReport(
      sample: QualityReport.Sample(
        chunks: drawn.size, tokens: samples.cut[.all]?.tokenCount ?? 0, seed: settings.seed),
      rates: KeepRates(selection.summary),
      groups: try groups(samples.cut, opened.texts, work.part(0.05...0.15)),
      damage: try inputs.damage(opened.shards, selection, work), agreements: agreements)
    let statesShare = inputs.reference == nil ? 1 : 0.55
    try countDuplicates(opened, &report, work.part(0.15...statesShare))
    try measureStates(samples.whole, &report, work.part(statesShare...1))
    try opened.shards.requireUnchanged()
    return report
  }

  /// Sampled chunks as they are, and cut to equal amounts.
  private func read(
    _ drawn: DiversitySample, _ shards: TokenShards, _ work: Work
  ) throws -> (whole: [ChunkGroup: SampledTokens], cut: [ChunkGroup: SampledTokens]) {
    var whole: [ChunkGroup: SampledTokens] = [:]
    for (place, group) in ChunkGroup.allCases.enumerated() {
      whole[group] = try SampledTokens(
        shards, chunks: drawn.chunks[group] ?? [], seed: settings.seed
      ) { done in
        try work.checkpoint()
        let share = Double(done) / Double(drawn.size)
        work.report(
          WorkProgress((Double(place) + share) / 3, detail: "reading \(group.rawValue) chunks"))
      }
    }
    var cut = whole
    SampledTokens.equalise(&cut)
    return (whole, cut)
  }

  private func groups(
    _ samples: [ChunkGroup: SampledTokens], _ texts: TokenTexts?, _ work: Work
  ) throws -> [QualityReport.Group] {
    var groups: [QualityReport.Group] = []
    for (place, group) in ChunkGroup.allCases.enumerated() {
      guard let sample = samples[group] else { continue }
      var ngrams: [NGramDistinctness] = []
      for n in 1...4 {
        try work.checkpoint()
        work.report(
          WorkProgress(
            (Double(place) + Double(n) / 5) / 3, detail: "\(n)-grams of \(group.rawValue) chunks"))
        ngrams.append(NGramDistinctness(n: n, in: sample.chunks))
      }
      try work.checkpoint()
      groups.append(
        QualityReport.Group(
          group: group, ngrams: ngrams,
          compression: try CompressionRatio(
            sample, texts: texts, level: settings.compressionLevel)))
    }
    return groups
  }

  private func agreements(
    _ scores: ChunkScores, _ work: Work
  ) throws -> [QualityReport.Agreement] {
    let ratio: Double? = if case .ratio(let ratio) = settings.selection.rule { ratio } else { nil }
    let ratios = Set([0.25, 0.5, 0.75] + (ratio.map { [$0] } ?? [])).sorted()
    return try inputs.others.map { path in
      try work.checkpoint()
      let (other, _) = try ChunkScoresFile.read(ScoredShards.table(path))
      return QualityReport.Agreement(
        scores: path, agreement: try ReferenceAgreement(scores, other, ratios: ratios))
    }
  }

  private func countDuplicates(
    _ opened: QualityInputs.Opened, _ report: inout QualityReport, _ work: Work
  ) throws {
    guard let wanted = settings.duplicates else { return }
    guard let tokenizer = opened.tokenizer else {
      work.note(
        "duplicates are not counted: no tokenizer was named, and there is none in the reference's folder",
        .warning)
      return
    }
    let census = try DuplicateCensus(
      shards: opened.shards, tokenizer: tokenizer, endOfText: opened.endOfText,
      options: wanted.options)
    let selection = opened.selection
    let found = try stoppable {
      try census.run(
        threads: wanted.threads, groups: 2,
        group: { selection.keeps(chunk: $0) ? 0 : 1 },
        report: { phase, fraction in
          switch phase {
          case .reading:
            work.goesOn(WorkProgress(fraction * 0.7, detail: "reading texts"))
          case .comparing:
            work.goesOn(WorkProgress(0.7 + fraction * 0.3, detail: "comparing texts"))
          }
        })
    }
    for index in report.groups.indices {
      report.groups[index].duplicates =
        switch report.groups[index].group {
        case .all: found.all
        case .kept: found.groups[0]
        case .dropped: found.groups[1]
        }
    }
  }

  private func measureStates(
    _ samples: [ChunkGroup: SampledTokens], _ report: inout QualityReport, _ work: Work
  ) throws {
    guard let reference = inputs.reference else { return }
    let states = try PooledStates(
      reference, chunkTokens: settings.chunkTokens, chunksPerBatch: settings.chunksPerBatch,
      precision: settings.precision, compute: compute, work)
    // Equally many of each group, and none of them empty.
    let chunks = samples.mapValues { $0.chunks.filter { !$0.isEmpty } }
    let count = min(settings.states, chunks.values.map(\.count).min() ?? 0)
    guard count >= 2 else {
      work.note("too few chunks for a Vendi score", .warning)
      return
    }
    var vectors: [ChunkGroup: [Float]] = [:]
    for (place, group) in ChunkGroup.allCases.enumerated() {
      vectors[group] = try states.vectors(of: Array((chunks[group] ?? []).prefix(count))) { done in
        try work.checkpoint()
        let all = Double(place * count + done) / Double(3 * count)
        work.report(
          WorkProgress(
            all,
            detail: "\(reference.name), \(Number.grouped(place * count + done)) of "
              + "\(Number.grouped(3 * count)) chunks"))
      }
    }
    let mean = PooledMean(Array(vectors.values), dimensions: states.dimensions)
    for index in report.groups.indices {
      guard let own = vectors[report.groups[index].group] else { continue }
      report.groups[index].vendi = try VendiScore(own, dimensions: states.dimensions)
      report.groups[index].centredVendi = try? VendiScore(
        mean.subtracted(from: own), dimensions: states.dimensions)
    }
    report.sample.vendiChunks = count
  }
}
