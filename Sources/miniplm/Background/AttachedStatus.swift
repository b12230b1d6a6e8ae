import EngineInterface
import Numerics

/// How far the work on a project is, for people and for scripts.
struct AttachedStatus: Encodable {
  struct Run: Encodable {
    var name: String
    var step: Int
    var steps: Int
    var tokens: Int
    /// Nats per token; nil before the first step.
    var loss: Double?
    var averageLoss: Double?
    var heldOutLoss: Double?
    var tokensPerSecond: Double
    var lastCheckpoint: Int?

    init(_ run: RunSnapshot) {
      func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
      name = run.name
      (step, steps, tokens) = (run.step, run.steps, run.tokens)
      (loss, averageLoss) = (finite(run.loss), finite(run.averageLoss))
      heldOutLoss = run.heldOutLoss.flatMap(finite)
      tokensPerSecond = run.tokensPerSecond
      lastCheckpoint = run.lastCheckpoint
    }
  }

  private(set) var project: String?
  private(set) var folder: String?
  private(set) var engine: String?
  private(set) var stage: String?
  /// "running", "pausing", "paused", "stopping", "stopped", "done", "failed"; nil before the first job.
  private(set) var state: String?
  private(set) var fraction: Double?
  /// Seconds since the job began, and to go.
  private(set) var elapsed: Double?
  private(set) var eta: Double?
  private(set) var detail: String?
  /// What leaving at once would lose.
  private(set) var unsaved: String?
  private(set) var failure: String?
  /// Screens that steer and that look.
  private(set) var controllers = 0
  private(set) var viewers = 0
  private(set) var stages: [String: String] = [:]
  private(set) var runs: [Run] = []
  /// The newest message.
  private(set) var message: String?

  /// Why nothing comes any more.
  private(set) var loss: String?
  private(set) var isActive = false
  private(set) var isTraining = false
  private var job: JobSnapshot?
  private var ownRuns: [Run] = []
  private var pair: [Run] = []

  private enum CodingKeys: String, CodingKey {
    case project, folder, engine, stage, state, fraction, elapsed, eta, detail, unsaved, failure
    case controllers, viewers, stages, runs, message
  }

  init(_ events: [EngineEvent]) {
    for event in events { take(event) }
  }

  var isPaused: Bool { job?.state == .paused || job?.state == .pausing }

  mutating func take(_ event: EngineEvent) {
    switch event {
    case .project(let picture):
      (project, folder) = (picture.name, picture.folder)
      stages = Dictionary(
        picture.stages.map { ($0.stage.rawValue, $0.state.rawValue) }, uniquingKeysWith: { $1 })
    case .job(let picture): take(picture)
    case .training(let picture): pair = picture.runs.map(Run.init)
    case .models(let picture): ownRuns = picture.runs.map(Run.init)
    case .notice(let notice): message = notice.text
    case .link(let link):
      engine = link.engine
      loss = link.loss
      (controllers, viewers) = (link.controllers, link.viewers)
    default: break
    }
    runs = job.map { [.teacher, .reference].contains($0.stage) } == true ? ownRuns : pair
  }

  private mutating func take(_ picture: JobSnapshot) {
    job = picture
    (isActive, isTraining) = (picture.isActive, picture.stage.isTraining)
    stage = picture.stage.rawValue
    (fraction, elapsed, eta) = (picture.fraction, picture.elapsed, picture.eta)
    (detail, unsaved, failure) = (picture.detail, picture.unsaved, nil)
    switch picture.state {
    case .running: state = "running"
    case .pausing: state = "pausing"
    case .paused: state = "paused"
    case .stopping: state = "stopping"
    case .stopped: state = "stopped"
    case .done: state = "done"
    case .failed(let text): (state, failure) = ("failed", text)
    }
  }

  /// The same as lines for people.
  var lines: [String] {
    var lines = ["project \(project ?? "?") in \(folder ?? "?"), \(engine ?? "?")"]
    if let job, let state {
      var words = ["\(job.stage.title): \(state)"]
      if let failure { words.append(failure) }
      if isActive, let fraction { words.append(Number.percent(fraction)) }
      if isActive, let eta { words.append("ETA \(Number.duration(eta))") }
      if !job.detail.isEmpty { words.append(job.detail) }
      lines.append(words.joined(separator: ", "))
      if let unsaved { lines.append("not on disk yet: \(unsaved)") }
    } else {
      lines.append("no job runs")
    }
    lines += runs.filter { $0.steps > 0 }.map(Self.line)
    if controllers + viewers > 0 {
      lines.append("screens: \(controllers) that steer, \(viewers) that only look")
    }
    return lines
  }

  private static func line(_ run: Run) -> String {
    var words = ["\(run.name): step \(Number.grouped(run.step))/\(Number.grouped(run.steps))"]
    if let loss = run.averageLoss ?? run.loss { words.append("loss \(Number.fixed(loss, 3))") }
    if let loss = run.heldOutLoss { words.append("held-out \(Number.fixed(loss, 3))") }
    words.append("\(Number.grouped(Int(run.tokensPerSecond))) tokens/s")
    if let step = run.lastCheckpoint { words.append("checkpoint \(Number.grouped(step))") }
    return words.joined(separator: ", ")
  }
}
