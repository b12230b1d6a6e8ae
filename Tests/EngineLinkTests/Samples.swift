import EngineInterface

/// Every command and every event, with every field set to something of its own.
enum Samples {
  static let query = ChunkQuery(
    filter: .all([
      .any([.source("a"), .text("w")]), .not(.flag("kept")), .pattern("x"),
      .number(field: "d", bounds: FilterBounds(lower: 0.1, includesLower: false)),
    ]), order: .border, offset: -3, count: 7)
  static let items = TaskItemQuery(
    task: "piqa", a: "A", b: "B", reading: .accNorm, outcome: .loss, order: .file, offset: 1,
    count: 2)

  /// Those whose answers are among the events.
  static let questions: [EngineCommand] = [
    .listChunks(query), .openChunk(4), .listTaskItems(items), .openBatch(run: "A", step: 5),
    .ask(.budget(.tokens(2e7))),
    .settle(7),
  ]

  static let commands: [EngineCommand] = [
    .listChunks(query), .studyCorpus, .openChunk(4), .setRatio(0.1), .setThreshold(-0.3),
    .moveRatio(0.1, gesture: 7), .ask(.pins), .ask(.budget(.seconds(3))),
    .ask(.budget(.operations(1e16))), .ask(.dropped(perSource: 3)),
    .setNote(chunk: 4, "why \u{1B}[0m"), .drivers(.show), .drivers(.renew),
    .drivers(.scoreTokens), .drivers(.stop), .reading(.begin),
    .reading(.answer(chunk: 4, .skip)), .reading(.takeBack),
    .flipChunk(9), .setFloor(source: "s", share: 0.2), .setFloor(source: "s", share: nil),
    .setTeacherCap(0.1), .setTeacherCap(nil), .setRanking(.lowestReferenceLoss), .undo, .redo,
    .pin("A"), .recallPin("B"), .setPrecision(.scoring(.int8)), .setPrecision(.training(.bf16)),
    .setPrecision(.blockCheckpointing(true)), .findModels, .setModel(.reference, path: "m/ü"),
    .planCommit, .commit, .start(.evaluate), .start(.teacher), .pause, .resume, .stop, .checkpoint,
    .writeReport, .evaluateTasks, .setTaskFile(task: "t", path: nil),
    .setTaskFile(task: "t", path: "p"), .setTaskCondition(.limit(nil)),
    .setTaskCondition(.limit(3)), .setTaskCondition(.release("0.4")),
    .setTaskCondition(.precision(nil)), .setEvaluated(path: "p", true),
    .compareOnTasks(a: "x", b: "y"), .listTaskItems(items), .answer(.back),
    .setFaultChoice(.diskFull, .wait), .openBatch(run: "A", step: 5),
    .fork(run: "A", step: 5, chunks: [1, 2], wholeDocuments: true), .settle(7),
    .shutDown(saving: false),
  ]

  static let row: ChunkRow = {
    var row = ChunkRow(
      index: 4, source: "s", tokens: 5, difference: .infinity, kept: false, manual: true,
      label: "l", preview: "\u{1B}[0m\"\\ü\n")
    row.isCapped = true
    row.isFloored = true
    row.note = "n"
    return row
  }()

  static let histogram = HistogramSnapshot(
    lower: -1, upper: 2, counts: [1, 2, 3], below: 4, above: 5)

  static let run = RunSnapshot(
    name: "A", corpus: "c", step: 1, steps: 2, tokens: 3, epoch: 0.5, loss: .nan,
    averageLoss: 1.25, lossZScore: -2, heldOutLoss: 3.5, learningRate: 1e-4,
    gradientNorm: .infinity,
    clippedShare: 0.1, tokensPerSecond: 100.5, stepTime: 12, memory: 1 << 40, eta: 7,
    lastCheckpoint: 8,
    trainCurve: [
      CurvePoint(step: 1, tokens: 2, loss: .nan), CurvePoint(step: 2, tokens: 4, loss: 1),
    ],
    heldOutCurve: [CurvePoint(step: 3, tokens: 6, loss: 0.1, seconds: 7)],
    gradientNorms: [0.5, .nan],
    epochBorders: [CurvePoint(step: 4, tokens: 8, loss: 2)],
    distillation: DistillationFigures(lmLoss: 1, kdLoss: 2, gradientShare: 0.5),
    fork: ForkNote(parent: "p", step: 1, dropped: 2), operationsPerToken: 3.5)

  static let batch = BatchSnapshot(
    run: "A", step: 5, state: .computing, checkpoint: 4, loss: 1, lossZScore: 2, leftOut: true,
    chunks: [
      BatchSnapshot.Chunk(
        number: 1, scored: 2, source: "s", tokens: 3, documents: 4, place: "p", difference: 0.1,
        teacherLoss: 0.2, referenceLoss: 0.3, loss: .nan)
    ])

