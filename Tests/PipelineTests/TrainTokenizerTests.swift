import Corpus
import Pipeline
import Store
import Testing
import Tokenizers

@Suite struct TrainTokenizerTests {
  private let inputs: TextInputs
  private let file: String

  init() throws {
    inputs = try TextInputs()
    file = try inputs.documents(count: 600)
  }

  private func train(
    _ size: Int, into name: String = "trained", _ watcher: Watcher = Watcher()
  ) throws -> TrainTokenizer.Result {
    try TrainTokenizer([file], into: inputs.path(name), .init(vocabularySize: size))
      .run(watcher.work)
  }

  @Test func theResultSaysWhatWasLearnedFromWhat() throws {
    let watcher = Watcher()
    let result = try train(270, watcher)
    #expect(result.vocabularySize == 270 && result.documents == 600 && result.rejected == [:])
    #expect(try Tokenizer.load(from: result.path).vocabularySize == 270)
    var words = WordCounter(preTokenization: .qwen2)
    var reader = try CorpusReader(inputs: [file])
    while let document = try reader.next() {
      document.text.withUnsafeBufferPointer { words.add(utf8: $0) }
    }
    #expect(result.bytes == words.byteCount)
    let direct = try BytePairTrainer(.init(vocabularySize: 270)).train(on: words)
    try direct.write(toFolder: inputs.path("direct"))
    #expect(try inputs.files("direct") == inputs.files("trained"))
    #expect(watcher.notes.isEmpty)
    #expect(watcher.progress.contains { $0.detail.contains("counting words, 512 documents") })
    let fractions = watcher.progress.compactMap(\.fraction)
    #expect(fractions == fractions.sorted() && fractions.allSatisfy { $0 <= 1 })
  }

  @Test func whatIsMissingIsNoted() throws {
    try inputs.spoil(file)
    let watcher = Watcher()
    let result = try train(5000, watcher)
    #expect(result.rejected == [.brokenJSON: 1])
    #expect(result.vocabularySize < 5000)
    #expect(watcher.warnings.count == 2)
    #expect(watcher.warnings[0].contains("1: the JSON is broken"))
    #expect(watcher.warnings[1].contains("instead of 5,000"))
  }

  @Test func aStopLeavesNothing() throws {
    let counting = Watcher { $0.detail.contains("counting") }
    #expect(throws: WorkStopped()) { try train(270, counting) }
    let merging = Watcher { $0.detail.contains("tokens") }
    #expect(throws: WorkStopped()) { try train(270, merging) }
    #expect(!Folder.exists(inputs.path("trained")))
  }

  @Test func whatCannotBeIsRefusedBeforeTheTextIsRead() throws {
    let watcher = Watcher()
    #expect(throws: TokenizerError.self) { try train(200, watcher) }
    #expect(watcher.progress.isEmpty)
    try AtomicFile.write(text: "{\"body\": \"no text\"}\n", to: file)
    let error = #expect(throws: CorpusError.self) { try train(270) }
    guard case .emptyCorpus([file], let rejects) = error else {
      Issue.record("no text gave \(String(describing: error))")
      return
    }
    #expect(rejects.map(\.reason) == [.missingText] && rejects[0].first?.line == 1)
  }
}
