import Corpus
import EngineInterface
import LanguageModels
import Numerics
import Pipeline
import Training

/// Trains student A on the uniform sample and student B on the refined corpus, in turn, from equal
/// weights; before them what has been branched off them and is not done.
struct TrainStage: StageWork {
  /// Takes what the training waits with.
  let asked: (FaultQuestion?) -> Void

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
    let start = TrainingStart.fresh(
      try plan.shape.configuration(
        vocabularySize: manifest.vocabularySize, endOfText: manifest.endOfText),
      RandomSource(seed: context.settings.seed).split("student"))
    let teacher = plan.teaching.map {
      $0.teacher(ModelFolder(context.folder.modelFolder("teacher", context.settings.teacher)))
    }
    let heldOut = Parts.heldOut(context, limit: plan.training.evaluationChunks)
    let tokenizer = context.folder.tokenizerFolder(context.settings)
    var verb = TrainPair(
      start, a: place(places.uniform, places.runA, places.modelA),
      b: place(places.refined, places.runB, places.modelB), configuration: configuration,
      teacher: teacher, heldOut: heldOut, tokenizerFolder: tokenizer, preset: plan.recipe,
      compute: context.compute)
    verb.samples = records.samples
    let bytes = try verb.memory().totalBytes
    let isPairDone = [places.modelA, places.modelB].allSatisfy { ModelFolder($0).isPresent }
    let forks = ProjectFork.all(context.folder, commit: commit)
    let price = try? TrainingPrice.operationsPerToken(
      of: start, configuration, teacher: teacher)
    let recorder = Recorder(
      Self.recorder(
        places, forks, steps: configuration.steps, memory: bytes / 2, price: price,
        isPairDone: isPairDone))
    let log = RunEventLog(places)
    defer { context.publisher.showNow(.training, .training(recorder.value.snapshot())) }
    for (index, fork) in forks.enumerated() where !fork.isDone {
      var branch = Train(
        start, on: place(fork.isOfA ? places.uniform : places.refined, fork.run, fork.model),
        configuration: configuration, teacher: teacher, heldOut: heldOut,
        tokenizerFolder: tokenizer, preset: plan.recipe, compute: context.compute)
      branch.samples = records.samples
      _ = try branch.run(context.work) { event in
        take(context, recorder, log) { $0.record(event, ofFork: index) }
      }
    }
    guard !isPairDone else { return .done("\(configuration.steps) steps each") }
    let trained = try verb.run(context.work) { event in
      take(context, recorder, log) { $0.record(event) }
    }
    return .done("\(trained.steps) steps each")
  }

  /// Has an event recorded, and shows what that changes.
  private func take(
    _ context: StageContext, _ recorder: Recorder<PairRecorder>, _ log: RunEventLog,
    _ record: (inout PairRecorder) -> RunEvent?
  ) {
    let before = recorder.value.question
    if let event = record(&recorder.value) {
      context.publisher.send(.notice(event.notice))
      let trouble = log.append(event, memory: recorder.value.memory(of: event.run))
      if let trouble { context.note(trouble, .warning) }
    }
    if recorder.value.question != before { asked(recorder.value.question) }
    context.publisher.show(.training, always: false) { .training(recorder.value.snapshot()) }
  }

  private static func recorder(
    _ places: CommitFolder, _ forks: [ProjectFork], steps: Int, memory: Int, price: Double?,
    isPairDone: Bool
  ) -> PairRecorder {
    func student(_ name: String, _ corpus: String, _ path: String) -> RunRecorder {
      let recorder = RunRecorder(
        name: name, corpus: corpus, runFolder: path, steps: steps, memory: memory,
        operationsPerToken: price)
      return isPairDone ? recorder.restored() : recorder
    }
    return PairRecorder(
      a: student("A uniform", "\(places.name) uniform", places.runA),
      b: student("B refined", places.name, places.runB),
      forks: forks.map {
        let recorder = RunRecorder(
          $0, corpus: places.name, steps: steps, memory: memory, operationsPerToken: price)
        return $0.isDone ? recorder.restored() : recorder
      }, events: RunEventLog.read(places).events)
  }
}