  static let notice = Notice(level: .warning, text: "n", time: "01:02:03")

  static let corpus: CorpusSnapshot = {
    var source = CorpusSnapshot.Source(
      name: "s", documents: 1, chunks: 2, tokens: 3, medianTokens: 4)
    source.duplicateShare = 0.1
    source.nearDuplicateShare = 0.2
    source.bytesPerToken = 3.3
    source.textLengths = [1, 2, 3, 4]
    source.scripts = [CorpusSnapshot.ScriptShare(name: "latin", share: 0.9)]
    var corpus = CorpusSnapshot(
      path: "p", sources: [source], documents: 1, chunks: 2, tokens: 3, rejected: 4, chunkLength: 5,
      tokenizer: "t", facts: ["f"])
    corpus.study = .running(what: "w", fraction: 0.5)
    corpus.duplicateShare = 0.3
    corpus.nearDuplicateShare = 0.4
    return corpus
  }()

  static let models = ModelsSnapshot(
    models: [
      ModelsSnapshot.Model(
        role: "teacher", name: "n", architecture: "a", parameters: 1, bytes: 2, state: "s",
        facts: ["f"])
    ], checks: [ModelsSnapshot.Check(state: .unknown, text: "t")], runs: [run],
    precision: PrecisionSnapshot(
      scoring: .auto, training: .f32, scoringInForce: .bf16, trainingInForce: .f32,
      blockCheckpointing: true, obstacles: ["o"],
      options: [
        PrecisionSnapshot.Option(
          choice: .training(.bf16), isInForce: true, bytes: 3, obstacle: "x")
      ]),
    available: ModelListSnapshot(
      rows: [
        ModelListSnapshot.Row(
          name: "n", path: "p", place: "hub", family: "f", parameters: 1, bytes: 2, weights: "w",
          vocabulary: 3, memory: 4, fits: false, obstacle: "o", sameTokenizerAs: ["q"],
          roles: [.teacher])
      ], places: ["x"], isLooking: true))

  static let measure = EvaluationSnapshot.Measure(0.5, error: 0.1)
  static let score = EvaluationSnapshot.Score(acc: measure, accNorm: measure, items: 9)
  static let paired = TaskComparison.Paired(
    difference: 0.1, error: 0.2, isBeyondChance: true, wins: 1, losses: 2, bothRight: 3,
    bothWrong: 4, smallestEffect: 0.3)

  static let evaluation = EvaluationSnapshot(
    tasks: [
      EvaluationSnapshot.Task(
        name: "n", title: "t", short: "s", file: "f", hasNormalized: false)
    ], models: [EvaluationSnapshot.Model(path: "p", name: "n")],
    cells: [
      [
        .empty, .queued, .running(done: 1, items: 2, eta: 3, score),
        .running(done: 1, items: 2, eta: nil, nil), .stopped(done: 3, items: 4), .done(score),
        .failed("x"),
      ]
    ],
    comparison: TaskComparison(
      a: "a", b: "b", rows: ["t": TaskComparison.Row(acc: paired, accNorm: paired)]),
    candidates: [
      TaskCandidate(path: "p", name: "n", place: "x", isChosen: true, obstacle: "o")
    ], published: [PublishedTasks(method: "m", size: "s", values: ["t": 0.1], mean: 0.2)],
    notes: ["n"],
    conditions: TaskConditions(
      limit: 3, release: "r", precision: .f32, scoring: .bf16,
      options: [
        TaskConditions.Option(choice: .precision(.int8), isInForce: true, obstacle: "o"),
        TaskConditions.Option(choice: .limit(nil), isInForce: false),
      ]))

  static let comparisonRow = ComparisonSnapshot.Row(
    name: "n", chunks: 3, a: 1, b: 2, difference: 1, interval: 0.1,
    band: ComparisonSnapshot.Band(low: 0, high: 2), keepRate: 0.5)
  static let label = SelectionSnapshot.Label(
    name: "l", documents: 1, tokens: 2, droppedShare: 0.5)

  static let comparison: ComparisonSnapshot = {
    var comparison = ComparisonSnapshot(
      names: ["a"], rows: [comparisonRow], chunkMean: comparisonRow, macro: comparisonRow,
      total: comparisonRow, bitsPerByte: comparisonRow, bandUnit: "u", runs: [run],
      curveChunks: 4, labels: [label], remarks: ["s"], report: "r")
    comparison.fit = ["f"]
    return comparison
  }()

  static let scoring: ScoringSnapshot = {
    var scoring = plainScoring
    scoring.density = DensitySnapshot(
      left: -1, bottom: -2, cell: 0.5, columns: 1, rows: 2, counts: [3, 4])
    scoring.remarks = ["r"]
    return scoring
  }()

