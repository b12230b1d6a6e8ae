import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline
import TensorKit
import Training

/// The stages: which one runs, how those before it ended, and up to where work goes on by itself.
final class JobDesk {
  /// The stage that runs, with its controls.
  struct Job {
    let stage: Stage
    let control: WorkControl
  }

  private(set) var job: Job?
  /// The stage up to which work goes on by itself.
  var goal: Stage?
  /// Whether a job was left to die with the process; it may still write, so nobody else comes in.
  private(set) var leavesJob = false
  /// Whether the project's tasks are evaluated once the goal is reached: by a run without a person.
  private var endsWithTasks: Bool
  /// What the training waits with.
  private(set) var question: FaultQuestion?
  private var outcomes: [Stage: StageStatus] = [:]
  private let context: DeskContext

  init(_ context: DeskContext) {
    self.context = context
    endsWithTasks = context.autopilot == .all && !context.settings.taskFiles.isEmpty
    switch context.autopilot {
    case .off: goal = nil
    case .until(let stage): goal = stage
    case .all: goal = context.status.last
    }
  }

  // MARK: - What comes next

  /// The next stage on the way to the goal; nil when a job runs, the goal is reached, or a person has
  /// to choose first.
  func nextStage() -> Stage? {
    guard job == nil, let goal else { return nil }
    guard let next = context.status.next else { return lastStage() }
    if next == .select {
      if context.autopilot == .all { return .commit }
      self.goal = nil
      context.note("Scoring is done. Move the ratio, read what is kept and dropped, then commit.")
      showProject()
      return nil
    }
    return Self.order(next) <= Self.order(goal) ? next : lastStage()
  }

  /// The goal is reached: the tasks, once, or nothing more.
  private func lastStage() -> Stage? {
    goal = nil
    defer { endsWithTasks = false }
    return endsWithTasks ? .evaluate : nil
  }

  /// Makes `stage` the goal, unless there is nothing to do for it or something else runs.
  func accepts(_ stage: Stage) -> Bool {
    guard isFree() else { return false }
    if context.status.isDone(stage) {
      context.note("Already done: \(stage.title).")
      return false
    }
    goal = stage
    return true
  }

  /// Whether no job runs; says so if one does.
  func isFree() -> Bool {
    if job != nil { context.note("Another job is running; stop it first, or wait.", .warning) }
    return job == nil
  }

  private static func order(_ stage: Stage) -> Int { Stage.allCases.firstIndex(of: stage) ?? 0 }

  // MARK: - Running

  /// Runs a stage on a thread of its own.
  func begin(
    _ stage: Stage, selection: SelectionSettings,
    scored: @escaping @Sendable ([ChunkScore]) -> Void
  ) {
    let control = WorkControl()
    // A run of its own has nobody who could answer.
    if context.autopilot != .all { control.training.attend() }
    question = nil
    job = Job(stage: stage, control: control)
    outcomes[stage] = StageStatus(stage: stage, state: .running)
    showProject()
    show(JobSnapshot(stage: stage, state: .running))
    let mailbox = context.mailbox
    let stageContext = StageContext(
      folder: context.folder, settings: context.settings, compute: context.compute,
      control: control, publisher: context.publisher, stage: stage,
      commit: context.status.newestCommit, selection: selection, digests: context.digests,
      scored: scored)
    let settings = context.settings
    let thread = Thread {
      let result: Result<StageOutcome, StageFailure>
      do {
        let work = try Self.work(for: stage, settings) { role, run in
          mailbox.send(.run(role: role, run))
        } checked: {
          mailbox.send(.checked($0))
        } tasks: {
          mailbox.send(.tasks($0))
        } asked: {
          mailbox.send(.asked($0))
        }
        result = .success(try work.run(stageContext))
      } catch is WorkStopped {
        result = .success(.stopped)
      } catch {
        result = .failure(StageFailure(error))
      }
      mailbox.send(.finished(stage, result))
    }
    thread.name = stage.rawValue
    thread.stackSize = 16 << 20
    thread.start()
  }

  func pause() {
    guard let job, !job.control.isStopping else { return }
    job.control.pause()
    show(JobSnapshot(stage: job.stage, state: .paused, detail: "paused"))
  }

  func resume() {
    guard let job else { return }
    job.control.resume()
    show(JobSnapshot(stage: job.stage, state: .running))
  }

  func take(_ question: FaultQuestion?) {
    guard self.question != question else { return }
    self.question = question
    showProject()
  }

