import DifferenceSampling
import Numerics
import Testing

/// Chunks in cells of what both models say of them, and sources that lie apart.
@Suite struct ScoreDensityTests {
  private func row(
    _ chunk: Int, source: Int = 0, teacher: Double, reference: Double, counted: Int = 10
  ) -> ChunkScore {
    ChunkScore(
      chunk: chunk, source: source, length: counted + 1, counted: counted,
      teacherNLL: Float(teacher), referenceNLL: Float(reference))
  }

  @Test func everyChunkIsInItsCell() throws {
    var random = RandomSource(seed: 3)
    let rows = (0..<2000).map { chunk in
      let teacher = 2 + 1.5 * random.uniform()
      return row(chunk, teacher: teacher, reference: teacher + 0.8 * random.uniform())
    }
    var density = ScoreDensity()
    density.add(Array(rows.prefix(700)))
    density.add(Array(rows.dropFirst(700)))
    density.add([
      row(9000, teacher: .nan, reference: 1), row(9001, teacher: 1, reference: 2, counted: 0),
    ])
    #expect(density.count == 2000)
    let display = try #require(density.display(most: 1000, clipped: 0))
    #expect(display.counts.reduce(0) { $0 + Int($1) } == 2000)
    for (place, row) in rows.enumerated() where place % 50 == 0 {
      let x = Int(((-Double(row.referenceNLL) - display.left) / display.cell).rounded(.down))
      let y = Int(((-Double(row.teacherNLL) - display.bottom) / display.cell).rounded(.down))
      #expect((0..<display.columns).contains(x) && (0..<display.rows).contains(y))
      #expect(display.counts[y * display.columns + x] > 0)
    }
  }

  @Test func fewerCellsHoldTheSameChunks() throws {
    var density = ScoreDensity()
    density.add(
      (0..<500).map { row($0, teacher: 1 + Double($0) / 100, reference: 2 + Double($0) / 90) })
    for most in [1, 7, 40] {
      let display = try #require(density.display(most: most, clipped: 0))
      #expect(display.columns <= most && display.rows <= most)
      #expect(display.counts.reduce(0) { $0 + Int($1) } == 500)
    }
    #expect(ScoreDensity().display() == nil)
  }

  @Test func valuesOutsideAreAtTheEdges() throws {
    var density = ScoreDensity()
    density.add((0..<1000).map { row($0, teacher: 3, reference: 3.5 + Double($0 % 10) / 100) })
    density.add([row(1000, teacher: 90, reference: 200), row(1001, teacher: -1, reference: -2)])
    let display = try #require(density.display(clipped: 0.01))
    #expect(display.counts.reduce(0) { $0 + Int($1) } == 1002)
    #expect(display.columns < 10 && display.rows < 10)
  }

  // MARK: - Sources apart

  private func histograms(_ sources: [(count: Int, mean: Double, spread: Double)])
    -> SourceHistograms
  {
    var random = RandomSource(seed: 11)
    var histograms = SourceHistograms()
    for (source, facts) in sources.enumerated() {
      histograms.add(
        (0..<facts.count).map { chunk in
          // The mean of four is bell-shaped enough.
          let noise = (0..<4).reduce(0.0) { sum, _ in sum + random.uniform() - 0.5 } * 1.7
          return row(
            chunk, source: source, teacher: 3, reference: 3 + facts.mean + facts.spread * noise)
        })
    }
    return histograms
  }

  @Test func equalSourcesDoNotStandOut() {
    #expect(
      SourceStandout.find(histograms([(400, 0.5, 0.3), (300, 0.55, 0.3), (500, 0.45, 0.3)])).isEmpty
    )
    #expect(SourceStandout.find(SourceHistograms()).isEmpty)
    #expect(SourceStandout.find(histograms([(400, 0.5, 0.3)])).isEmpty)
  }

  @Test func aSourceFarFromTheRestIsNamed() throws {
    let found = SourceStandout.find(
      histograms([(800, 0.5, 0.2), (700, 0.6, 0.2), (60, -1.3, 0.1)]))
    let standout = try #require(found.first)
    #expect(found.count == 1)
    #expect(standout.source == 2 && standout.kind == .median && standout.chunks == 60)
    #expect(abs(standout.place + 1.3) < 0.1)
    #expect(standout.others.lowerBound > 0 && standout.others.upperBound < 1.2)
  }

  @Test func aPeakOfAPartOfASourceIsNamed() throws {
    // Two fifths of source 1 are junk; its median is like everybody's.
    var all = histograms([(900, 0.5, 0.2), (300, 0.5, 0.2)])
    all.add(
      (0..<200).map {
        row($0, source: 1, teacher: 3, reference: 3 - 1.4 + Double($0 % 20) / 200)
      })
    let standout = try #require(SourceStandout.find(all).first)
    #expect(standout.source == 1 && standout.of == 500)
    guard case .peak(let share) = standout.kind else {
      Issue.record("no peak")
      return
    }
    #expect(share > 0.95)
    #expect(abs(standout.chunks - 200) < 10)
    #expect(abs(standout.place + 1.35) < 0.1)
  }
}
