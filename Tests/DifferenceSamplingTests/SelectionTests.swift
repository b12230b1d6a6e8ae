import DifferenceSampling
import Numerics
import Testing

@Suite("Selection")
struct SelectionTests {
  // Ten chunks, worked out by hand. Differences are exact in binary.
  let ten = ChunkScores(
    rows(
      [0.5, -0.25, 1.0, 0.5, 0.0, 2.0, 0.5, 0.75, -1.0, 0.25],
      sources: [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]))
  let names = ["web", "code", "law"]

  @Test("Ten chunks by hand: ranks, ties to the lower index, original order")
  func tenChunks() throws {
    let index = SelectionIndex(scores: ten, sourceNames: names)
    // By rank: 5 (2.0), 2 (1.0), 7 (0.75), 0, 3, 6 (0.5), 9 (0.25), 4 (0.0), 1 (-0.25), 8 (-1.0).
    #expect((0..<10).map { index.score(atRank: $0).chunk } == [5, 2, 7, 0, 3, 6, 9, 4, 1, 8])
    let half = try index.select(SelectionSettings(rule: .ratio(0.5)))
    #expect(half.keptChunks() == [0, 2, 3, 5, 7])
    #expect(half.droppedChunks() == [1, 4, 6, 8, 9])
    #expect(half.summary.threshold == 0.5)
    #expect(half.summary.all.keptChunks == 5)
    #expect(half.summary.all.keptTokens == 10 + 12 + 13 + 15 + 17)
    #expect(half.summary.sources.map(\.keptChunks) == [2, 2, 1])
    #expect(half.summary.meanDifference == (0.5 + 1.0 + 0.5 + 2.0 + 0.75) / 5)
    #expect(half.state(ofChunk: 6) == .droppedByScore)
    let border = half.border(count: 2)
    #expect(border.inside.map(\.score.chunk) == [3, 0])
    #expect(border.outside.map(\.score.chunk) == [6, 9])
    #expect(border.inside.map(\.rank) == [4, 3])
  }

  @Test("The count is truncated, as int(ratio * n)", arguments: [(0.0, 0), (0.55, 5), (1.0, 10)])
  func counts(ratio: Double, kept: Int) throws {
    let index = SelectionIndex(scores: ten, sourceNames: names)
    let selection = try index.select(SelectionSettings(rule: .ratio(ratio)))
    #expect(selection.keptChunks().count == kept)
    #expect(selection.summary.all.keptChunks == kept)
    #expect(selection.border(count: 3).inside.count == min(3, kept))
    #expect(selection.border(count: 3).outside.count == min(3, 10 - kept))
  }

  @Test("A threshold keeps all equal scores")
  func threshold() throws {
    let index = SelectionIndex(scores: ten, sourceNames: names)
    let selection = try index.select(SelectionSettings(rule: .threshold(0.5)))
    #expect(selection.keptChunks() == [0, 2, 3, 5, 6, 7])
  }

  @Test("Floors, cap and choices by hand")
  func departures() throws {
    var scores = (0..<ten.count).map { ten[$0] }
    scores[5].teacherNLL = 8
    scores[5].referenceNLL = 10
    let index = SelectionIndex(scores: ChunkScores(scores), sourceNames: names)
    let settings = SelectionSettings(
      rule: .ratio(0.2), floors: ["law": 0.6], teacherNLLCap: 5,
      manual: [
        ManualChoice(chunk: 8, keep: true, note: "rare"), ManualChoice(chunk: 2, keep: false),
      ])
    let selection = try index.select(settings)
    // The rule keeps 5 and 2; the cap drops 5, the hand drops 2 and keeps 8, the floor keeps
    // 2 of law, at least 0.6 * 3: 7 and 9.
    #expect(selection.keptChunks() == [7, 8, 9])
    #expect(selection.state(ofChunk: 5) == .droppedByCap)
    #expect(selection.state(ofChunk: 2) == .droppedByHand)
    #expect(selection.state(ofChunk: 8) == .keptByHand)
    #expect(selection.state(ofChunk: 9) == .keptByFloor)
    #expect(selection.summary.manualKeeps == 1)
    #expect(selection.summary.manualDrops == 1)
    #expect(settings.departures.count == 4)
    #expect(SelectionSettings().isPureMethod)
  }

  @Test("Chunks without a finite score or without any are never kept")
  func notRanked() throws {
    var some = (0..<ten.count).map { ten[$0] }
    some[5].teacherNLL = .nan
    some[2].referenceNLL = .infinity
    some[7].counted = 0
    some.remove(at: 3)
    let index = SelectionIndex(scores: ChunkScores(some), sourceNames: names, chunkCount: 12)
    let selection = try index.select(
      SelectionSettings(rule: .ratio(1), manual: [ManualChoice(chunk: 5, keep: true)]))
    #expect(selection.keptChunks() == [0, 1, 4, 6, 8, 9])
    #expect(selection.state(ofChunk: 5) == .nonFinite)
    #expect(selection.state(ofChunk: 3) == .unscored)
    #expect(selection.state(ofChunk: 11) == .unscored)
    #expect(selection.summary.nonFinite == 3)
    #expect(selection.summary.unscored == 3)
    #expect(selection.summary.meanDifference?.isFinite == true)
    #expect(index.scores.nonFiniteChunks == [2, 5, 7])
  }

