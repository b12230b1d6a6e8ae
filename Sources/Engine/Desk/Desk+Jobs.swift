import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline

/// Running stages.
extension Desk {
  /// Starts the next stage while there is a goal ahead.
  func advance() {
    guard job == nil, !isEnding, let goal else { return }
    guard let next = status.next else {
      self.goal = nil
      return
    }
    if next == .select {
      guard engine.autopilot == .all else {
        self.goal = nil
        note("Scoring is done. Move the ratio, read what is kept and dropped, then commit.")
        showProject()
        return
      }
      begin(.commit)
    } else if Self.order(next) <= Self.order(goal) {
      begin(next)
    } else {
      self.goal = nil
    }
  }

  /// Does everything up to `stage`, as far as it is not done.
  func start(_ stage: Stage) {
    guard job == nil else {
      note("Another job is running; stop it first, or wait.", .warning)
      return
    }
    if status.isDone(stage) {
      note("Already done: \(stage.title).")
      return
    }
    goal = stage
    advance()
  }

  /// Commits the selection in force; training follows by itself in a guided project.
  func commit() throws {
    guard job == nil else {
      note("Another job is running; stop it first, or wait.", .warning)
      return
    }
    guard status.isDone(.score), selection != nil else {
      throw EngineError.missing(
        stage: "commit", needs: "a finished scoring", path: folder.scores)
    }
    try selection?.saveRecipe()
    if engine.autopilot != .off { goal = .compare }
    begin(.commit)
  }

  func pauseJob() {
    guard let job, !job.control.isStopping else { return }
    job.control.pause()
    publisher.showNow(.job, .job(JobSnapshot(stage: job.stage, state: .paused, detail: "paused")))
  }

  func resumeJob() {
    guard let job else { return }
    job.control.resume()
    publisher.showNow(.job, .job(JobSnapshot(stage: job.stage, state: .running)))
  }

  func stopJob(saving: Bool) {
    goal = nil
    guard let job else { return }
    job.control.stop(saving: saving)
    publisher.showNow(
      .job, .job(JobSnapshot(stage: job.stage, state: .stopping, detail: "stopping, saving")))
  }

  /// Runs a stage on a thread of its own.
  private func begin(_ stage: Stage) {
    let control = WorkControl()
    job = Job(stage: stage, control: control)
    outcomes[stage] = StageStatus(stage: stage, state: .running)
    showProject()
    showModels()
    publisher.showNow(.job, .job(JobSnapshot(stage: stage, state: .running)))
    let mailbox = engine.mailbox
    let context = StageContext(
      folder: folder, settings: settings, compute: compute, control: control,
      publisher: publisher, stage: stage, commit: status.newestCommit,
      selection: selection?.state.settings ?? .init(rule: .ratio(settings.ratio)),
      digests: digests, scored: { mailbox.send(.scored($0)) })
    if stage == .score { liveScores = [] }
    let settings = settings
    let thread = Thread {
      let result: Result<StageOutcome, StageFailure>
      do {
        let work = try Self.work(for: stage, settings) { role, run in
          mailbox.send(.run(role: role, run))
        }
        result = .success(try work.outcome(context))
      } catch {
        result = .failure(StageFailure(error))
      }
      mailbox.send(.finished(stage, result))
    }
    thread.name = stage.rawValue
    thread.stackSize = 16 << 20
    thread.start()
  }

  /// Takes the end of a stage, loads what it made, and goes on.
  func finish(_ stage: Stage, _ result: Result<StageOutcome, StageFailure>) throws {
    job = nil
    var snapshot = JobSnapshot(stage: stage, state: .done)
    switch result {
    case .success(.done(let detail)):
      snapshot.fraction = 1
      snapshot.detail = detail
      outcomes[stage] = StageStatus(stage: stage, state: .done, detail: detail)
    case .success(.stopped):
      snapshot.state = .stopped
      snapshot.detail = "stopped; starting it again goes on where it was"
      outcomes[stage] = StageStatus(stage: stage, state: .stopped)
      goal = nil
    case .failure(let failure):
      snapshot.state = .failed(failure.text)
      outcomes[stage] = StageStatus(stage: stage, state: .failed, detail: failure.text)
      goal = nil
      note(failure.text, .error)
    }
    publisher.showNow(.job, .job(snapshot))
    if case .success(.done) = result { attempt { try load(after: stage) } }
    showProject()
    showModels()
    advance()
  }

  private func load(after stage: Stage) throws {
    switch stage {
    case .corpus, .tokenizer, .select: break
    case .pack: try openCorpus()
    case .teacher, .reference, .train: break
    case .score:
      try openScores()
      try showCommitPlan()
    case .commit: try showCommitPlan(written: true)
    case .compare: try showComparison()
    }
  }

  /// The work of a stage. `show` takes pictures of model runs.
  private static func work(
    for stage: Stage, _ settings: ProjectSettings,
    show: @escaping (String, RunSnapshot) -> Void
  ) throws -> any StageWork {
    func pretraining(_ role: String, _ origin: ModelOrigin) throws -> any StageWork {
      switch origin {
      case .trained(let plan): return PretrainStage(role: role, plan: plan) { show(role, $0) }
      case .folder(let path):
        throw EngineError.missing(stage: stage.title, needs: "its folder", path: path)
      case .unset:
        throw EngineError.setting(
          name: role, found: "none", expected: "{\"folder\": {\"_0\": \"PATH\"}}")
      }
    }
    switch stage {
    case .corpus: return GatherStage()
    case .tokenizer: return TokenizerStage()
    case .pack: return PackStage()
    case .teacher: return try pretraining("teacher", settings.teacher)
    case .reference: return try pretraining("reference", settings.reference)
    case .score: return ScoreStage()
    case .select, .commit: return CommitStage()
    case .train: return TrainStage()
    case .compare: return CompareStage()
    }
  }

  static func order(_ stage: Stage) -> Int { Stage.allCases.firstIndex(of: stage) ?? 0 }
}
