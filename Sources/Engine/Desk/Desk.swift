import Corpus
import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline
import Store
import TensorKit
import Tokenizers

/// The desk of a project: one thread that owns everything that is not a kernel's, answers commands
/// and starts jobs.
final class Desk {
  let engine: ProjectEngine
  /// As they stand in project.json; `choose` changes them.
  var settings: ProjectSettings
  let compute: Ops
  /// Digests of the project's files, and of those that it was given.
  let digests: FileDigests
  var reader: TokenReader
  /// The scored part, once it is packed.
  var library: ChunkLibrary?
  /// Scores and selection, once there are any.
  var selection: SelectionDesk?
  /// Scores that came while scoring goes on.
  var liveScores: [ChunkScore] = []
  /// Counts the sets of scores, so that lists know when to sort again.
  var scoresVersion = 0
  var job: Job?
  /// The stage up to which work goes on by itself.
  var goal: Stage?
  var outcomes: [Stage: StageStatus] = [:]
  var modelRuns: [String: RunSnapshot] = [:]
  /// What the models are, but for their runs; nil when it has to be read anew.
  var modelFacts: ModelFacts?
  var isEnding = false
  /// Whether a job was left to die with the process; it may still write, so nobody else comes in.
  var leavesJob = false
  var openChunk: Int?
  /// The list that is looked at, and the search that it waits for.
  var query: ChunkQuery?
  var search: SearchTask?
  /// The study at work, and how far it is.
  var study: StudyTask?
  var studyState = CorpusSnapshot.Study.none
  /// What commits are made of, once somebody has looked at one.
  var commits: Commits?

  /// The stage that runs, with its controls.
  struct Job {
    let stage: Stage
    let control: WorkControl
  }

  init(engine: ProjectEngine) throws {
    self.engine = engine
    settings = engine.settings
    compute = try Ops(kernels: .best, pool: try ParallelPool(threads: engine.threads))
    digests = FileDigests(file: engine.folder.digests)
    reader = engine.makeReader(settings, pool: compute.pool)
    switch engine.autopilot {
    case .off: goal = nil
    case .until(let stage): goal = stage
    case .all: goal = .compare
    }
  }

  var folder: ProjectFolder { engine.folder }
  var status: ProjectStatus { ProjectStatus(folder: folder, settings: settings) }
  var publisher: Publisher { engine.publisher }

  /// Works until `shutDown`.
  func run() {
    attempt { try open() }
    advance()
    while let messages = engine.mailbox.receive(timeout: 0.1) {
      for message in Self.joined(messages) { attempt { try handle(message) } }
      publisher.flush()
      if isEnding, job == nil { break }
    }
    search?.cancel()
    study?.cancel()
    attempt { try selection?.saveRecipe() }
    reader.close()
    // Whoever sees the end may open the project again.
    if !leavesJob { engine.lock.release() }
    publisher.end()
  }

  /// Of moves of the ratio that came together only the last one matters.
  static func joined(_ messages: [ProjectEngine.Message]) -> [ProjectEngine.Message] {
    var result: [ProjectEngine.Message] = []
    for message in messages {
      if case .command(.setRatio) = message, case .command(.setRatio)? = result.last {
        result.removeLast()
      }
      result.append(message)
    }
    return result
  }

  private func handle(_ message: ProjectEngine.Message) throws {
    switch message {
    case .command(let command): try handle(command)
    case .scored(let rows):
      liveScores += rows
      try takeScores(ChunkScores(liveScores))
    case .finished(let stage, let result): try finish(stage, result)
    case .detail(let detail):
      if detail.row.index == openChunk { publisher.send(.chunk(detail)) }
    case .found(let found): try take(found)
    case .listed(let listing): try take(listing)
    case .studied(let state): try take(state)
    case .run(let role, let run):
      modelRuns[role] = run
      publisher.show(.models) { .models(modelsSnapshot()) }
    }
  }

