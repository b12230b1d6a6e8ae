import EngineInterface

/// What prices, answers, drivers and readings look like, with every field set.
enum SampleDecisions {
  static let part = SelectionPrice.Part(
    name: "floor", chunksIn: 1, chunksOut: 2, meanChange: -0.1)
  static let training = TrainingPrice(
    steps: 1, epochs: 0.5, tokens: 2, operations: 1e20, seconds: 3, speed: "s")
  static let price = SelectionPrice(
    ratio: 0.5, chunks: 1, tokens: 2, documents: 3, mean: 0.1, pureMean: 0.2, parts: [part],
    training: training)
  static let budget = DecisionAnswer.Content.budget(
    BudgetPlan(
      ratio: 0.5, threshold: .infinity, chunks: 1, tokens: 2, mean: 0.1, training: training,
      note: "n"))

  static let drivers = DriversSnapshot(
    state: .running(what: "w", fraction: 0.5),
    groups: [
      DriversSnapshot.Group(
        source: "s", keptChunks: 1, droppedChunks: 2, keptTokens: 3, droppedTokens: 4,
        keeps: [
          DriversSnapshot.NGram(text: "k", n: 2, kept: 3, dropped: 1, logOdds: 0.5, z: 2)
        ], drops: [],
        adds: [DriversSnapshot.Token(text: "t", count: 2, total: 0.5)], takes: [],
        scoredTokens: 9)
    ], selection: "ratio 0.5", isStale: true)

  static let decile = ReadingSnapshot.Decile(
    number: 1, lower: -1, upper: 0, answered: 3, readerKeeps: 1, agreed: 2, interval: 0.1...0.9)
  static let reading = ReadingSnapshot(
    chunk: 4, source: "s", text: "t", done: 1, total: 2, skipped: 0, deciles: [decile],
    all: decile, seed: 7)
}
