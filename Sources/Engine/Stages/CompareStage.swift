import Corpus
import DifferenceSampling
import EngineInterface
import LanguageModels
import Pipeline
import Store
import TensorKit
import Training

/// Compares the two students on the held-out part and writes the report.
struct CompareStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    guard let commit = context.commit else {
      throw EngineError.missing(
        stage: "compare", needs: "a refined corpus", path: context.folder.commits)
    }
    let places = CommitFolder(project: context.folder, name: commit)
    guard let heldOut = Parts.heldOut(context) else {
      throw EngineError.missing(
        stage: "compare", needs: "held-out text", path: context.folder.shards(.heldOut))
    }
    let settings = Evaluate.Settings(
      chunkTokens: context.settings.chunkTokens, chunksPerBatch: 16)
    func folder(_ role: String, _ origin: ModelOrigin) -> ModelFolder {
      ModelFolder(context.folder.modelFolder(role, origin))
    }
    func evaluate(_ model: ModelFolder, _ range: ClosedRange<Double>) throws -> EvaluationResult {
      try Evaluate(model, on: heldOut, settings: settings, compute: context.compute)
        .run(context.work.part(range))
    }
    let (teacher, reference) = (
      folder("teacher", context.settings.teacher), folder("reference", context.settings.reference)
    )
    let (a, b) = (ModelFolder(places.modelA), ModelFolder(places.modelB))
    let teacherResult = try evaluate(teacher, 0...0.25)
    let referenceResult = try evaluate(reference, 0.25...0.5)
    let students = try Compare(a, b, on: heldOut, settings: settings, compute: context.compute)
      .run(context.work.part(0.5...1))
    let record = try ComparisonRecord(
      context, places: places,
      models: [
        (teacher, teacherResult), (reference, referenceResult), (a, students.a), (b, students.b),
      ],
      comparison: students.comparison)
    try ProjectReport(folder: context.folder, settings: context.settings, commit: commit)
      .write(record, to: places.report, context.work)
    return .done(record.summary.first ?? "")
  }
}

extension ComparisonRecord {
  /// Collects what the files of a project say about a commit.
  ///
  /// - Parameter models: folders and held-out results of teacher, reference, A and B.
  init(
    _ context: StageContext, places: CommitFolder, models: [(ModelFolder, EvaluationResult)],
    comparison: EvaluationComparison
  ) throws {
    let shards = try TokenShards(folder: context.folder.shards(.scored))
    let (scores, metadata) = try ChunkScoresFile.read(
      context.folder.scores + "/" + ChunkScoresFile.name)
    waived = ScoringRecord(metadata: metadata).waived
    let index = SelectionIndex(
      scores: scores, sourceNames: shards.sources, chunkCount: shards.count)
    let settings = try JSONFile.read(
      SelectionSettings.self, from: places.refined + "/selection.json")
    let selection = try index.select(settings)
    let labels = try DemoFiles.labels(context.folder, context.settings)
    let summary = selection.summary
    project = context.settings.name
    commit = places.name
    ratio = Double(selection.ruleCount) / Double(max(1, index.rankedCount))
    threshold = Double(summary.threshold ?? .infinity)
    chunks = summary.all.totalChunks
    keptChunks = summary.all.keptChunks
    tokens = summary.all.totalTokens
    keptTokens = summary.all.keptTokens
    departures = settings.departures
    sources = summary.sources.filter { $0.totalChunks > 0 }.map {
      Source(
        name: $0.source, chunks: $0.totalChunks, keptChunks: $0.keptChunks, keepRate: $0.keepRate)
    }
    damage =
      labels.isEmpty
      ? []
      : LabelIndex(source: shards, labels: labels).report(kept: selection.keptChunks()).rows.map {
        Damage(
          kind: $0.label, documents: $0.documents, tokens: $0.tokens,
          droppedShare: $0.tokenShareDropped)
      }
    let isTrainedHere = [context.settings.teacher, context.settings.reference].map {
      if case .trained = $0 { true } else { false }
    }
    let runs: [(String, String?)] = [
      ("teacher", isTrainedHere[0] ? context.folder.run("teacher") : nil),
      ("reference", isTrainedHere[1] ? context.folder.run("reference") : nil),
      ("student A uniform", places.runA), ("student B refined", places.runB),
    ]
    self.models = try zip(runs, models).map { run, model in
      let losses = try model.1.summary().all
      return Model(
        role: run.0, parameters: try model.0.configuration().parameterCount,
        tokens: try run.1.flatMap(Self.tokensSeen), heldOutLoss: losses.chunkMean,
        bitsPerByte: losses.bitsPerByte)
    }
    studentTokens = self.models.last?.tokens ?? 0
    self.comparison = comparison
    machine =
      "\(context.compute.pool.threads) threads, kernels \(context.compute.kernels.name), "
      + "\(MatrixProduct.library)"
    textBytes = try DemoFiles.bytes(context.folder, context.settings)
  }

  /// Tokens that the run in a folder has read; nil when it has logged no step.
  private static func tokensSeen(_ runFolder: String) throws -> Int? {
    let tokens = try MetricsLog.read(runFolder: runFolder).compactMap { record in
      if case .step(let step) = record { step.tokensSeen } else { nil }
    }
    return tokens.last
  }
}
