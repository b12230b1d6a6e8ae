import Corpus
import CorpusStudy
import Store
import Testing

@Suite("Duplicates by group of chunks")
struct CensusTests {
  private static let end = "<|endoftext|>"

  private func census(
    _ chunks: [String], groups: [Int], near: Bool = true, threads: Int = 2
  ) throws -> (all: DuplicateCensus.Counts, groups: [DuplicateCensus.Counts]) {
    let scratch = try ScratchFolder()
    let tokenizer = try cutDownTokenizer()
    let shards = try writeChunks(chunks, tokenizer: tokenizer, to: scratch.path + "/shards")
    var options = CorpusStudy.Options()
    options.scratch = scratch.path
    options.findsNearDuplicates = near
    let found = try DuplicateCensus(shards: shards, tokenizer: tokenizer, options: options)
      .run(threads: threads, groups: 2) { groups[$0] }
    #expect(try Folder.list(scratch.path) == ["shards"])
    return found
  }

  @Test("A copy counts in its group only where the group has the text already")
  func exact() throws {
    let texts = ["One text.", "Another one.", "A third."]
    func chunk(_ places: [Int]) -> String { places.map { texts[$0] + Self.end }.joined() }
    // Group 0 has texts 0 0 1, group 1 has 0 1 1 2.
    let found = try census(
      [chunk([0, 0]), chunk([0, 1]), chunk([1]), chunk([1, 2])], groups: [0, 1, 0, 1])
    #expect(found.all.texts == 7 && found.all.duplicates == 4 && found.all.copies == 4)
    #expect(found.groups.map(\.texts) == [3, 4])
    #expect(found.groups.map(\.duplicates) == [1, 1])
    #expect(
      found.groups.map(\.duplicateBytes) == ["One text.".utf8.count, "Another one.".utf8.count])
    // Over the groups all copies: the second and third "One text.", two of "Another one.".
    #expect(found.groups.map(\.copies) == [2, 2])
    #expect(found.all.bytes == found.groups.map(\.bytes).reduce(0, +))
    #expect(found.all.nearDuplicates == 0)
    let exact = try census([chunk([0, 0])], groups: [0], near: false)
    #expect(exact.all.nearDuplicates == nil && exact.groups[1].texts == 0)
  }

  @Test("Nearly equal texts are counted in the same way, on any number of threads")
  func near() throws {
    let base = StudyTests.text(3, words: 120)
    func variant(_ number: Int) -> String {
      var words = base
      words[number] = "other\(number)"
      return words.joined(separator: " ") + Self.end
    }
    let other = StudyTests.text(4, words: 120).joined(separator: " ") + Self.end
    let chunks = [variant(3), other, variant(50), variant(80), variant(110)]
    for threads in [1, 3] {
      let found = try census(chunks, groups: [0, 0, 1, 1, 0], threads: threads)
      #expect(found.all.duplicates == 0 && found.all.nearDuplicates == 3)
      #expect(found.groups.map(\.nearDuplicates) == [1, 1])
      #expect(found.groups.map(\.nearCopies) == [1, 2])
    }
  }

  @Test("A copy stands for its text where the first of both is in another group")
  func copiesOfNearTexts() throws {
    let base = StudyTests.text(5, words: 120)
    var near = base
    near[60] = "other"
    let (first, second) = (
      base.joined(separator: " ") + Self.end, near.joined(separator: " ") + Self.end
    )
    // Group 1 has a copy of the first and a nearly equal text, in either order.
    for chunks in [[first, first, second], [first, second, first]] {
      let found = try census(chunks, groups: [0, 1, 1])
      #expect(found.all.duplicates == 1 && found.all.nearDuplicates == 1)
      #expect(found.groups.map(\.duplicates) == [0, 0])
      #expect(found.groups.map(\.nearDuplicates) == [0, 1])
    }
  }

  @Test("It is the study's count, and stops when it is told to")
  func agreesAndStops() throws {
    let scratch = try ScratchFolder()
    let tokenizer = try cutDownTokenizer()
    let chunks = (0..<60).map { "text number \($0 % 7) of some" + Self.end }
    let shards = try writeChunks(chunks, tokenizer: tokenizer, to: scratch.path + "/shards")
    var options = CorpusStudy.Options()
    options.scratch = scratch.path
    let census = try DuplicateCensus(shards: shards, tokenizer: tokenizer, options: options)
    let study = try CorpusStudy(shards: shards, tokenizer: tokenizer, options: options)
      .run(threads: 2)
    let found = try census.run(threads: 2, groups: 1) { _ in 0 }
    #expect(found.all.duplicates == study.all.duplicates && found.groups[0] == found.all)
    #expect(found.all.nearDuplicates == study.all.nearDuplicates)
    #expect(throws: CorpusStudyError.cancelled) {
      try census.run(threads: 2, groups: 1) { _ in
        0
      } report: { _, _ in
        false
      }
    }
    #expect(try Folder.list(scratch.path) == ["shards"])
  }
}
