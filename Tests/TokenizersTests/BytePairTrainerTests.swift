import Foundation
import Store
import Testing
import Tokenizers

/// Training a vocabulary and writing it.
@Suite struct BytePairTrainerTests {
  private static let text = """
    the cat sat on the mat. the dog sat on the log; the cat's hat is the dog's hat.
    Numbers: 10 20 30 100 200. Größe, naïve, 東京と京都。
    """

  private func words(_ kind: PreTokenization, _ text: String = text) -> WordCounter {
    var counter = WordCounter(preTokenization: kind)
    counter.add(text)
    return counter
  }

  @Test func theMostFrequentPairGoesFirst() throws {
    let counter = words(.gpt2, "ab ab ab abc bc bc")
    let trained = try BytePairTrainer(.init(vocabularySize: 261)).train(on: counter)
    let learned = trained.tokens.dropFirst(256).map { String(decoding: $0, as: UTF8.self) }
    // "ab" comes 4 times, then " ab" 3 times; "bc" and " b" twice, and b has the smaller id.
    #expect(learned == ["ab", " ab", "bc", " bc"])
    #expect(trained.specialTokens == ["<|endoftext|>"])
  }

  @Test(arguments: PreTokenization.allCases)
  func trainedTokenizerReadsItsOwnText(kind: PreTokenization) throws {
    let trained = try BytePairTrainer(.init(vocabularySize: 320)).train(on: words(kind))
    let tokenizer = try trained.tokenizer()
    #expect(tokenizer.vocabularySize == trained.vocabularySize)
    #expect(tokenizer.endOfTextID == 0)
    let ids = tokenizer.encode(Self.text + "<|endoftext|>")
    #expect(ids.last == 0)
    #expect(tokenizer.decode(ids.dropLast()) == Self.text)
    #expect(ids.count < Self.text.utf8.count)
  }

  @Test func trainingIsDeterministic() throws {
    let settings = BytePairTrainer.Settings(vocabularySize: 400, minimumFrequency: 1)
    let first = try BytePairTrainer(settings).train(on: words(.qwen2))
    let second = try BytePairTrainer(settings).train(on: words(.qwen2))
    #expect(first.json == second.json)
  }

  @Test func rarePairsAreLeftAlone() throws {
    let settings = BytePairTrainer.Settings(vocabularySize: 4096, minimumFrequency: 1000)
    let trained = try BytePairTrainer(settings).train(on: words(.gpt2))
    #expect(trained.vocabularySize == 257)
  }

  @Test func impossibleSettingsAreErrors() {
    let counter = words(.gpt2)
    for settings in [
      BytePairTrainer.Settings(vocabularySize: 256),
      .init(vocabularySize: 1 << 30),
      .init(vocabularySize: 300, specialTokens: ["x", "x"]),
      .init(vocabularySize: 300, specialTokens: [""]),
    ] {
      #expect(throws: TokenizerError.self) { try BytePairTrainer(settings).train(on: counter) }
    }
  }

  @Test func trainingCanBeStopped() throws {
    var calls = 0
    #expect(throws: TokenizerError.cancelled) {
      try BytePairTrainer(.init(vocabularySize: 4096, minimumFrequency: 1)).train(
        on: words(.gpt2)
      ) { progress in
        calls += 1
        #expect(progress.vocabularySize == 4096)
        return false
      }
    }
    #expect(calls == 1)
  }

  @Test func writtenFolderIsRead() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/trained-\(UUID().uuidString)"
    defer { try? Folder.remove(folder) }
    let settings = BytePairTrainer.Settings(
      vocabularySize: 300, specialTokens: ["<|end \"of\" text\\|>", "<pad>"])
    let trained = try BytePairTrainer(settings).train(on: words(.gpt2))
    try trained.write(toFolder: folder)
    let tokenizer = try Tokenizer.load(from: folder)
    #expect(tokenizer.endOfTextID == 0)
    #expect(tokenizer.id(of: "<pad>") == 1)
    #expect(tokenizer.isSpecial(1))
    #expect(tokenizer.encode(Self.text) == (try trained.tokenizer().encode(Self.text)))
    #expect(tokenizer.digest == (try Digest.sha256(file: folder + "/tokenizer.json")))
  }

  @Test func brokenBytesAreCountedAsReplacementCharacters() throws {
    var counter = WordCounter(preTokenization: .gpt2)
    [UInt8]([0x61, 0xFF, 0x20, 0x61]).withUnsafeBufferPointer { counter.add(utf8: $0) }
    #expect(counter.wordCount == 3)
    #expect(counter.byteCount == 4)
  }
}
