import EngineInterface
import Foundation
import Testing

/// The language of filters: what is read, what is written, what is refused and where.
@Suite struct FilterGrammarTests {
  private func read(_ text: String) throws -> Filter {
    try Filter(text, fields: FilterField.chunks)
  }

  @Test func termsSideBySideAreAllMeant() throws {
    #expect(
      try read("source:law dropped d<-0.1 tokens>500 \"word\"")
        == .all([
          .name(field: "source", anyOf: ["law"], isExact: false), .flag("dropped"),
          .number(field: "d", bounds: FilterBounds(upper: -0.1, includesUpper: false)),
          .number(field: "tokens", bounds: FilterBounds(lower: 500, includesLower: false)),
          .text("word"),
        ]))
    #expect(try read("") == .everything)
    #expect(try read("  \t ") == .everything)
    #expect(try read("kept and scored") == .all([.flag("kept"), .flag("scored")]))
  }

  @Test func orBindsLessThanSideBySideAndNotBindsMost() throws {
    let (kept, capped, manual) = (Filter.flag("kept"), Filter.flag("capped"), Filter.flag("manual"))
    #expect(try read("kept capped or manual") == .any([.all([kept, capped]), manual]))
    #expect(try read("kept (capped or manual)") == .all([kept, .any([capped, manual])]))
    #expect(try read("not kept capped") == .all([.not(kept), capped]))
    #expect(try read("-kept capped") == .all([.not(kept), capped]))
    #expect(try read("-(kept capped)") == .not(.all([kept, capped])))
    #expect(try read("not -kept") == .not(.not(kept)))
    #expect(try read("KEPT OR Manual") == .any([kept, manual]))
  }

  @Test(
    arguments: [
      ("d<1", nil, 1.0, true, false), ("d<=1", nil, 1, true, true),
      ("d>-1.5", -1.5, nil, false, true),
      ("d>=1e3", 1000, nil, true, true), ("d=2", 2, 2, true, true), ("d:2", 2, 2, true, true),
      ("d:0.1..0.3", 0.1, 0.3, true, true), ("d:..0.3", nil, 0.3, true, true),
      ("d:-2..", -2, nil, true, true), ("d:-.5...5", -0.5, 0.5, true, true),
    ] as [(String, Double?, Double?, Bool, Bool)])
  func numbersHaveBounds(
    _ text: String, lower: Double?, upper: Double?, includesLower: Bool, includesUpper: Bool
  ) throws {
    #expect(
      try read(text)
        == .number(
          field: "d",
          bounds: FilterBounds(
            lower: lower, includesLower: includesLower, upper: upper,
            includesUpper: includesUpper)))
  }

  @Test func boundsContainWhatTheySay() {
    let open = FilterBounds(lower: 1, includesLower: false, upper: 2, includesUpper: false)
    #expect([1, 1.5, 2].map(open.contains) == [false, true, false])
    let closed = FilterBounds(lower: 1, upper: 2)
    #expect([0.99, 1, 2, 2.01].map(closed.contains) == [false, true, true, false])
    #expect(!FilterBounds().contains(.nan) && FilterBounds().contains(-.infinity))
  }

  @Test func namesAndTextsAreQuotedWhereTheyHoldSigns() throws {
    #expect(
      try read("source:\"a b\",law source=\"x,\\\"y\\\"\"")
        == .all([
          .name(field: "source", anyOf: ["a b", "law"], isExact: false),
          .name(field: "source", anyOf: ["x,\"y\""], isExact: true),
        ]))
    #expect(
      try read("source:https://a.b/c")
        == .name(field: "source", anyOf: ["https://a.b/c"], isExact: false))
    #expect(try read("\"say \\\"no\\\" \\\\ \\n\"") == .text("say \"no\" \\ \\n"))
    #expect(try read("/a\\/b\\d+ (x|y)/") == .pattern("a/b\\d+ (x|y)"))
  }

  /// What is wrong is shown at its column, in words that say what was expected.
  @Test(arguments: [
    ("kept lengthy>3", 5, "there is no field lengthy; text stands in quotes: \"lengthy\""),
    ("tok>3", 0, "did you mean tokens?"), ("d<", 2, "a number is missing"),
    ("kept d<abc", 7, "abc is no number"), ("d", 0, "d wants a number: d>1 or d:1..2"),
    ("source", 0, "source wants a name: source:abc or source=abc"),
    ("source:", 7, "a name is missing"),
    ("source:a,", 9, "a name is missing"), ("kept:1", 0, "kept stands alone"),
    ("(kept", 0, "this ( is not closed"), ("kept )", 5, "there is no ( for this )"),
    ("kept \"abc", 5, "this quote is not closed"), ("/ab", 0, "this / is not closed"),
    ("\"\"", 0, "there is nothing to look for"), ("kept or", 7, "a term is missing"),
    ("not", 3, "a term is missing"), ("or kept", 0, "there is no field or"),
    ("d:3..1", 2, "the range ends before it begins"), ("d:..", 2, "a range wants a bound"),
    ("d<1..2", 2, "a range comes after a colon"), ("d:1..x", 5, "x is no number"),
    ("tokens>nan", 7, "nan is no number"), ("kept <3", 5, "a field is missing before this sign"),
    ("()", 1, "a term is missing before )"), ("source<3", 0, "source wants a name"),
  ])
  func mistakesHaveAPlace(_ text: String, column: Int, words: String) {
    do {
      let filter = try read(text)
      Issue.record("\(text) was read as \(filter)")
    } catch let error as FilterError {
      #expect(error.column == column, "\(text): \(error)")
      #expect(error.reason.contains(words), "\(text): \(error.reason)")
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func depthIsLimitedInsteadOfTheStack() {
    #expect(throws: FilterError.self) {
      try read(String(repeating: "(", count: 100_000) + "kept")
    }
    #expect(throws: FilterError.self) {
      try read(String(repeating: "-", count: 100_000) + "kept")
    }
  }

  /// Any filter is read from what it is written as, and written as that again.
  @Test(arguments: 0..<40) func whatIsWrittenIsRead(seed: Int) throws {
    var maker = FilterMaker(seed: UInt64(seed))
    for _ in 0..<100 {
      let text = maker.text(depth: 4)
      let filter = try read(text)
      let written = "\(filter)"
      let again = try read(written)
      #expect(again == filter, "\(text) | \(written)")
      #expect("\(again)" == written)
      let coded = try JSONDecoder().decode(Filter.self, from: JSONEncoder().encode(filter))
      #expect(coded == filter)
    }
  }

  /// Whatever is typed is read or refused at a column of it.
  @Test(arguments: 0..<20) func anythingMayBeTyped(seed: Int) {
    var maker = FilterMaker(seed: UInt64(1000 + seed))
    for _ in 0..<300 {
      let text = maker.noise()
      do {
        let filter = try Filter(text, fields: FilterField.chunks)
        #expect((try? read("\(filter)")) == filter, "\(text)")
      } catch {
        #expect((0...text.count).contains(error.column), "\(text): \(error)")
      }
      for cursor in 0...text.count {
        let found = FilterCompletion(text, cursor: cursor, fields: FilterField.chunks, names: [:])
        #expect(found.range.upperBound == cursor)
      }
    }
  }

  @Test func onlyASourceIsKnownAsSuch() throws {
    #expect(try read("source=law").onlySource == "law")
    for text in ["source:law", "source=law,code", "source=law kept", "not source=law"] {
      #expect(try read(text).onlySource == nil, "\(text)")
    }
    #expect(try read("kept \"a\" or -\"b\" /c/").soughtTexts == ["a"])
    #expect(try read("kept or (d>1 -noted)").fieldNames == ["kept", "d", "noted"])
    #expect(try read("kept \"a\"").searching(for: .text("b")) == read("kept \"b\""))
    #expect(try read("\"a\"").searching(for: nil) == nil)
  }
}