  @Test("Any selection equals a plain sort and filter", arguments: 0..<40)
  func bruteForce(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let count = random.index(below: 200)
    let sourceCount = 1 + random.index(below: 5)
    // Few distinct values, so that there are many ties.
    var table = rows(
      (0..<count).map { _ in Float(random.index(below: 20)) / 4 - 2 },
      sources: (0..<count).map { _ in random.index(below: sourceCount) })
    for index in table.indices {
      table[index].teacherNLL += Float(random.index(below: 5))
      table[index].referenceNLL = table[index].teacherNLL + Float(random.index(below: 9)) / 4 - 1
      if random.index(below: 30) == 0 { table[index].teacherNLL = .nan }
    }
    let names = (0..<sourceCount).map { "s\($0)" }
    var settings = SelectionSettings(rule: .ratio(Double(random.index(below: 21)) / 20))
    if random.index(below: 3) == 0 { settings.rule = .threshold(Float(random.index(below: 9)) / 4) }
    if random.index(below: 2) == 0 { settings.floors["s0"] = random.uniform() }
    if random.index(below: 2) == 0 { settings.teacherNLLCap = Float(2 + random.index(below: 5)) }
    if count > 0 {
      for _ in 0..<random.index(below: 6) {
        settings.manual.append(
          ManualChoice(chunk: random.index(below: count), keep: random.index(below: 2) == 0))
      }
    }
    let index = SelectionIndex(scores: ChunkScores(table), sourceNames: names)
    let selection = try index.select(settings)
    let expected = BruteForce(table, settings: settings, names: names)
    #expect(selection.keptChunks() == expected.kept.sorted())
    #expect(selection.droppedChunks() == (0..<count).filter { !expected.kept.contains($0) })
    for chunk in 0..<count {
      #expect(selection.keeps(chunk: chunk) == expected.kept.contains(chunk))
    }
    for (source, share) in selection.summary.sources.enumerated() {
      let kept = table.filter { $0.source == source && expected.kept.contains($0.chunk) }
      #expect(share.keptChunks == kept.count)
      #expect(share.keptTokens == kept.reduce(0) { $0 + $1.length })
    }
    let mean = expected.kept.sorted().reduce(0.0) { $0 + Double(table[$1].difference) }
    if let got = selection.summary.meanDifference {
      #expect(abs(got - mean / Double(expected.kept.count)) < 1e-9)
    } else {
      #expect(expected.kept.isEmpty)
    }
  }

  @Test("Entropy of a mix of sources in bits")
  func entropy() throws {
    var table = rows([4, 3, 2, 1], sources: [0, 1, 2, 3])
    for index in table.indices { table[index].length = 8 }
    let index = SelectionIndex(
      scores: ChunkScores(table), sourceNames: ["a", "b", "c", "d"])
    let half = try index.select(SelectionSettings(rule: .ratio(0.5))).summary
    #expect(half.entropyOfAll == 2)
    #expect(half.entropyOfKept == 1)
  }

  @Test("With 200,000 chunks a move of the ratio takes far less than a frame")
  func speed() throws {
    var random = RandomSource(seed: 11)
    let table = (0..<200_000).map { chunk in
      ChunkScore(
        chunk: chunk, source: chunk % 17, length: 1000, counted: 990, teacherNLL: 2,
        referenceNLL: 2 + Float(random.normal()))
    }
    let index = SelectionIndex(
      scores: ChunkScores(table), sourceNames: (0..<17).map { "source \($0)" })
    let clock = ContinuousClock()
    let times = try (0..<101).map { step in
      try clock.measure {
        let selection = try index.select(SelectionSettings(rule: .ratio(Double(step) / 100)))
        #expect(selection.border(count: 12).inside.count <= 12)
      }
    }
    // About 20 microseconds on an idle core; the bound leaves room for a busy machine.
    #expect(times.sorted()[50] < .milliseconds(2))
  }

  @Test("Settings outside their range are refused")
  func invalid() {
    let index = SelectionIndex(scores: ten, sourceNames: names)
    for settings in [
      SelectionSettings(rule: .ratio(1.5)), SelectionSettings(rule: .ratio(.nan)),
      SelectionSettings(rule: .threshold(.infinity)), SelectionSettings(floors: ["law": -1]),
      SelectionSettings(floors: ["no such": 0.5]), SelectionSettings(teacherNLLCap: .nan),
    ] {
      #expect(throws: DifferenceSamplingError.self) { try index.select(settings) }
    }
  }
}

/// Selection the plain way.
struct BruteForce {
  var kept: Set<Int> = []

  init(_ table: [ChunkScore], settings: SelectionSettings, names: [String]) {
    let ranked = table.filter(\.isFinite).sorted {
      ($1.difference, $0.chunk) < ($0.difference, $1.chunk)
    }
    let capped = Set(
      ranked.filter { score in settings.teacherNLLCap.map { score.teacherNLL > $0 } ?? false }
        .map(\.chunk))
    let ruled: [ChunkScore]
    switch settings.rule {
    case .ratio(let ratio): ruled = Array(ranked.prefix(Int(ratio * Double(ranked.count))))
    case .threshold(let threshold): ruled = ranked.filter { $0.difference >= threshold }
    }
    kept = Set(ruled.map(\.chunk)).subtracting(capped)
    for (name, floor) in settings.floors {
      let ofSource = ranked.filter { names[$0.source] == name }
      let wanted =
        (0...ofSource.count).first {
          Double($0) >= floor * Double(ofSource.count) - 1e-9
        } ?? 0
      for score in ofSource where !capped.contains(score.chunk) {
        if ofSource.count(where: { kept.contains($0.chunk) }) >= wanted { break }
        kept.insert(score.chunk)
      }
    }
    let ranks = Set(ranked.map(\.chunk))
    for choice in settings.manual where ranks.contains(choice.chunk) {
      if choice.keep { kept.insert(choice.chunk) } else { kept.remove(choice.chunk) }
    }
  }
}
