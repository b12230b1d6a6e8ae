import Testing
import Tokenizers

/// What an encoder remembers and reads ahead must not show in its tokens.
@Suite struct FastPathTests {
  private func encode(_ encoder: TokenEncoder, _ text: some Collection<UInt8>) -> [Int32] {
    var tokens: [Int32] = []
    Array(text).withUnsafeBufferPointer { encoder.encode(validated: $0, into: &tokens) }
    return tokens
  }

  @Test(arguments: Fixture.names)
  func warmEncodersAgreeWithFreshOnes(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let warm = TokenEncoder(tokenizer)
    let texts = try Fixture.texts()
    for round in 0..<3 {
      for text in texts {
        let wanted = tokenizer.encode(text)
        #expect(encode(warm, text.utf8) == wanted, "round \(round): \(text.debugDescription)")
      }
    }
  }

  /// Words of every length at the end of a text and in its middle: short keys, long ones, merging
  /// by the loop and by the heap.
  @Test(arguments: ["qwen2", "gpt2", "falcon"])
  func lengthsAndPlacesDoNotMatter(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let encoder = TokenEncoder(tokenizer)
    for unit in ["thertion", "\u{e9}a\u{df}", "=-", " ", "\u{65e5}\u{672c}"] {
      for length in 1...80 {
        let word = String(String(repeating: unit, count: length).unicodeScalars.prefix(length))
        let alone = encode(encoder, word.utf8)
        #expect(alone == tokenizer.encode(word))
        #expect(tokenizer.decode(alone) == word)
        // A line end cuts words apart in all three patterns.
        let between = encode(encoder, ("\n" + word + "\nx").utf8)
        #expect(between == tokenizer.encode("\n" + word + "\nx"))
        #expect(tokenizer.decode(between) == "\n" + word + "\nx")
      }
    }
  }

  @Test func longWordsMergeAsShortOnes() throws {
    let tokenizer = try Fixture.tokenizer("gpt2")
    // A heap takes over beyond 64 bytes; both must merge the leftmost of equal pairs first.
    let short = String(repeating: "aab", count: 21)
    let long = String(repeating: "aab", count: 2_000)
    let period = tokenizer.encode(short)
    let tokens = tokenizer.encode(long)
    #expect(Array(tokens.prefix(period.count - 8)) == Array(period.dropLast(8)))
    #expect(tokenizer.decode(tokens) == long)
  }

  @Test(arguments: Fixture.names)
  func bytesOfAllTokensAreInOneBlock(name: String) throws {
    let tokenizer = try Fixture.tokenizer(name)
    let table = tokenizer.tokenBytes
    #expect(table.count == tokenizer.vocabularySize)
    var together: [UInt8] = []
    for id in 0..<Int32(table.count) {
      let bytes = tokenizer.bytes(of: id)
      var appended: [UInt8] = [1]
      table.append(of: id, to: &appended)
      #expect(appended == [1] + bytes)
      #expect(table.byteCount(of: id) == bytes.count)
      #expect(String(decoding: bytes, as: UTF8.self) == tokenizer.decode([id]))
      together += bytes
    }
    var all: [UInt8] = []
    Array(0..<Int32(table.count)).withUnsafeBufferPointer { table.append(of: $0, to: &all) }
    #expect(all == together)
    for id in [-1, Int32(table.count), .max, .min] {
      #expect(tokenizer.bytes(of: id).isEmpty)
      #expect(table.byteCount(of: id) == 0)
      #expect(!tokenizer.isSpecial(id))
    }
  }

  @Test func damagedTextCountsAsReplacementCharacters() throws {
    let tokenizer = try Fixture.tokenizer("qwen2")
    let encoder = TokenEncoder(tokenizer)
    for damaged: [UInt8] in [[0xFF], [0x61, 0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98, 0x20, 0x61]] {
      var tokens: [Int32] = []
      damaged.withUnsafeBufferPointer { encoder.encode(utf8: $0, into: &tokens) }
      #expect(tokens == tokenizer.encode(String(decoding: damaged, as: UTF8.self)))
    }
  }
}
