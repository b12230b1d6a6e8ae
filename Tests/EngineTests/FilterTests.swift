import Corpus
import DifferenceSampling
import Engine
import EngineInterface
import Foundation
import Pipeline
import Store
import Testing
import Tokenizers

/// Lists by filter, against a plain walk over the same chunks.
@Suite(.serialized) struct FilterTests {
  private struct Scored {
    let project: TinyProject
    let shards: TokenShards
    let tokenizer: Tokenizer
    let scored: ScoredShards

    /// One chunk, as the oracle knows it.
    struct Known: Sendable {
      var chunk: Int
      var source: String
      var tokens: Int
      var score: ChunkScore?
      var state: ChunkState
      var rank: Int?
      var documents: [Double]
      var text: String
    }

    func known(_ settings: SelectionSettings) throws -> [Known] {
      let selection = try SelectionIndex(
        scores: scored.scores, sourceNames: shards.sources, chunkCount: shards.count
      ).select(settings)
      let ranked = selection.index.scores(atRanks: 0..<shards.count).map(\.chunk)
      return try (0..<shards.count).map { chunk in
        Known(
          chunk: chunk, source: shards.sources[shards.source(of: chunk)],
          tokens: shards.length(of: chunk), score: selection.index.score(ofChunk: chunk),
          state: selection.state(ofChunk: chunk),
          rank: ranked.firstIndex(of: chunk).map { $0 + 1 },
          documents: shards.documents(of: chunk).map { Double($0.document) },
          text: tokenizer.decode(try shards.tokens(of: chunk)))
      }
    }
  }

  /// A project whose chunks are scored.
  private static func scored() async throws -> Scored {
    let project = try TinyProject()
    try await project.run(autopilot: .until(.select)) { event, engine in
      if case .selection(let picture) = event, picture.complete {
        engine.send(.shutDown(saving: true))
      }
    }
    let shards = try TokenShards(folder: project.folder + "/shards/scored")
    return Scored(
      project: project, shards: shards,
      tokenizer: try Tokenizer.load(from: project.folder + "/tokenizer"),
      scored: try ScoredShards(
        project.folder + "/shards/scored", scores: project.folder + "/scores",
        SelectionSettings(rule: .ratio(0.4)), Work()))
  }

  /// What a filter means, written down once more without columns, blocks and threads.
  private static func shows(_ row: Scored.Known, _ filter: Filter) -> Bool {
    switch filter {
    case .all(let terms): terms.allSatisfy { shows(row, $0) }
    case .any(let terms): terms.contains { shows(row, $0) }
    case .not(let term): !shows(row, term)
    case .flag(let name):
      switch name {
      case "kept": row.state.isKept
      case "dropped": !row.state.isKept && row.state != .unscored
      case "floor": row.state == .keptByFloor
      case "capped": row.state == .droppedByCap
      case "manual": row.state == .keptByHand || row.state == .droppedByHand
      case "scored": row.state != .unscored
      default: false
      }
    case .name(let field, let names, let isExact):
      field == "source"
        && names.contains {
          isExact
            ? row.source.lowercased() == $0.lowercased()
            : row.source.lowercased().contains($0.lowercased())
        }
    case .number(let field, let bounds):
      values(row, field).contains { bounds.contains($0) }
    case .text(let text): row.text.range(of: text, options: .caseInsensitive) != nil
    case .pattern(let pattern): row.text.range(of: pattern, options: .regularExpression) != nil
    }
  }

  private static func values(_ row: Scored.Known, _ field: String) -> [Double] {
    switch field {
    case "d": row.score.map { [Double($0.difference)] } ?? []
    case "teacher": row.score.map { [Double($0.teacherNLL)] } ?? []
    case "reference": row.score.map { [Double($0.referenceNLL)] } ?? []
    case "tokens": [Double(row.tokens)]
    case "rank": row.rank.map { [Double($0)] } ?? []
    case "chunk": [Double(row.chunk)]
    case "document": row.documents
    default: []
    }
  }