  private func handle(_ command: EngineCommand) throws {
    switch command {
    case .listChunks(let query): try list(query)
    case .studyCorpus: try studyCorpus()
    case .openChunk(let chunk): try open(chunk: chunk)
    case .setRatio(let ratio):
      let clamped = min(1, max(0, ratio))
      try changeSelection { $0.move(to: .ratio(clamped), now: Clock.seconds()) }
    case .setThreshold(let threshold):
      guard threshold.isFinite else { return }
      try changeSelection { $0.move(to: .threshold(Float(threshold)), now: Clock.seconds()) }
    case .flipChunk(let chunk):
      let isKept = selection?.selection.keeps(chunk: chunk) ?? false
      try changeSelection { $0.flip(chunk: chunk, isKept: isKept) }
    case .setFloor(let source, let share):
      try changeSelection { $0.setFloor(source: source, share: share.map { min(1, max(0, $0)) }) }
    case .undo: try changeSelection { $0.undo() }
    case .redo: try changeSelection { $0.redo() }
    case .pin(let name):
      let ratio = selection?.ratio ?? settings.ratio
      try changeSelection { $0.pin(name, ratio: ratio) }
    case .recallPin(let name):
      guard let ratio = selection?.state.pins[name] else { return }
      try changeSelection { $0.move(to: .ratio(ratio), now: Clock.seconds()) }
    case .setPrecision(let choice): try choose(choice)
    case .planCommit: try showCommitPlan()
    case .commit: try commit()
    case .start(let stage): start(stage)
    case .pause: pauseJob()
    case .resume: resumeJob()
    case .stop: stopJob(saving: true)
    case .checkpoint: job?.control.checkpoint()
    case .writeReport: try writeReport()
    case .shutDown(let saving):
      isEnding = true
      goal = nil
      if saving {
        stopJob(saving: true)
      } else {
        leavesJob = job != nil
        job = nil
      }
    }
  }

  /// Tells what went wrong instead of ending the desk.
  func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      note("\(error)", .error)
    }
  }

  func note(_ text: String, _ level: Notice.Level = .info) {
    publisher.send(.notice(Notice(level: level, text: text, time: Clock.timeOfDay())))
  }

  // MARK: - Opening

  /// Loads what the project has and shows it.
  private func open() throws {
    showProject()
    try openCorpus()
    showModels()
    try openScores()
    if selection != nil { try showCommitPlan() }
    showTraining()
    try showComparison()
  }

  /// Opens the packed corpus, if there is one.
  func openCorpus() throws {
    guard status.isDone(.pack) else { return }
    let shards = try TokenShards(folder: folder.shards(.scored))
    let tokenizer = try Tokenizer.load(from: folder.tokenizerFolder(settings))
    library = ChunkLibrary(
      shards: shards, tokenizer: tokenizer, labels: try DemoFiles.labels(folder, settings))
    try showCorpus()
    makeListing(of: shards)
  }

  /// Opens finished scores, if there are any.
  func openScores() throws {
    guard status.isDone(.score), let library else { return }
    let scores = try ChunkScoresFile.read(folder.scores + "/" + ChunkScoresFile.name).scores
    try takeScores(scores)
    // A job that has just ended has shown more than the file holds: speeds and times.
    guard liveScores.isEmpty else { return }
    let picture = ScoreRecorder.picture(
      of: scores, sourceNames: library.shards.sources, ratio: settings.ratio)
    if let picture { publisher.showNow(.scoring, .scoring(picture)) }
  }

  /// Selects from new scores with the settings in force.
  private func takeScores(_ scores: ChunkScores) throws {
    guard let library else { return }
    selection = try SelectionDesk(
      scores: scores, source: library.shards, labels: library.labelIndex, ratio: settings.ratio,
      recipePath: folder.recipe, state: selection?.state)
    scoresVersion += 1
    try showSelection()
  }

  // MARK: - Selection

  private func changeSelection(_ body: (inout SelectionState) -> Void) throws {
    guard selection != nil else {
      note("Nothing is scored yet; the ratio can be moved once scoring has begun.", .warning)
      return
    }
    try selection?.change(body)
    try showSelection()
  }

  private func showSelection() throws {
    guard let selection, let library else { return }
    publisher.showNow(.selection, .selection(try selection.snapshot(library: library)))
  }

  private func open(chunk: Int) throws {
    guard let library else { return }
    guard chunk >= 0, chunk < library.shards.count else {
      throw EngineError.noChunk(index: chunk, count: library.shards.count)
    }
    let detail = try library.detail(chunk, selection: selection?.selection)
    openChunk = chunk
    publisher.send(.chunk(detail))
    if status.isDone(.teacher), status.isDone(.reference) {
      let manifest = try Parts.manifest(.scored, folder)
      reader.score(
        detail, tokens: try library.shards.tokens(of: chunk), endOfText: manifest.endOfText)
    }
  }
}
