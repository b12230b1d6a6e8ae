/// A corpus of a few kilobytes for tests of whole projects and experiments: documents of two sources
/// whose words tell them apart.
public enum TinyDocuments {
  /// JSON lines of `count` documents, every other one prose and code.
  public static func lines(_ count: Int, from first: Int) -> String {
    (first..<first + count).map { number in
      let source = (number - first) % 2 == 0 ? "prose" : "code"
      return "{\"text\": \"\(text(number, source))\", "
        + "\"meta\": {\"pile_set_name\": \"\(source)\"}}\n"
    }.joined()
  }

  /// Sentences that repeat a few words in ever other order.
  private static func text(_ seed: Int, _ source: String) -> String {
    let prose = ["the", "river", "runs", "past", "old", "stone", "houses", "and", "slow", "boats"]
    let code = ["let", "value", "=", "item", "+", "count", "return", "if", "else", "print"]
    let words = source == "prose" ? prose : code
    var state = UInt64(seed &* 2_654_435_761 &+ 12345)
    var result: [String] = []
    for position in 0..<90 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      result.append(words[Int(state >> 33) % words.count] + (position % 9 == 8 ? "." : ""))
    }
    return result.joined(separator: " ")
  }
}
