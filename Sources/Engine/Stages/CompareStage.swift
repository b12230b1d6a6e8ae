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
    let folders = [
      context.folder.modelFolder("teacher", context.settings.teacher),
      context.folder.modelFolder("reference", context.settings.reference), places.modelA,
      places.modelB,
    ]
    var results: [EvaluationResult] = []
    for (place, folder) in folders.enumerated() {
      let start = Double(place) / Double(folders.count)
      guard
        let result = try evaluate(
          folder, context, range: start...(start + 1 / Double(folders.count)))
      else { return .stopped }
      results.append(result)
    }
    let report = try Report(
      context, places: places, models: zip(folders, results).map { ($0, $1) },
      comparison: EvaluationComparison(results[2], results[3]))
    try Folder.make(places.report)
    try AtomicFile.write(text: report.markdown, to: places.report + "/report.md")
    try JSONFile.write(report, to: places.report + "/report.json")
    return .done(report.summary.first ?? "")
  }

  private func evaluate(
    _ folder: String, _ context: StageContext, range: ClosedRange<Double>
  ) throws -> EvaluationResult? {
    let manifest = try Parts.manifest(.scored, context.folder)
    let model = try LanguageModel.load(
      folder: folder, purpose: .scoring, compute: context.compute)
    let chunks = 16
    let configuration = TrainingConfiguration(
      steps: 1, chunksPerMicroBatch: chunks, chunksPerStep: chunks,
      chunkTokens: context.settings.chunkTokens, endOfSequenceToken: manifest.endOfText,
      learningRate: 1, minimumLearningRate: 1, warmupSteps: 0)
    guard let heldOut = try Parts.heldOut(context, configuration) else {
      throw EngineError.missing(
        stage: "compare", needs: "held-out text", path: context.folder.shards(.heldOut))
    }
    let workspace = try Workspace(
      for: model, maximumTokens: chunks * (context.settings.chunkTokens - 1),
      maximumSequences: chunks, purpose: .scoring)
    return try heldOut.run(model, workspace: workspace) { done, count in
      context.progress(
        range.lowerBound
          + (range.upperBound - range.lowerBound) * Double(done) / Double(max(1, count)),
        detail: "\(folder.split(separator: "/").last ?? ""), \(done) of \(count) held-out chunks")
      return !context.control.isStopping
    }
  }
}

extension Report {
  /// Collects what the files of a project say about a commit.
  ///
  /// - Parameter models: folders and held-out results of teacher, reference, A and B.
  init(
    _ context: StageContext, places: CommitFolder, models: [(String, EvaluationResult)],
    comparison: EvaluationComparison
  ) throws {
    let shards = try TokenShards(folder: context.folder.shards(.scored))
    let scores = try ChunkScoresFile.read(
      context.folder.scores + "/" + ChunkScoresFile.name
    ).scores
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
    let runs = [
      ("teacher", "teacher"), ("reference", "reference"),
      ("student A uniform", "\(places.name)/A-uniform"),
      ("student B refined", "\(places.name)/B-refined"),
    ]
    self.models = try zip(runs, models).map { run, model in
      let records = try MetricsLog.read(runFolder: context.folder.run(run.1))
      let tokens = records.compactMap { record in
        if case .step(let step) = record { step.tokensSeen } else { nil }
      }
      return Model(
        role: run.0,
        parameters: try ModelConfiguration(file: model.0 + "/config.json").parameterCount,
        tokens: tokens.last ?? 0, heldOutLoss: try model.1.summary().all.chunkMean)
    }
    studentTokens = self.models.last?.tokens ?? 0
    self.comparison = comparison
    machine =
      "\(context.compute.pool.threads) threads, kernels \(context.compute.kernels.name), "
      + "\(MatrixProduct.library)"
  }
}
