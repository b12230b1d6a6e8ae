import EngineInterface

/// A small corpus with scores, made by a fixed rule: the ground of all fixture snapshots.
struct FixtureCorpus {
  struct Document {
    var index: Int
    var source: String
    var tokens: Int
    var difference: Double
    var text: String
  }

  static let sources = ["prose", "code", "docs", "dictionary", "law", "fortune"]
  private static let openings = [
    "prose": "In 1931 the station was moved to its present place by the river. The old house",
    "code": "import numpy as np\n\ndef project(x, basis):\n    return basis @ (basis.T @ x)\n",
    "docs":
      "NAME\n    frobnicate - turn one table into another\n\nSYNOPSIS\n    frobnicate [-v] FILE",
    "dictionary":
      "abate \\A*bate\"\\, v. t. 1. To beat down; to overthrow. [Obs.] 2. To bring down",
    "law": "The parties agree that the Court shall retain jurisdiction of this matter until",
    "fortune": "Q: How many bytes does it take to change a light bulb?\nA: One, if it is odd.",
  ]

  let documents: [Document]

  init(count: Int = 1200) {
    var generator = Generator(seed: 42)
    documents = (0..<count).map { index in
      let source = Self.sources[generator.next(below: Self.sources.count)]
      let place = Double(Self.sources.firstIndex(of: source) ?? 0)
      // Sum of uniforms: near enough to a bell.
      let bell = (0..<6).reduce(0.0) { sum, _ in sum + generator.unit() } - 3
      return Document(
        index: index, source: source,
        tokens: index % 3 == 0 ? 1025 : 200 + generator.next(below: 800),
        difference: 0.45 + place * 0.08 + bell * 0.42,
        text: "\(Self.openings[source] ?? "") (document \(index))")
    }
  }

  var tokens: Int { documents.reduce(0) { $0 + $1.tokens } }

  var byDifference: [Document] {
    documents.sorted { ($0.difference, -$0.index) > ($1.difference, -$1.index) }
  }

  /// The kept documents of a ratio.
  func kept(_ ratio: Double) -> ArraySlice<Document> {
    byDifference.prefix(Int(ratio * Double(documents.count)))
  }

  func row(_ document: Document, threshold: Double) -> ChunkRow {
    ChunkRow(
      index: document.index, source: document.source, tokens: document.tokens,
      difference: document.difference, kept: document.difference >= threshold,
      preview: document.text)
  }

  /// What the engine can be asked for, as far as it makes a difference here.
  static func filter(threshold: Double) -> RowFilter<Document> {
    RowFilter(
      [
        .init("source", "", .names { [$0.source] }),
        .init("kept", "", .flag { $0.difference >= threshold }),
        .init("dropped", "", .flag { $0.difference < threshold }),
        .init("d", "", .number { $0.difference }),
        .init("tokens", "", .number { Double($0.tokens) }),
        .init("chunk", "", .number { Double($0.index) }),
      ], text: \.text, matchesPattern: { $1.contains($0) })
  }

  /// A cloud whose height above the diagonal is the difference.
  func density(_ documents: some Collection<Document>) -> DensitySnapshot {
    let (left, bottom, cell, columns, rows) = (-6.0, -6.0, 0.1, 60, 60)
    var counts = [UInt32](repeating: 0, count: columns * rows)
    for document in documents {
      let reference = -2.5 - Double(document.index % 97) / 40
      let x = Int((reference - left) / cell)
      let y = Int((reference + document.difference - bottom) / cell)
      counts[min(rows - 1, max(0, y)) * columns + min(columns - 1, max(0, x))] += 1
    }
    return DensitySnapshot(
      left: left, bottom: bottom, cell: cell, columns: columns, rows: rows, counts: counts)
  }

  func histogram(_ documents: some Collection<Document>) -> HistogramSnapshot {
    let (lower, upper, bins) = (-1.0, 2.5, 128)
    var counts = Array(repeating: 0, count: bins)
    for document in documents {
      let share = (document.difference - lower) / (upper - lower)
      counts[min(bins - 1, max(0, Int(share * Double(bins))))] += 1
    }
    return HistogramSnapshot(lower: lower, upper: upper, counts: counts)
  }
}

/// A linear congruential generator: the same numbers everywhere, without a dependency.
struct Generator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  mutating func next(below limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

  mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
