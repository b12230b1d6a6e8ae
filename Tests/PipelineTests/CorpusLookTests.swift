import Corpus
import CorpusStudy
import Foundation
import Pipeline
import Store
import Testing
import Tokenizers

/// Searching and studying a corpus.
@Suite struct CorpusLookTests {
  private let inputs: TextInputs
  private let tokenizer: Tokenizer
  private let shards: TokenShards

  init() throws {
    inputs = try TextInputs()
    tokenizer = try inputs.tokenizer()
    shards = try inputs.pack([inputs.documents(count: 200)], tokenizer)
  }

  private func search(
    _ text: String, source: String? = nil, limit: Int? = nil, _ watcher: Watcher = Watcher()
  ) throws -> (hits: [SearchHit], progress: SearchProgress) {
    var found: [SearchHit] = []
    let progress = try Search(
      shards, texts: TokenTexts(tokenizer), for: SearchPattern(text),
      .init(source: source, limit: limit, threads: 2)
    ).run(watcher.work) { hits, _ in found += hits }
    return (found, progress)
  }

  @Test func allChunksAreSearchedInOrder() throws {
    let watcher = Watcher()
    let (hits, progress) = try search("river", watcher)
    let expected = try (0..<shards.count).filter {
      tokenizer.decode(try shards.tokens(of: $0)).contains("river")
    }
    #expect(hits.map(\.chunk) == expected && !expected.isEmpty)
    #expect(progress.searched == shards.count && progress.hits == hits.count)
    #expect(watcher.notes.count == 1 && watcher.progress.last?.fraction == 1)
    let prose = try search("river", source: "prose").hits
    #expect(!prose.isEmpty && prose.count < hits.count)
  }

  @Test func aLimitEndsTheSearch() throws {
    let all = try search("river").hits
    #expect(try search("river", limit: 3).hits == Array(all.prefix(3)))
    #expect(try search("river", limit: 3).progress.searched < shards.count)
  }

  @Test func aStoppedSearchHasHandedOverWhatItFound() throws {
    var found = 0
    let watcher = Watcher { _ in true }
    #expect(throws: WorkStopped()) {
      try Search(
        shards, texts: TokenTexts(tokenizer), for: SearchPattern("river"), .init(threads: 2)
      ).run(watcher.work) { hits, _ in found += hits.count }
    }
    #expect(found > 0)
    #expect(try found < search("river").hits.count)
  }

  @Test func aStudyIsAResultAndAFile() throws {
    let report = inputs.path("study.json")
    let watcher = Watcher()
    let found = try Study(.shards(shards, tokenizer), report: report, .init(threads: 2))
      .run(watcher.work)
    #expect(found.sources.map(\.name) == ["prose", "code"] && found.all.texts > 0)
    #expect(found == (try CorpusStudy(shards: shards, tokenizer: tokenizer).run(threads: 1)))
    #expect(try JSONFile.read(StudyReport.self, from: report) == found)
    let fractions = watcher.progress.compactMap(\.fraction)
    #expect(fractions == fractions.sorted() && fractions.last ?? 0 > 0.7)
    #expect(Set(watcher.progress.map(\.detail)) == ["reading texts", "comparing texts"])
  }

  @Test func aStudyOfShardsThatChangeIsRefused() throws {
    let report = inputs.path("study.json")
    let study = Study(.shards(shards, tokenizer), report: report, .init(threads: 2))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)],
      ofItemAtPath: shards.shardPaths[0] + ".bin")
    let error = #expect(throws: CorpusError.self) { try study.run(Work()) }
    guard case .changedWhileRead? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!Folder.exists(report))
  }

  @Test(arguments: ["reading texts", "comparing texts"])
  func aStoppedStudyLeavesNothing(phase: String) throws {
    let file = try inputs.documents("equal.jsonl")
    let scratch = inputs.path("scratch")
    let study = Study(
      .documents(try CorpusInputs([file]), ReaderOptions()), report: inputs.path("study.json"),
      .init(scratch: scratch, threads: 2))
    #expect(throws: WorkStopped()) { try study.run(Watcher { $0.detail == phase }.work) }
    #expect(!Folder.exists(inputs.path("study.json")))
    #expect(try !Folder.exists(scratch) || Folder.list(scratch).isEmpty)
  }
}
