import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline
import Store

/// The desk of a project: one thread that takes messages to the part they concern. No part reads,
/// sorts or counts what grows with the corpus: that is prepared elsewhere and comes as a message.
final class Desk {
  private let engine: ProjectEngine
  private let context: DeskContext
  private let corpus: CorpusDesk
  private let selection: SelectionDesk
  private let drivers: DriversDesk
  private let reading: ReadingDesk
  private let models: ModelDesk
  private let evaluation: EvaluationDesk
  private let jobs: JobDesk
  private let runs: RunDesk
  private var isEnding = false
  /// Who wants to know when everything is answered, by the numbers of their questions.
  private var settling: [Int] = []
  /// When the desk ends at the latest, finished or not; nil = only after the last answer.
  private var deadline: Double?
  /// Seconds in which a desk that is sent home still gives the answers that it owes.
  private static let patience = 2.0

  init(engine: ProjectEngine) throws {
    self.engine = engine
    context = try DeskContext(engine: engine)
    selection = SelectionDesk(context)
    corpus = CorpusDesk(context, selection: selection)
    drivers = DriversDesk(context, selection: selection, corpus: corpus)
    reading = ReadingDesk(context, selection: selection, corpus: corpus)
    models = ModelDesk(context)
    evaluation = EvaluationDesk(context)
    jobs = JobDesk(context)
    runs = RunDesk(context)
    selection.corpus = corpus
    selection.onChange = { [drivers, reading] in
      drivers.selectionChanged()
      try reading.selectionChanged()
    }
  }

  /// Works until `shutDown`.
  func run() {
    context.attempt { try open() }
    while true {
      // What is busy now may send one more message; who is not has sent all.
      let owesAnswers = context.preparations.isBusy || selection.isBusy
      let isSettled = settling.isEmpty || isSettled(owesAnswers)
      let isHurried = isEnding || !settling.isEmpty
      guard let messages = engine.mailbox.receive(timeout: isHurried ? 0.01 : 0.1) else { break }
      for message in Self.joined(messages) { context.attempt { try handle(message) } }
      context.publisher.flush()
      if messages.isEmpty { context.attempt { try selection.saveWhenChanged() } }
      if messages.isEmpty, isSettled { answerThoseWhoWait() }
      guard isEnding, jobs.job == nil else { continue }
      if messages.isEmpty, !owesAnswers { break }
      if let deadline, Clock.seconds() >= deadline { break }
    }
    context.preparations.close()
    context.control.stop()
    corpus.close()
    drivers.close()
    context.attempt { try selection.close() }
    // Whoever sees the end may open the project again.
    if !jobs.leavesJob { engine.lock.release() }
    context.publisher.end()
  }

  /// Whether nothing is being read, counted or searched, so that nothing more comes but what jobs say.
  private func isSettled(_ owesAnswers: Bool) -> Bool {
    !owesAnswers && !corpus.isBusy && !context.preparations.isAtWork
  }

  private func answerThoseWhoWait() {
    guard !settling.isEmpty else { return }
    // Pictures that have waited for their time come before.
    context.publisher.flush(all: true)
    for number in settling { context.publisher.send(.settled(number)) }
    settling = []
  }

  /// Of moves of the ratio in one gesture that came together only the last one matters.
  static func joined(_ messages: [ProjectEngine.Message]) -> [ProjectEngine.Message] {
    var result: [ProjectEngine.Message] = []
    for message in messages {
      if case .command(.moveRatio(_, let gesture)) = message,
        case .command(.moveRatio(_, gesture))? = result.last
      {
        result.removeLast()
      }
      result.append(message)
    }
    return result
  }

  /// Shows what the project has, as it is read.
  private func open() throws {
    jobs.showProject()
    for text in context.precisions.obstacles() { context.note(text, .warning) }
    models.show(running: nil)
    evaluation.show()
    corpus.open()
    context.showTraining()
    context.showComparison()
    if corpus.isOpening { return }
    try selection.open(.success([]))
    advance()
  }

  // MARK: - Messages

  private func handle(_ message: ProjectEngine.Message) throws {
    switch message {
    case .command(let command): try handle(command)
    case .finished(let stage, let result):
      if jobs.finish(stage, result) { context.attempt { try load(after: stage) } }
      models.show(running: nil)
      if stage == .evaluate {
        evaluation.finish()
      } else {
        evaluation.show()
      }
      if !corpus.isOpening { advance() }
    case .prepared(let prepared): try handle(prepared)
    case .scores(let answer): try selection.take(answer)
    case .detail(let detail): corpus.take(detail)
    case .found(let found): try corpus.take(found)
    case .studied(let state): corpus.take(state)
    case .drivers(let state): try drivers.take(state)
    case .run(let role, let run): models.take(run, of: role)
    case .checked(let report): models.take(report)
    case .tasks(let event): evaluation.take(event)
    case .asked(let question): jobs.take(question)
    case .endWhenRead: isEnding = true
    }
  }

  private func handle(_ prepared: Prepared) throws {
    switch prepared {
    case .corpus(let opened):
      try corpus.take(opened)
      try selection.open(opened.recipe)
      makeDigests()
      advance()
    case .listing(let listing): try corpus.take(listing)
    case .labels(let labels):
      try corpus.take(labels)
      try selection.showLabels()
    case .labelReport(let rows): try selection.take(rows)
    case .rows(let window): try corpus.take(window)
    case .models(let facts): models.take(facts)
    case .modelList(let list):
      models.take(list)
      evaluation.take(list)
    case .training(let picture): context.publisher.showNow(.training, .training(picture))
    case .comparison(let picture): context.publisher.showNow(.comparison, .comparison(picture))
    case .plan(let picture): selection.take(plan: picture)
    case .price(let price): context.publisher.showNow(.price, .price(price))
    case .decision(let answer): context.publisher.send(.decision(answer))
    case .evaluation(let table): evaluation.take(table)
    case .taskItems(let rows): context.publisher.send(.taskItems(rows))
    case .failed(let kind, let text):
      context.note(text, .error)
      if kind == .modelList { models.take(ModelListSnapshot(rows: [])) }
      if kind == .corpus {
        corpus.isOpening = false
        advance()
      }
    }
  }