  /// Answers the training that waits.
  func answer(_ choice: FaultChoice) {
    guard let job, let question, let answer = choice.answer(to: question) else {
      return context.note("Nothing waits for that answer.", .warning)
    }
    self.question = nil
    showProject()
    job.control.training.answer(answer)
    context.note("Step \(question.step) of \(question.run): \(choice.title).")
  }

  /// Stops the job at its next safe point.
  func stop() {
    goal = nil
    guard let job else { return }
    job.control.stop(saving: true)
    show(JobSnapshot(stage: job.stage, state: .stopping, detail: "stopping, saving"))
  }

  /// Ends the job with the program: after saving, or by leaving it alone.
  func end(saving: Bool) {
    goal = nil
    if saving {
      stop()
    } else {
      leavesJob = job != nil
      job = nil
    }
  }

  /// Takes the end of a stage; true when its result is there.
  func finish(_ stage: Stage, _ result: Result<StageOutcome, StageFailure>) -> Bool {
    job = nil
    question = nil
    var snapshot = JobSnapshot(stage: stage, state: .done)
    switch result {
    case .success(.done(let detail)):
      snapshot.fraction = 1
      snapshot.detail = detail
      outcomes[stage] = StageStatus(stage: stage, state: .done, detail: detail)
      // What stopped or failed behind it was about the commit before.
      if stage == .commit { for later in [Stage.train, .compare] { outcomes[later] = nil } }
    case .success(.stopped):
      snapshot.state = .stopped
      snapshot.detail = "stopped; starting it again goes on where it was"
      outcomes[stage] = StageStatus(stage: stage, state: .stopped)
      goal = nil
    case .failure(let failure):
      snapshot.state = .failed(failure.text)
      snapshot.fault = failure.fault
      outcomes[stage] = StageStatus(stage: stage, state: .failed, detail: failure.text)
      goal = nil
      context.note(failure.text, .error)
    }
    show(snapshot)
    showProject()
    return snapshot.state == .done
  }

  /// The work of a stage. `show` takes pictures of model runs, `checked` what was checked before
  /// scoring, `tasks` how far an evaluation is, `asked` what a training waits with.
  private static func work(
    for stage: Stage, _ settings: ProjectSettings,
    show: @escaping (String, RunSnapshot) -> Void,
    checked: @escaping (CheckReport) -> Void, tasks: @escaping (TaskEvent) -> Void,
    asked: @escaping (FaultQuestion?) -> Void
  ) throws -> any StageWork {
    func pretraining(_ role: String, _ origin: ModelOrigin) throws -> any StageWork {
      switch origin {
      case .trained(let plan):
        return PretrainStage(role: role, plan: plan, asked: asked) { show(role, $0) }
      case .folder(let path):
        throw EngineError.missing(stage: stage.title, needs: "its folder", path: path)
      case .unset:
        throw EngineError.setting(
          name: role, found: "none",
          expected: "a model folder: 'init' with --\(role) DIR, or in project.json "
            + "\"\(role)\": {\"folder\": {\"_0\": \"DIR\"}}")
      }
    }
    switch stage {
    case .corpus: return GatherStage()
    case .tokenizer: return TokenizerStage()
    case .pack: return PackStage()
    case .teacher: return try pretraining("teacher", settings.teacher)
    case .reference: return try pretraining("reference", settings.reference)
    case .score: return ScoreStage(checked: checked)
    case .select, .commit: return CommitStage()
    case .train: return TrainStage(asked: asked)
    case .compare: return CompareStage()
    case .evaluate: return EvaluateStage(report: tasks)
    }
  }

  // MARK: - Pictures

  private func show(_ job: JobSnapshot) { context.publisher.showNow(.job, .job(job)) }

  /// How a stage of this session ended, as long as that is so: a new commit has no students yet.
  private func outcome(_ stage: Stage) -> StageStatus? {
    guard let outcome = outcomes[stage] else { return nil }
    let isPast =
      outcome.state == .done && Stage.allCases.contains(stage) && !context.status.isDone(stage)
    return isPast ? nil : outcome
  }

  /// Which project this is, and how far its stages are.
  func showProject() {
    let status = context.status
    let stages = Stage.allCases.map { stage in
      outcome(stage) ?? StageStatus(stage: stage, state: status.isDone(stage) ? .done : .waiting)
    }
    let threads = context.threads == 1 ? "1 thread" : "\(context.threads) threads"
    context.publisher.showNow(
      .project,
      .project(
        ProjectSnapshot(
          name: context.settings.name, folder: context.folder.path, stages: stages,
          machine:
            "\(threads), kernels \(context.compute.kernels.name), \(MatrixProduct.library)",
          faults: FaultSettings(context.settings.faultPolicy), question: question)))
  }
}