  @Test func filtersShowWhatAPlainWalkShows() async throws {
    let scored = try await Self.scored()
    var settings = SelectionSettings(rule: .ratio(0.4))
    settings.floors = [try #require(scored.shards.sources.first): 0.6]
    settings.teacherNLLCap = nil
    settings.manual = [ManualChoice(chunk: 3, keep: true), ManualChoice(chunk: 5, keep: false)]
    let known = try scored.known(settings)
    let held = try ScoredShards(
      scored.shards.folder, scores: scored.project.folder + "/scores", settings, Work())
    let differences = known.compactMap { $0.score.map { Double($0.difference) } }.sorted()
    var maker = FilterChooser(
      seed: 5, sources: scored.shards.sources, count: known.count, differences: differences,
      words: known.map(\.text).joined(separator: " ").split(separator: " ").map(String.init))
    var shown = 0
    for number in 0..<200 {
      let text = maker.text(depth: 3)
      let filter = try Filter(text, fields: FilteredChunks.fields)
      let expected = known.filter { Self.shows($0, filter) }.map(\.chunk)
      var found: [FilteredChunks.Row] = []
      try FilteredChunks(filter, of: held, tokenizer: scored.tokenizer)
        .run(limit: nil, threads: 1 + number % 3, Work()) { found += $0 }
      #expect(found.map(\.chunk) == expected, "\(text)")
      for row in found {
        #expect(row.state == known[row.chunk].state && row.kept == row.state.isKept)
        #expect(row.source == known[row.chunk].source && row.tokens == known[row.chunk].tokens)
      }
      if !expected.isEmpty, expected.count < known.count { shown += 1 }
      // As many as are wanted, and no more.
      var few: [Int] = []
      try FilteredChunks(filter, of: held, tokenizer: scored.tokenizer)
        .run(limit: 2, threads: 2, Work()) { few += $0.map(\.chunk) }
      #expect(few == Array(expected.prefix(2)), "\(text)")
    }
    // The filters tell chunks apart, or the comparison says nothing.
    #expect(shown > 60)
    #expect(throws: PipelineError.self) {
      try FilteredChunks(.text("the"), of: held, tokenizer: nil)
    }
  }

  /// The engine's lists: the same rows, in every order, page by page, with the count.
  @Test func theEngineListsThemInEveryOrder() async throws {
    let scored = try await Self.scored()
    let known = try scored.known(SelectionSettings(rule: .ratio(0.5)))
    let texts = ["dropped d<10 \"the\"", "kept or tokens<20", "source:prose not kept", "d>1e9", ""]
    var queries: [ChunkQuery] = []
    for text in texts {
      let filter = try Filter(text, fields: FilterField.chunks)
      for order in [ChunkQuery.Order.corpus, .tokens, .difference] {
        queries.append(ChunkQuery(filter: filter, order: order, count: 1000))
        queries.append(ChunkQuery(filter: filter, order: order, offset: 3, count: 4))
      }
    }
    var waiting = queries
    var answers: [ChunkRows] = []
    try await scored.project.run(autopilot: .until(.select)) { event, engine in
      switch event {
      case .selection(let picture) where picture.complete && answers.isEmpty && waiting == queries:
        engine.send(.listChunks(waiting[0]))
      case .chunkRows(let rows):
        var asked = waiting.first
        if asked?.filter?.isEverything == true { asked?.filter = nil }
        guard rows.query == asked, rows.search?.isDone ?? true else { return }
        answers.append(rows)
        waiting.removeFirst()
        if let next = waiting.first {
          engine.send(.listChunks(next))
        } else {
          engine.send(.shutDown(saving: false))
        }
      default: break
      }
    }
    #expect(answers.count == queries.count)
    for (query, answer) in zip(queries, answers) {
      var expected = known.filter { Self.shows($0, query.filter ?? .everything) }
      switch query.order {
      case .tokens: expected.sort { ($1.tokens, $0.chunk) < ($0.tokens, $1.chunk) }
      case .difference: expected.sort { ($0.rank ?? .max, $0.chunk) < ($1.rank ?? .max, $1.chunk) }
      case .corpus, .border: break
      }
      let page = expected.dropFirst(query.offset).prefix(query.count).map(\.chunk)
      #expect(answer.rows.map(\.index) == page, "\(query)")
      #expect(answer.total == expected.count, "\(query)")
    }
  }

  /// A list by a filter of the selection follows the selection.
  @Test func aListOfTheDroppedFollowsTheRatio() async throws {
    let scored = try await Self.scored()
    let query = ChunkQuery(filter: .flag("dropped"), count: 1000)
    var totals: [Int] = []
    var hasMoved = false
    try await scored.project.run(autopilot: .until(.select)) { event, engine in
      switch event {
      case .selection(let picture) where picture.complete:
        if totals.isEmpty || picture.ratio == 0.25 { engine.send(.listChunks(query)) }
      case .chunkRows(let rows) where rows.query == query && rows.search?.isDone == true:
        if totals.last != rows.total { totals.append(rows.total) }
        if !hasMoved {
          hasMoved = true
          engine.send(.setRatio(0.25))
        } else if totals.count == 2 {
          engine.send(.shutDown(saving: false))
        }
      default: break
      }
    }
    let all = scored.shards.count
    #expect(totals == [all - all / 2, all - all / 4])
  }
}