  private func handle(_ command: EngineCommand) throws {
    switch command {
    case .listChunks(let query): try corpus.list(query)
    case .studyCorpus: corpus.toggleStudy()
    case .openChunk(let chunk): try corpus.open(chunk: chunk)
    case .setRatio, .moveRatio, .setThreshold, .flipChunk, .setFloor, .setTeacherCap, .setRanking,
      .undo,
      .redo, .pin, .recallPin:
      try selection.change(command)
    case .drivers(let order): try drivers.handle(order)
    case .reading(let order): try reading.handle(order)
    case .ask(let question): selection.answer(question)
    case .setNote(let chunk, let text): try corpus.setNote(text, of: chunk)
    case .setPrecision(let choice):
      if try models.choose(choice, running: jobs.job?.stage) { corpus.renewReader() }
    case .findModels: models.find()
    case .setModel(let role, let path):
      if try models.choose(path, as: role, running: jobs.job?.stage) {
        corpus.renewReader()
        jobs.showProject()
        evaluation.show()
      }
    case .planCommit: selection.plan()
    case .commit: try commit()
    case .start(let stage): start(stage)
    case .pause: jobs.pause()
    case .resume: jobs.resume()
    case .stop: jobs.stop()
    case .checkpoint: jobs.job?.control.checkpoint()
    case .answer(let choice): jobs.answer(choice)
    case .setFaultChoice(let kind, let choice):
      if try runs.set(kind, choice, isTraining: jobs.job?.stage.isTraining == true) {
        jobs.showProject()
      }
    case .openBatch(let run, let step): runs.openBatch(run, step: step)
    case .fork(let run, let step, let chunks, let wholeDocuments):
      if try runs.fork(run, step: step, chunks: chunks, wholeDocuments: wholeDocuments) {
        jobs.showProject()
        trainFork()
      }
    case .writeReport: context.writeReport()
    case .evaluateTasks: try evaluate()
    case .setTaskFile(let task, let path): try evaluation.setFile(of: task, path)
    case .setTaskCondition(let condition):
      try evaluation.set(condition, running: jobs.job?.stage)
    case .setEvaluated(let path, let isChosen): try evaluation.choose(path, isChosen)
    case .compareOnTasks(let a, let b): evaluation.compare(a, b)
    case .listTaskItems(let query): evaluation.list(query)
    case .settle(let number): settling.append(number)
    case .shutDown(let saving):
      isEnding = true
      jobs.end(saving: saving)
      deadline = saving ? Clock.seconds() + Self.patience : 0
    }
  }

  // MARK: - Work

  /// Goes on to the next stage while there is a goal ahead.
  private func advance() {
    guard !isEnding, let stage = jobs.nextStage() else { return }
    begin(stage)
  }

  private func start(_ stage: Stage) {
    guard !isOpening else { return }
    if jobs.accepts(stage) { advance() }
  }

  /// Trains a new fork now, or says when it is trained.
  private func trainFork() {
    guard jobs.job == nil else {
      return context.note(
        "It is trained when the job that runs has ended: start the training then.")
    }
    start(.train)
  }

  /// Commits the selection in force; training follows by itself in a guided project.
  private func commit() throws {
    guard !isOpening, jobs.isFree() else { return }
    guard context.status.isDone(.score) else {
      throw EngineError.missing(
        stage: "commit", needs: "a finished scoring", path: context.folder.scores)
    }
    if let doubt = selection.doubt { return context.note(doubt, .warning) }
    try selection.saveRecipe()
    if context.autopilot != .off { jobs.goal = context.status.last }
    begin(.commit)
  }

  /// Says so while the project is not there yet.
  private var isOpening: Bool {
    if corpus.isOpening {
      context.note("The project is still being opened; try again in a moment.", .warning)
    }
    return corpus.isOpening
  }

  private func begin(_ stage: Stage) {
    if stage == .score { selection.beginScoring() }
    let send = selection.takesScores
    jobs.begin(stage, selection: selection.settings, scored: send)
    models.show(running: stage)
  }

  /// Runs the tasks; nothing follows them.
  private func evaluate() throws {
    guard !isOpening, jobs.isFree() else { return }
    if let obstacle = evaluation.obstacle { return context.note(obstacle, .warning) }
    begin(.evaluate)
  }

  /// Loads what a stage has made.
  private func load(after stage: Stage) throws {
    switch stage {
    case .corpus, .tokenizer, .select: break
    case .pack: corpus.open()
    case .teacher, .reference, .train:
      makeDigests()
      // A speed has been measured.
      selection.appraise(anew: true)
    case .score:
      selection.read(showsScoring: false)
      makeDigests()
    case .commit: selection.plan(written: true)
    case .compare: context.showComparison()
    case .evaluate: break
    }
  }

  /// Makes the digests that a commit will name, so that nobody waits for them then.
  private func makeDigests() {
    let (digests, control) = (context.digests, context.control)
    let files = CommitFiles(folder: context.folder, settings: context.settings)
    context.preparations.begin(.digests) {
      for path in files.paths() where digests.known(path) == nil {
        _ = try? digests.sha256(of: path) { _ in !control.isStopping }
        if control.isStopping { break }
      }
      return nil
    }
  }
}
