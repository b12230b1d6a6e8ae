import CorpusQuality
import DifferenceSampling
import EngineInterface
import Numerics
import Store

/// A reading without scores in sight: which chunks in which order, and what the reader said.
///
/// `reading.jsonl`: a line that says what was drawn, then a line an answer; the last answer on a chunk
/// counts, and an empty one takes the answer before it back.
struct BlindReading: Sendable {
  /// One line of the file.
  private struct Line: Codable {
    var seed: UInt64?
    /// Chunks in the order of the reading, and the tenth of each: 1 the lowest differences, 0 the border.
    var chunks: [Int]?
    var groups: [Int]?
    /// Differences at the borders of the tenths, lowest first, and how many chunks there are.
    var edges: [Double]?
    var corpus: Int?
    var chunk: Int?
    var answer: ReadingSnapshot.Answer?
  }

  let seed: UInt64
  private let chunks: [Int]
  private let groups: [Int]
  private let edges: [Double]
  private let corpus: Int
  private(set) var answers: [Int: ReadingSnapshot.Answer] = [:]
  /// In the order in which they were given.
  private var answered: [Int] = []

  /// Chunks of each tenth, and at the border.
  private static let perDecile = 4
  private static let atBorder = 20
  /// Ranks on each side from which those at the border are drawn.
  private static let borderWidth = 40

  // MARK: - Drawing

  /// Draws chunks for a selection; nil where chunks are not ranked by difference, or too few are.
  init?(_ selection: Selection, seed: UInt64) {
    let index = selection.index
    guard index.ranking.isMethod, index.rankedCount >= 20 else { return nil }
    var random = RandomSource(seed: seed).split("blind reading")
    var drawn: [Int: Int] = [:]
    func draw(_ ranks: Range<Int>, _ count: Int, group: Int) {
      // A tenth of ten million ranks is drawn from, not listed.
      var left = ranks.count > 1000 ? Self.some(1000, of: ranks, &random) : Array(ranks)
      random.shuffle(&left)
      var found = 0
      for rank in left where found < count {
        let chunk = index.score(atRank: rank).chunk
        guard drawn[chunk] == nil else { continue }
        drawn[chunk] = group
        found += 1
      }
    }
    let border = selection.ruleCount
    draw(
      max(0, border - Self.borderWidth)..<min(index.rankedCount, border + Self.borderWidth),
      Self.atBorder, group: 0)
    var edges: [Double] = []
    for decile in 1...10 {
      // Ranks fall with the difference.
      let start = index.rankedCount * (10 - decile) / 10
      let end = index.rankedCount * (11 - decile) / 10
      draw(start..<end, Self.perDecile, group: decile)
      edges.append(Double(index.score(atRank: end - 1).difference))
    }
    edges.append(Double(index.score(atRank: 0).difference))
    var order = drawn.keys.sorted()
    random.shuffle(&order)
    self.seed = seed
    chunks = order
    groups = order.map { drawn[$0] ?? 0 }
    self.edges = edges
    corpus = index.chunkCount
  }

  private static func some(
    _ count: Int, of range: Range<Int>, _ random: inout RandomSource
  ) -> [Int] {
    var found: Set<Int> = []
    while found.count < count { found.insert(range.lowerBound + random.index(below: range.count)) }
    return found.sorted()
  }

  // MARK: - The file

  /// Goes on with a file; nil where there is none, or one of another corpus.
  ///
  /// - Throws: `StoreError.malformed`.
  init?(path: String, chunkCount: Int) throws(StoreError) {
    let lines = try JSONLinesLog.read(Line.self, from: path)
    guard let first = lines.first, let seed = first.seed, let chunks = first.chunks,
      let groups = first.groups, let edges = first.edges, groups.count == chunks.count,
      edges.count == 11, first.corpus == chunkCount,
      chunks.allSatisfy({ (0..<chunkCount).contains($0) })
    else { return nil }
    self.seed = seed
    self.chunks = chunks
    self.groups = groups
    self.edges = edges
    corpus = chunkCount
    for line in lines.dropFirst() {
      guard let chunk = line.chunk else { continue }
      take(line.answer, of: chunk)
    }
  }

  /// Writes what was drawn, in place of what was there.
  func begin(at path: String) throws(StoreError) {
    let line = Line(seed: seed, chunks: chunks, groups: groups, edges: edges, corpus: corpus)
    try AtomicFile.write(text: try JSONFile.text(of: line, pretty: false) + "\n", to: path)
  }

  /// Takes an answer, and writes it down.
  mutating func answer(
    _ answer: ReadingSnapshot.Answer?, of chunk: Int, at path: String
  ) throws(StoreError) {
    let log = try JSONLinesLog(appendingTo: path)
    try log.append(Line(chunk: chunk, answer: answer))
    try log.sync()
    take(answer, of: chunk)
  }

  private mutating func take(_ answer: ReadingSnapshot.Answer?, of chunk: Int) {
    answers[chunk] = answer
    answered.removeAll { $0 == chunk }
    if answer != nil { answered.append(chunk) }
  }

  // MARK: - What comes of it

  /// The chunk to be read now; nil at the end.
  var next: Int? { chunks.first { answers[$0] == nil } }
  /// The chunk that was answered last.
  var last: Int? { answered.last }

  func holds(_ chunk: Int) -> Bool { chunks.contains(chunk) }

  /// How often reader and selection agree; by the border, each tenth, and over all.
  func agreement(
    with selection: Selection
  ) -> (deciles: [ReadingSnapshot.Decile], all: ReadingSnapshot.Decile) {
    func decile(_ number: Int, _ chunks: [Int], _ range: (Double, Double)) -> ReadingSnapshot.Decile
    {
      var found = ReadingSnapshot.Decile(
        number: number, lower: range.0, upper: range.1, answered: 0, readerKeeps: 0, agreed: 0,
        interval: nil)
      for chunk in chunks {
        guard let answer = answers[chunk], answer != .skip else { continue }
        found.answered += 1
        if answer == .keep { found.readerKeeps += 1 }
        if selection.keeps(chunk: chunk) == (answer == .keep) { found.agreed += 1 }
      }
      found.interval = KeepRates.wilson(found.agreed, of: found.answered).map { $0.low...$0.high }
      return found
    }
    let whole = (edges.first ?? 0, edges.last ?? 0)
    let threshold = Double(selection.summary.threshold ?? .nan)
    let deciles = (0...10).map { number in
      decile(
        number, zip(chunks, groups).filter { $0.1 == number }.map(\.0),
        number == 0 ? (threshold, threshold) : (edges[number - 1], edges[number]))
    }
    return (deciles, decile(0, chunks, whole))
  }

  /// Over all that was judged; nil where nothing was.
  func commitAgreement(with selection: Selection) -> ReadingAgreement? {
    let all = agreement(with: selection).all
    guard all.answered > 0 else { return nil }
    return ReadingAgreement(
      judged: all.answered, agreed: all.agreed,
      interval: KeepRates.wilson(all.agreed, of: all.answered))
  }

  /// - Parameter text: of a chunk.
  func snapshot(
    _ selection: Selection, text: (Int) throws -> (source: String, text: String)
  ) rethrows -> ReadingSnapshot {
    let (deciles, all) = agreement(with: selection)
    let shown = try next.map(text)
    return ReadingSnapshot(
      chunk: next, source: shown?.source ?? "", text: shown?.text ?? "", done: answers.count,
      total: chunks.count, skipped: answers.values.count { $0 == .skip }, deciles: deciles,
      all: all, seed: seed)
  }
}