  private static let plainScoring = ScoringSnapshot(
    done: 1, total: 2, histogram: histogram, mean: 0.1, median: 0.2, deviation: 0.3, minimum: -1,
    maximum: 2, negativeShare: 0.4, nonFinite: 5, ratio: 0.5, threshold: 0.6, thresholdBand: 0.7,
    teacherSpeed: [1], referenceSpeed: [2], elapsed: 3, eta: 4, blocksDone: 5, blocks: 6,
    latest: [
      ScoringSnapshot.Row(
        index: 1, source: "s", tokens: 2, teacherLogProbability: -1, referenceLogProbability: -2,
        difference: 1)
    ],
    sources: [
      ScoringSnapshot.Source(
        name: "s", count: 1, median: 2, lower: 1, upper: 3, counts: [1, 2])
    ])

  static let selection = SelectionSnapshot(
    ratio: 0.5, threshold: 0.1, chunks: 1, keptChunks: 2, tokens: 3, keptTokens: 4,
    sources: [
      SelectionSnapshot.Source(
        name: "s", chunks: 1, keptChunks: 2, tokens: 3, keptTokens: 4, floor: 0.5)
    ], labels: [label], entropyBefore: 1, entropyAfter: 2, keptMean: 3, histogram: histogram,
    border: [row], manualKept: 5, manualDropped: 6, teacherCap: 0.1,
    ranking: .highestReferenceLoss,
    pins: [SelectionSnapshot.Pin(name: "A", ratio: 0.1, threshold: 0.2)], undo: "u", redo: "r",
    complete: false)

  static let commit = CommitSnapshot(
    state: .writing(0.5), name: "n", folder: "f", ratio: 0.5, chunks: 1, tokens: 2, manualKept: 3,
    manualDropped: 4, files: [CommitSnapshot.File(name: "n", bytes: 1, note: "x")], freeDisk: 5,
    card: ["c"], earlier: [CommitSnapshot.Earlier(name: "e", ratio: 0.1, chunks: 1)], shared: 6,
    added: 7, removed: 8)

  static let chunk = ChunkDetail(
    row: row,
    tokens: [
      ChunkDetail.Token(text: "t", teacherLogProbability: -1, referenceLogProbability: nil)
    ], pieces: [ChunkDetail.Piece(document: 1, start: 2, label: "l")], teacherLogProbability: -3,
    referenceLogProbability: -4, rank: 5, scored: 6, bytes: 7, threshold: 8)

  static let itemRows = TaskItemRows(
    query: items,
    rows: [
      TaskItemRow(
        index: 1, outcome: .win, margin: -0.5, question: "q",
        choices: [
          TaskItemRow.Choice(
            text: "t", isGold: true,
            a: TaskItemRow.Score(logProbability: -1, perCharacter: -0.1, tokens: 2),
            b: TaskItemRow.Score(logProbability: -2, perCharacter: nil, tokens: 3))
        ], chosenA: 0, chosenB: nil)
    ], total: 3, counts: [.win: 1])

  static let events: [EngineEvent] = [
    .project(
      ProjectSnapshot(
        name: "n", folder: "f",
        stages: [StageStatus(stage: .evaluate, state: .failed, detail: "d")], machine: "m",
        faults: FaultSettings(
          onNotFinite: .back, onSpike: .ask, onDiskFull: .wait, spikeThreshold: 7),
        question: FaultQuestion(kind: .spike, run: "A", step: 3, text: "t"))),
    .corpus(corpus),
    .chunkRows(
      ChunkRows(
        query: query, rows: [row], total: 3,
        search: SearchState(searched: 1, chunks: 2, isDone: false))),
    .models(models), .scoring(scoring), .selection(selection), .price(SampleDecisions.price),
    .decision(DecisionAnswer(.budget(.tokens(2e7)), SampleDecisions.budget)),
    .drivers(SampleDecisions.drivers), .reading(SampleDecisions.reading), .chunk(chunk),
    .batch(batch),
    .commit(commit),
    .training(
      TrainingSnapshot(
        runs: [run], difference: [CurvePoint(step: 1, tokens: 2, loss: -0.1)],
        latestDifference: 0.1, latestInterval: 0.2, tokenShareToReach: 0.3,
        events: [
          RunEvent(.decision, level: .warning, text: "n", time: "01:02:03", run: "A", step: 5)
        ])),
    .comparison(comparison), .evaluation(evaluation), .taskItems(itemRows), .settled(7),
    .job(
      JobSnapshot(
        stage: .train, state: .failed("why"), fraction: 0.5, elapsed: 1, eta: 2, detail: "d",
        unsaved: "u", fault: .settings)),
    .notice(notice),
    .link(LinkSnapshot(isReadOnly: true, controllers: 2, viewers: 3, engine: "e", loss: "l")),
    .ended,
  ]
}
