import Numerics

/// What a selection that leaves the pure method costs: against choices of as many chunks without what
/// leaves it.
///
/// With a ranking and a cap of the method O(sources x (log n)^2) for every departure; another ranking
/// or a cap sorts and counts all chunks.
public struct SelectionCost: Sendable, Equatable {
  /// One departure.
  public struct Part: Sendable, Equatable {
    /// For example "floor of dictionary 60 %".
    public let name: String
    /// Chunks that are kept for it, and those that are dropped in their place.
    public let chunksIn: Int
    public let chunksOut: Int
    /// Change of the mean difference of what is kept, nats per token; nil while nothing is kept.
    public let meanChange: Double?
  }

  /// Mean difference of what is kept, and of the pure choice of as many; nil while nothing is kept.
  public let mean: Double?
  public let pureMean: Double?
  /// In the order of `SelectionSettings.departures`.
  public let parts: [Part]

  /// - Throws: `DifferenceSamplingError.invalidSetting` for settings that cannot be.
  public init(_ selection: Selection) throws(DifferenceSamplingError) {
    let settings = selection.settings
    let index = selection.index
    mean = selection.summary.meanDifference
    guard !settings.isPureMethod else {
      pureMean = mean
      parts = []
      return
    }
    let pure = try index.selection(
      SelectionSettings(), keeping: selection.summary.all.keptChunks)
    pureMean = pure.summary.meanDifference
    var parts: [Part] = []
    func add(
      _ name: String, without change: (inout SelectionSettings) -> Void,
      _ count: (Selection) -> (Int, Int)
    ) throws(DifferenceSamplingError) {
      var other = settings
      change(&other)
      let without = try index.selection(other, keeping: selection.summary.all.keptChunks)
      let (chunksIn, chunksOut) = count(without)
      parts.append(
        Part(
          name: name, chunksIn: chunksIn, chunksOut: chunksOut,
          meanChange: selection.meanChange(from: without)))
    }
    if !settings.ranking.isMethod {
      try add(
        "ranked by \(settings.ranking.words)",
        without: { $0.ranking = .difference }
      ) { SelectionOverlap(selection, $0).onlyOnes }
    }
    for (source, floor) in settings.floors.sorted(by: { $0.key < $1.key }) {
      let place = index.sourceNames.firstIndex(of: source)
      try add(
        "floor of \(source) \(Number.percent(floor))",
        without: { $0.floors[source] = nil }
      ) { without in
        // What the floor keeps more of its source, others have less.
        guard let place else { return (0, 0) }
        let more =
          selection.summary.sources[place].keptChunks - without.summary.sources[place].keptChunks
        return (more, more)
      }
    }
    if let cap = settings.teacherNLLCap {
      try add(
        "cap \(Number.fixed(Double(cap), 2)) on the teacher's NLL",
        without: { $0.teacherNLLCap = nil }
      ) { SelectionOverlap(selection, $0).onlyOnes }
    }
    if !settings.manual.isEmpty {
      try add("by hand", without: { $0.manual = [] }) { _ in
        (selection.summary.manualKeeps, selection.summary.manualDrops)
      }
    }
    self.parts = parts
  }
}

extension Selection {
  /// By how much its mean difference is above that of another; nil where one of them keeps nothing.
  public func meanChange(from other: Selection) -> Double? {
    guard let mean = summary.meanDifference, let others = other.summary.meanDifference else {
      return nil
    }
    return mean - others
  }

  /// The price of a floor in this selection: against the same of as many chunks without it.
  ///
  /// - Throws: `DifferenceSamplingError.invalidSetting` for a source or a share that cannot be.
  public func cost(
    ofFloor share: Double, of source: String
  ) throws(DifferenceSamplingError) -> SelectionCost.Part {
    var settings = settings
    settings.floors[source] = share
    let with = try index.selection(settings, keeping: summary.all.keptChunks)
    let place = index.sourceNames.firstIndex(of: source)
    let more =
      place.map { with.summary.sources[$0].keptChunks - summary.sources[$0].keptChunks } ?? 0
    return SelectionCost.Part(
      name: "floor of \(source) \(Number.percent(share))", chunksIn: more, chunksOut: more,
      meanChange: with.meanChange(from: self))
  }

  /// The dropped chunks of a source with the highest places in its ranking, best first; those that the
  /// cap or a person drops are not among them.
  public func bestDropped(ofSource source: Int, count: Int) -> [ChunkScore] {
    let kept = prefixes[source].reduce(0, +)
    // Chunks that are kept by hand lie behind the border and are left out.
    let chunks = index.chunks(ofSource: source, at: kept..<kept + count + settings.manual.count)
    return chunks.filter { state(ofChunk: $0) == .droppedByScore }.prefix(count).compactMap {
      index.score(ofChunk: $0)
    }
  }
}

extension SelectionIndex {
  /// The selection by settings with the ratio at which it keeps `count` chunks, or as near below it as
  /// floors and choices by hand let it.
  ///
  /// - Throws: `DifferenceSamplingError.invalidSetting`.
  public func selection(
    _ settings: SelectionSettings, keeping count: Int
  ) throws(DifferenceSamplingError) -> Selection {
    try selection(settings) { $0.all.keptChunks <= count }
  }

  /// The selection by settings with the highest ratio whose summary `fits`; that of ratio 0 if none
  /// does. Keeping more must not fit where keeping less does not.
  ///
  /// - Throws: `DifferenceSamplingError.invalidSetting`.
  public func selection(
    _ settings: SelectionSettings, fits: (SelectionSummary) -> Bool
  ) throws(DifferenceSamplingError) -> Selection {
    let index = ranked(by: settings.ranking).capped(at: settings.teacherNLLCap)
    func select(_ count: Int) throws(DifferenceSamplingError) -> Selection {
      var settings = settings
      settings.rule = .ratio(Self.ratio(keeping: count, of: index.rankedCount))
      return try index.select(settings)
    }
    var (low, high) = (0, index.rankedCount)
    var found = try select(0)
    while low < high {
      let middle = low + (high - low + 1) / 2
      let tried = try select(middle)
      if fits(tried.summary) { (low, found) = (middle, tried) } else { high = middle - 1 }
    }
    return found
  }

  /// The ratio that keeps exactly `count` of `all` chunks.
  public static func ratio(keeping count: Int, of all: Int) -> Double {
    guard all > 0 else { return 0 }
    let share = Double(count) / Double(all)
    return Int(share * Double(all)) < count ? share.nextUp : share
  }
}
