import DifferenceSampling
import EngineInterface
import Numerics

/// Turns what a scoring job reports into the picture of it.
struct ScoreRecorder {
  /// Rows that nobody has taken yet.
  private var pending: [ChunkScore] = []
  private var counts: Counts?
  private var histograms = SourceHistograms()
  private var density = ScoreDensity()
  private var latest: [ScoringSnapshot.Row] = []
  private var teacherSpeed: [Double] = []
  private var referenceSpeed: [Double] = []
  private var lastSpeed = 0.0
  private let sourceNames: [String]
  private let ratio: Double
  private let started = Clock.seconds()

  /// Bins of the histogram that pictures carry; screens join them to their width.
  static let bins = 256
  /// The newest scores that a picture shows.
  private static let latestCount = 20

  /// What is done of what.
  private struct Counts {
    var chunksDone: Int
    var chunkCount: Int
    var blocksDone: Int
    var blockCount: Int
    var secondsLeft: Double?

    init(_ progress: ScoringProgress) {
      chunksDone = progress.chunksDone
      chunkCount = progress.chunkCount
      blocksDone = progress.blocksDone
      blockCount = progress.blockCount
      secondsLeft = progress.secondsLeft
    }

    init(complete count: Int) {
      (chunksDone, chunkCount) = (count, count)
      (blocksDone, blockCount) = (0, 0)
    }
  }

  /// The picture of scores that were finished earlier, and of their histograms.
  static func picture(
    of scores: ChunkScores, _ histograms: SourceHistograms, sourceNames: [String], ratio: Double
  ) -> ScoringSnapshot? {
    var recorder = ScoreRecorder(sourceNames: sourceNames, ratio: ratio)
    recorder.histograms = histograms
    recorder.density.add(scores)
    recorder.show((max(0, scores.count - latestCount)..<scores.count).map { scores[$0] })
    recorder.counts = Counts(complete: scores.count)
    return recorder.snapshot()
  }

  init(sourceNames: [String], ratio: Double) {
    self.sourceNames = sourceNames
    self.ratio = ratio
  }

  mutating func record(_ event: ScoringEvent) {
    switch event {
    case .restored(let rows, let progress):
      add(rows)
      counts = Counts(progress)
    case .scored(let rows, let progress):
      add(rows)
      counts = Counts(progress)
      noteSpeed(progress)
    case .blockSaved(_, let progress), .finished(_, let progress): counts = Counts(progress)
    case .damagedPart: break
    }
  }

  /// Hands over the rows that have come since the last time.
  mutating func takeRows() -> [ChunkScore] {
    defer { pending = [] }
    return pending
  }

  private mutating func add(_ new: [ChunkScore]) {
    pending += new
    histograms.add(new)
    density.add(new)
    show(new)
  }

  private mutating func show(_ new: [ChunkScore]) {
    let shown = new.suffix(Self.latestCount).reversed().map { score in
      ScoringSnapshot.Row(
        index: score.chunk, source: sourceNames[score.source], tokens: score.length,
        teacherLogProbability: -Double(score.teacherNLL),
        referenceLogProbability: -Double(score.referenceNLL),
        difference: Double(score.difference))
    }
    latest = Array((shown + latest).prefix(Self.latestCount))
  }

  private mutating func noteSpeed(_ progress: ScoringProgress) {
    let now = Clock.seconds()
    guard now - lastSpeed >= 0.5 else { return }
    lastSpeed = now
    teacherSpeed = (teacherSpeed + [progress.teacher.tokensPerSecond]).suffix(120)
    referenceSpeed = (referenceSpeed + [progress.reference.tokensPerSecond]).suffix(120)
  }

  /// The picture; nil before the first event.
  func snapshot() -> ScoringSnapshot? {
    guard let counts else { return nil }
    let all = histograms.all
    let share = ratio * Double(all.count)
    let threshold = all.quantile(1 - ratio) ?? 0
    // Dvoretzky-Kiefer-Wolfowitz: the true quantile lies between these two of the sample.
    var band: Double?
    if counts.chunksDone < counts.chunkCount, share > 0 {
      let epsilon = (3.688_879_454_113_936 / (2 * Double(all.count))).squareRoot()
      let low = all.quantile(max(0, 1 - ratio - epsilon)) ?? threshold
      let high = all.quantile(min(1, 1 - ratio + epsilon)) ?? threshold
      band = (high - low) / 2
    }
    let display = all.display(bins: Self.bins)
    var picture = ScoringSnapshot(
      done: counts.chunksDone, total: counts.chunkCount,
      histogram: HistogramSnapshot(display), mean: all.mean,
      median: all.quantile(0.5) ?? 0, deviation: all.standardDeviation,
      minimum: all.minimum ?? 0, maximum: all.maximum ?? 0, negativeShare: all.negativeShare,
      nonFinite: all.nonFinite, ratio: ratio, threshold: threshold, thresholdBand: band,
      teacherSpeed: teacherSpeed, referenceSpeed: referenceSpeed,
      elapsed: Clock.seconds() - started, eta: counts.secondsLeft,
      blocksDone: counts.blocksDone, blocks: counts.blockCount, latest: latest,
      sources: histograms.sources.enumerated().compactMap { index, histogram in
        guard histogram.count > 0 else { return nil }
        return ScoringSnapshot.Source(
          name: sourceNames[index], count: histogram.count,
          median: histogram.quantile(0.5) ?? 0, lower: histogram.quantile(0.25) ?? 0,
          upper: histogram.quantile(0.75) ?? 0,
          counts: histogram.display(like: display).counts.map { Int32(clamping: $0) })
      })
    picture.density = density.display().map(DensitySnapshot.init)
    picture.remarks = SourceStandout.find(histograms).map(sentence)
    return picture
  }

  /// "cc-boilerplate: 212 of 230 chunks lie around d = -1.31, apart from the rest (...)."
  private func sentence(_ standout: SourceStandout) -> String {
    let chunks =
      standout.chunks == standout.of
      ? "its \(Number.grouped(standout.of)) chunks"
      : "\(Number.grouped(standout.chunks)) of \(Number.grouped(standout.of)) chunks"
    let others =
      "90 % of the rest: \(Number.signed(standout.others.lowerBound, 2)) to "
      + Number.signed(standout.others.upperBound, 2)
    let place = Number.signed(standout.place, 2)
    switch standout.kind {
    case .median:
      return
        "\(sourceNames[standout.source]) lies apart: median d \(place) of \(chunks); \(others)."
    case .peak(let share):
      return "\(sourceNames[standout.source]) makes a peak of its own: \(chunks) around d "
        + "\(place), \(Number.percent(share)) of what is there; \(others)."
    }
  }
}

extension DensitySnapshot {
  init(_ display: ScoreDensity.Display) {
    self.init(
      left: display.left, bottom: display.bottom, cell: display.cell, columns: display.columns,
      rows: display.rows, counts: display.counts)
  }
}
