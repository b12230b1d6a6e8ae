import Testing
import Tokenizers

/// What holds for any tokenizer and text.
@Suite struct EncodingTests {
  @Test(arguments: Fixture.names)
  func composedTextComesBack(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    // Already in NFC, because some of the tokenizers compose.
    let text = "Grüße, 世界! \u{1F600}\r\n\tif (x == 10) { return \"é\"; }  \n\n end\u{0}\u{7f}"
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
  }

  @Test(arguments: Fixture.names)
  func brokenBytesCountAsReplacementCharacters(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0x28, 0xE2, 0x82, 0x62, 0xF0, 0x9F, 0x98]
    var tokens: [Int32] = []
    bytes.withUnsafeBufferPointer { tokenizer.encode(utf8: $0, into: &tokens) }
    #expect(tokens == tokenizer.encode(String(decoding: bytes, as: UTF8.self)))
  }

  @Test func bytesOfTokensJoinToTheText() throws {
    let tokenizer = try Fixture.tokenizer("qwen2")
    let text = "naïve 日本 \u{1F468}\u{200D}\u{1F469} text"
    let ids = tokenizer.encode(text)
    #expect(ids.flatMap { tokenizer.bytes(of: $0) } == Array(text.utf8))
  }

  @Test func idsAndStringsBelongTogether() throws {
    let tokenizer = try Fixture.tokenizer("gpt-neox-20b")
    for id in 0..<Int32(tokenizer.vocabularySize) {
      let token = try #require(tokenizer.token(of: id))
      #expect(tokenizer.id(of: token) == id)
    }
    #expect(tokenizer.token(of: -1) == nil)
    #expect(tokenizer.token(of: Int32(tokenizer.vocabularySize)) == nil)
    #expect(tokenizer.bytes(of: Int32.max).isEmpty)
    #expect(tokenizer.decode([-5, Int32.max]) == "")
    #expect(tokenizer.id(of: "no such token") == nil)
  }

  @Test(arguments: ["a", " ", "ab", "\u{e9}", "\n", "\u{301}", "<|endoftext", "'s"])
  func longRunsTakeLinearTime(unit: String) throws {
    let tokenizer = try Fixture.tokenizer("qwen2")
    let short = String(repeating: unit, count: 50_000)
    _ = tokenizer.encode(short)
    let one = threadTime { _ = tokenizer.encode(short) }
    let long = String(repeating: unit, count: 800_000)
    let sixteen = threadTime { _ = tokenizer.encode(long) }
    // 16 times the text; a quadratic step would take 256 times as long.
    #expect(sixteen < one * 100 + .milliseconds(200))
    #expect(tokenizer.encode(long).count > 0)
  }

  @Test func encodersAreIndependent() async throws {
    let tokenizer = try Fixture.tokenizer("llama-bpe")
    let texts = try Fixture.texts()
    let expected = texts.map { tokenizer.encode($0) }
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let encoder = TokenEncoder(tokenizer)
          return texts.map { encoder.encode($0) } == expected
        }
      }
      for await isEqual in group { #expect(isEqual) }
    }
  }

  @Test func sentencesEndAtPublishedTokens() throws {
    let tokenizer = try Fixture.tokenizer("qwen2")
    let end = try #require(tokenizer.endOfTextID)
    let ids = tokenizer.sentenceEndTokenIDs(endOfText: end)
    #expect(ids.last == end)
    #expect(ids.dropLast() == ids.dropLast().sorted()[...])
    let texts = Set(ids.map { tokenizer.decode([$0]) })
    #expect(texts.isSuperset(of: [".", "!", "?", ";", "\n", ".\n", ");\n"]))
    for text in [",", ":", "(", " the"] { #expect(!texts.contains(text)) }
  }
}
