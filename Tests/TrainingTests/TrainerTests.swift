import Corpus
import LanguageModels
import Numerics
import Store
import Testing
import Training

@Suite struct TrainerTests {
  /// A corpus of a few sentences is learnt by heart.
  @Test(arguments: Tiny.Family.allCases)
  func lossFallsOnAMemorisableCorpus(family: Tiny.Family) throws {
    let folder = try TemporaryFolder()
    var random = RandomSource(seed: 8)
    let rows = (0..<6).map { _ in
      (0..<16).map { _ in Int32(1 + random.index(below: Tiny.vocabularySize - 1)) }
    }
    let chunks = ChunkList(chunks: rows)
    var settings = Tiny.settings(steps: 120)
    settings.chunksPerMicroBatch = 6
    let model = try Tiny.model(family, compute: try Tiny.compute())
    var losses: [Double] = []
    let trainer = try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: chunks, runFolder: folder.path
    ) { event in
      if case .step(let metrics) = event { losses.append(metrics.loss ?? .nan) }
    }
    #expect(try trainer.run() == .finished)
    #expect(losses.count == 120)
    #expect(losses[0] > 3.5)
    #expect(losses[119] < 0.3, "\(losses[119])")
  }

  /// Six chunks at once, or in three micro-batches, or one by one: one update.
  @Test(arguments: Tiny.Family.allCases, LossMean.allCases)
  func accumulationEqualsTheBigBatch(family: Tiny.Family, mean: LossMean) throws {
    func weights(microBatch: Int) throws -> (weights: [Float], loss: Double) {
      let folder = try TemporaryFolder()
      var settings = Tiny.settings(steps: 3)
      settings.chunksPerMicroBatch = microBatch
      settings.lossMean = mean
      settings.epsilon = 1e-3
      settings.schedule = .constant
      var loss = 0.0
      let trainer = try Tiny.trainer(family, settings, folder: folder.path) {
        if case .step(let metrics) = $0 { loss = metrics.loss ?? .nan }
      }
      try trainer.run()
      return (Array(try trainer.model.parameters.values(.weights)), loss)
    }
    let big = try weights(microBatch: 6)
    for size in [1, 2, 4] {
      let small = try weights(microBatch: size)
      #expect(abs(small.loss - big.loss) < 1e-6)
      let difference = zip(small.weights, big.weights).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference < 1e-6, "micro-batches of \(size)")
    }
  }

  /// The loss of the first step, from the log-probabilities of the untouched model.
  @Test(arguments: LossMean.allCases)
  func lossIsTheMeanThatIsAskedFor(mean: LossMean) throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 1)
    settings.lossMean = mean
    settings.order = .sequential
    settings.evaluationInterval = nil
    let chunks = Tiny.chunks(6)
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    let workspace = try Tiny.workspace(for: model, settings)
    var chunkMeans: [Double] = []
    var sum = 0.0
    var count = 0
    for index in 0..<6 {
      let tokens = try chunks.tokens(of: index).prefix(settings.chunkTokens)
      let window = try ChunkWindow(
        Array(tokens), number: index, mask: LossMask(endOfText: Tiny.endOfSequence),
        vocabularySize: Tiny.vocabularySize)
      let batch = PackedBatch([window], weighting: .sum)
      let logProbabilities = try model.logProbabilities(batch, workspace: workspace)
      // The mask, written out: a position counts unless its input ends a sequence.
      let counted = tokens.dropLast().indices.filter { tokens[$0] != Tiny.endOfSequence }
      let nll = counted.reduce(0.0) { $0 - Double(logProbabilities[$1]) }
      chunkMeans.append(nll / Double(counted.count))
      sum += nll
      count += counted.count
    }
    let expected =
      mean == .perChunk ? chunkMeans.reduce(0, +) / 6 : sum / Double(count)
    var found = 0.0
    let trainer = try Trainer(
      model: model, workspace: workspace, configuration: settings, chunks: chunks,
      runFolder: folder.path
    ) { if case .step(let metrics) = $0 { found = metrics.loss ?? .nan } }
    try trainer.run()
    #expect(abs(found - expected) < 1e-6)
  }

  @Test func equalBitsForAnyNumberOfThreads() throws {
    var results: [[UInt32]] = []
    for threads in [1, 2, 3] {
      let folder = try TemporaryFolder()
      let trainer = try Tiny.trainer(
        .mamba, Tiny.settings(steps: 3), folder: folder.path,
        compute: try Tiny.compute(threads: threads))
      try trainer.run()
      results.append(try Tiny.bits(trainer.model))
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test func decayOfMatricesOnlySparesVectors() throws {
    func decayed(_ policy: DecayPolicy) throws -> Set<String> {
      let folder = try TemporaryFolder()
      var settings = Tiny.settings(steps: 2)
      settings.decayPolicy = policy
      settings.weightDecay = 0.5
      settings.schedule = .constant
      var plain = settings
      plain.weightDecay = 0
      let one = try Tiny.trainer(.mamba, settings, folder: folder.file("one"))
      let two = try Tiny.trainer(.mamba, plain, folder: folder.file("two"))
      try one.run()
      try two.run()
      var names: Set<String> = []
      for entry in one.model.parameters.table.entries where entry.tiedTo == nil {
        let a = try #require(try one.model.parameters.values(of: entry.name, .weights))
        let b = try #require(try two.model.parameters.values(of: entry.name, .weights))
        // After one update from equal weights, only decay tells them apart; the second follows.
        let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        if difference > 1e-3 { names.insert(entry.name) }
      }
      return names
    }
    let all = try decayed(.all)
    #expect(all.contains("backbone.norm_f.weight"))
    #expect(all.contains { $0.hasSuffix("A_log") })
    let matrices = try decayed(.matricesOnly)
    #expect(matrices.contains("backbone.layers.0.mixer.in_proj.weight"))
    #expect(!matrices.contains("backbone.norm_f.weight"))
    #expect(!matrices.contains { $0.hasSuffix("A_log") || $0.hasSuffix("mixer.D") })
  }

  /// With a line every third step, a line has the mean of its three steps, stopped between or not.
  @Test func logLinesHaveTheMeanOfTheirInterval() throws {
    var settings = Tiny.settings(steps: 8)
    settings.evaluationInterval = nil
    settings.checkpointInterval = 100
    var losses: [Double] = []
    let plain = try TemporaryFolder()
    try Tiny.trainer(.qwen2, settings, folder: plain.path) {
      if case .step(let metrics) = $0 { losses.append(metrics.loss ?? .nan) }
    }.run()
    settings.logInterval = 3
    let folder = try TemporaryFolder()
    let control = TrainingControl()
    try Tiny.trainer(.qwen2, settings, folder: folder.path, control: control) {
      if case .step(let metrics) = $0, metrics.step == 4 { control.stop() }
    }.run()
    try Tiny.trainer(.qwen2, settings, folder: folder.path).run()
    let lines = try MetricsLog.read(runFolder: folder.path).compactMap { record in
      if case .step(let metrics) = record { metrics } else { nil }
    }
    #expect(lines.map(\.step) == [3, 6, 8])
    for (line, steps) in zip(lines, [0..<3, 3..<6, 6..<8]) {
      let mean = losses[steps].reduce(0, +) / Double(steps.count)
      #expect(abs(try #require(line.intervalLoss) - mean) < 1e-12)
    }
  }

  @Test func aTokenBudgetEndsTheRun() throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 100)
    settings.tokenBudget = 150
    var tokens: [Int] = []
    let trainer = try Tiny.trainer(.qwen2, settings, folder: folder.path) {
      if case .step(let metrics) = $0 { tokens.append(metrics.tokensSeen) }
    }
    #expect(try trainer.run() == .finished)
    #expect(try #require(tokens.last) >= 150)
    #expect(tokens.dropLast().allSatisfy { $0 < 150 })
  }

  @Test func aTokenOutsideTheVocabularyIsNamed() throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 1)
    settings.order = .sequential
    var rows = Array(repeating: [Int32](repeating: 5, count: 8), count: 6)
    rows[3][4] = Int32(Tiny.vocabularySize)
    let trainer = try Tiny.trainer(
      .qwen2, settings, folder: folder.path, chunks: ChunkList(chunks: rows))
    #expect(
      throws: ModelError.tokenOutOfRange(
        chunk: 3, token: Tiny.vocabularySize, vocabularySize: Tiny.vocabularySize)
    ) { try trainer.run() }
    #expect(trainer.phase == .failed)
  }

  /// A model whose losses are not numbers is left as it is, and the run gives up.
  @Test func updatesThatAreNotFiniteAreRefused() throws {
    let folder = try TemporaryFolder()
    var settings = Tiny.settings(steps: 20)
    settings.refusedUpdatesAllowed = 2
    settings.evaluationInterval = nil
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    try model.parameters.values(.weights)[0] = .infinity
    let before = try model.parameters.values(.weights).map(\.bitPattern)
    var refusals: [Int] = []
    let trainer = try Trainer(
      model: model, workspace: try Tiny.workspace(for: model, settings), configuration: settings,
      chunks: ChunkList(chunks: Array(repeating: [0, 1, 0, 2, 0, 3, 4], count: 6)),
      runFolder: folder.path
    ) { if case .updateRefused(_, _, let count) = $0 { refusals.append(count) } }
    do {
      try trainer.run()
      Issue.record("the run went on")
    } catch let error as TrainingError {
      guard case .diverged(_, refused: 3, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(refusals == [1, 2, 3])
    #expect(try model.parameters.values(.weights).map(\.bitPattern) == before)
    // Every step is a pass over so few chunks, and logged as such.
    let logged = try MetricsLog.read(runFolder: folder.path).filter {
      if case .step = $0 { true } else { false }
    }
    #expect(logged.count == 3)
    for record in logged {
      guard case .step(let metrics) = record else { continue }
      #expect(metrics.refused)
      #expect(metrics.loss == nil)
    }
  }
}
