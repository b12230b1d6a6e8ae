import Corpus
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Training

/// Trains student A on the uniform sample and student B on the refined corpus, in turn, from equal
/// weights.
struct TrainStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    guard let commit = context.commit else {
      throw EngineError.missing(
        stage: "train", needs: "a refined corpus", path: context.folder.commits)
    }
    let places = CommitFolder(project: context.folder, name: commit)
    let uniform = try TokenShards(folder: places.uniform)
    let refined = try TokenShards(folder: places.refined)
    let manifest = try Parts.manifest(.scored, context.folder)
    let plan = context.settings.student
    let shape = try plan.shape.configuration(
      vocabularySize: manifest.vocabularySize, endOfText: manifest.endOfText)
    let chunks = min(uniform.count, refined.count)
    guard chunks >= plan.training.chunksPerStep else {
      throw EngineError.tooFewChunks(
        corpus: "refined", found: chunks, expected: plan.training.chunksPerStep)
    }
    let configuration = plan.training.configuration(
      chunks: chunks, endOfText: manifest.endOfText, in: context.settings)
    let memory = try TrainingMemory.check(
      model: shape, training: configuration, students: 2, compute: context.compute)
    context.note("students: \(MemoryText.plan(of: memory, configuration))")
    let seeds = RandomSource(seed: context.settings.seed).split("student")
    let models = try (0..<2).map { _ in
      try LanguageModel.make(
        shape, initialization: .seeded(seeds), precision: configuration.precision,
        compute: context.compute)
    }
    let workspace = try configuration.makeWorkspace(for: models[0])
    func runRecorder(_ name: String, _ corpus: String, _ path: String) -> RunRecorder {
      RunRecorder(
        name: name, corpus: corpus, runFolder: path, steps: configuration.steps,
        memory: memory.totalBytes / 2)
    }
    let recorder = Recorder(
      PairRecorder(
        a: runRecorder("A uniform", "\(commit) uniform", places.runA),
        b: runRecorder("B refined", commit, places.runB)))
    let pair = try PairedTraining(
      a: .init(model: models[0], chunks: uniform, runFolder: places.runA),
      b: .init(model: models[1], chunks: refined, runFolder: places.runB), workspace: workspace,
      configuration: configuration,
      heldOut: try Parts.heldOut(
        context, configuration, limit: plan.training.evaluationChunks),
      control: context.control.training
    ) { event in
      if let notice = recorder.value.record(event) { context.publisher.send(.notice(notice)) }
      context.publisher.show(.training, always: false) { .training(recorder.value.snapshot()) }
      context.report(pair: recorder.value)
    }
    let outcome = try pair.run()
    context.publisher.showNow(.training, .training(recorder.value.snapshot()))
    guard outcome == .finished else { return .stopped }
    let tokenizer = context.folder.tokenizerFolder(context.settings)
    for (model, path) in zip(models, [places.modelA, places.modelB])
    where !Folder.exists(path + "/config.json") {
      try model.save(to: path, tokenizerFolder: tokenizer)
    }
    return .done("\(configuration.steps) steps each")
  }
}

extension StageContext {
  /// Shows a pair of runs as the job.
  func report(pair: PairRecorder) {
    let (a, b) = (pair.a.snapshot, pair.b.snapshot)
    let since = max(a.step - (a.lastCheckpoint ?? 0), b.step - (b.lastCheckpoint ?? 0))
    let done = Double(a.step + b.step) / Double(max(1, a.steps + b.steps))
    let eta = (a.eta ?? 0) + (b.eta ?? 0)
    progress(
      done, eta: a.eta == nil ? nil : eta,
      detail:
        "A step \(a.step)/\(a.steps) loss \(Number.fixed(a.averageLoss, 3)), "
        + "B step \(b.step)/\(b.steps) loss \(Number.fixed(b.averageLoss, 3)), "
        + "\(Number.grouped(Int(b.tokensPerSecond))) tokens/s, "
        + settings.trainingPrecision.rawValue,
      unsaved: since > 0 ? "\(since) steps since the last checkpoint" : nil)
  }
}
