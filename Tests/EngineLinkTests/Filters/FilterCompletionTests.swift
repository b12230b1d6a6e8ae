import EngineInterface
import Testing

/// What is offered while a filter is typed.
@Suite struct FilterCompletionTests {
  private let names = [
    "source": [("law", 1200), ("code", 80), ("law review", 5000), ("prose", 80)],
    "label": [("few changes", 3)],
  ]

  private func complete(_ text: String, cursor: Int? = nil) -> FilterCompletion {
    FilterCompletion(
      text, cursor: cursor ?? text.count, fields: FilterField.chunks,
      names: names.mapValues { $0.map { (name: $0.0, count: $0.1) } })
  }

  private func texts(_ text: String) -> [String] { complete(text).choices.map(\.text) }

  @Test func fieldsThatBeginSo() {
    #expect(texts("t") == ["teacher", "tokens"])
    #expect(texts("kept dr") == ["dropped"])
    #expect(complete("kept dr").range == 5..<7)
    #expect(texts("-so") == ["source:"])
    #expect(complete("-so").range == 1..<3)
    #expect(texts("(no") == ["noted"])
    #expect(texts("").count == FilterField.chunks.count)
    #expect(texts("kept ").count == FilterField.chunks.count)
    #expect(texts("\"a \\\" (b\" dr") == ["dropped"])
    #expect(texts("/a b/ dr") == ["dropped"])
    #expect(texts("zz").isEmpty)
  }

  @Test func realNamesWithTheirCountsTheMostFirst() {
    #expect(texts("source:") == ["\"law review\"", "law", "code", "prose"])
    #expect(complete("source:la").choices.map(\.help) == ["5000", "1200"])
    #expect(texts("source=co") == ["code"])
    #expect(complete("source:law,c").range == 11..<12)
    #expect(texts("source:law,c") == ["code"])
    #expect(texts("label:few") == ["\"few changes\""])
    #expect(texts("source:\"law r") == ["\"law review\""])
    #expect(complete("source:\"law r").range == 7..<13)
    #expect(texts("d:").isEmpty)
  }

  @Test func onlyWhatStandsBeforeTheCursorCounts() {
    #expect(complete("dr tokens>5", cursor: 2).choices.map(\.text) == ["dropped"])
    #expect(complete("dr tokens>5", cursor: 2).range == 0..<2)
  }

  @Test func nothingIsOfferedInsideATextOrANumber() {
    for text in ["\"t", "\"a t", "/t", "d>0", "d:0.1..", "/a t"] {
      #expect(texts(text).isEmpty, "\(text)")
    }
  }
}
