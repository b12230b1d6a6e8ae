import DifferenceSampling
import Testing

@Suite("Floors")
struct FloorTests {
  /// So many chunks of one source, the next half as many of another that scores higher.
  private func index(_ count: Int) -> SelectionIndex {
    let scores = (0..<count + count / 2).map { chunk in
      ChunkScore(
        chunk: chunk, source: chunk < count ? 0 : 1, length: 10, counted: 9, teacherNLL: 2,
        referenceNLL: chunk < count ? 2 + Float(chunk % 17) / 100 : 4)
    }
    return SelectionIndex(scores: ChunkScores(scores), sourceNames: ["law", "code"])
  }

  @Test("A floor keeps the fewest chunks that are no less than it says")
  func neverLess() throws {
    for count in [1, 2, 3, 7, 10, 33, 60, 100, 127, 300] {
      let index = index(count)
      for percent in 0...100 {
        let settings = SelectionSettings(
          rule: .ratio(0), floors: ["law": Double(percent) / 100])
        let share = try index.select(settings).summary.sources[0]
        // In whole numbers, which nothing rounds.
        let wanted = (percent * count + 99) / 100
        #expect(share.keptChunks == wanted, "\(percent) % of \(count)")
        #expect((share.keepRate * 100).rounded() >= Double(percent))
      }
    }
  }

  @Test("A product that is whole but for rounding is that number")
  func whole() throws {
    // 0.07 * 100 = 7.000000000000001, 0.57 * 100 = 56.99999999999999 in doubles.
    let index = index(100)
    for (share, wanted) in [(0.07, 7), (0.57, 57), (0.29, 29), (0.1 + 0.2, 30)] {
      let settings = SelectionSettings(rule: .ratio(0), floors: ["law": share])
      #expect(try index.select(settings).summary.sources[0].keptChunks == wanted)
    }
  }
}
