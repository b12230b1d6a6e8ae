import Corpus
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
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
    let manifest = try Parts.manifest(.scored, context.folder)
    let plan = context.settings.student
    let chunks = min(
      try TokenShards(folder: places.uniform).count, try TokenShards(folder: places.refined).count)
    let records = plan.records ?? TrainingRecords()
    let configuration = records.applied(
      to: plan.training.configuration(
        chunks: chunks, endOfText: manifest.endOfText, in: context.settings,
        precision: context.precisions.training))
    func place(_ shards: String, _ run: String, _ model: String) -> TrainingPlace {
      TrainingPlace(
        shards: shards, runFolder: run, output: model, tensorBoard: records.tensorBoard(of: run))
    }
    var verb = TrainPair(
      .fresh(
        try plan.shape.configuration(
          vocabularySize: manifest.vocabularySize, endOfText: manifest.endOfText),
        RandomSource(seed: context.settings.seed).split("student")),
      a: place(places.uniform, places.runA, places.modelA),
      b: place(places.refined, places.runB, places.modelB), configuration: configuration,
      teacher: plan.teaching.map {
        $0.teacher(ModelFolder(context.folder.modelFolder("teacher", context.settings.teacher)))
      },
      heldOut: Parts.heldOut(context, limit: plan.training.evaluationChunks),
      tokenizerFolder: context.folder.tokenizerFolder(context.settings), preset: plan.recipe,
      compute: context.compute)
    verb.samples = records.samples
    let bytes = try verb.memory().totalBytes
    func runRecorder(_ name: String, _ corpus: String, _ path: String) -> RunRecorder {
      RunRecorder(
        name: name, corpus: corpus, runFolder: path, steps: configuration.steps,
        memory: bytes / 2)
    }
    let recorder = Recorder(
      PairRecorder(
        a: runRecorder("A uniform", "\(commit) uniform", places.runA),
        b: runRecorder("B refined", commit, places.runB)))
    defer { context.publisher.showNow(.training, .training(recorder.value.snapshot())) }
    let trained = try verb.run(context.work) { event in
      if let notice = recorder.value.record(event) { context.publisher.send(.notice(notice)) }
      context.publisher.show(.training, always: false) { .training(recorder.value.snapshot()) }
    }
    return .done("\(trained.steps) steps each")
  }
}
