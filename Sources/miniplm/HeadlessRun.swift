import Engine
import EngineInterface
import EngineLink
import Foundation
import Numerics
import Store

/// Runs a project without a screen: plain lines, the same engine, the same results. Screens of other
/// terminals can attach to it, and it goes on without its own.
struct HeadlessRun {
  let engine: ProjectEngine
  let isQuiet: Bool
  let json: Bool

  /// Runs until all stages are done, one fails, or a signal stops it.
  func run() async throws {
    let interruption = Interruption.shared
    let server = served()
    interruption.begin(
      saving: { [engine] in engine.send(.checkpoint) }, outlivesTerminal: server != nil
    ) { [engine] in engine.send(.shutDown(saving: true)) }
    defer { interruption.end() }
    server?.start()
    // Whoever is attached is told of the end.
    defer { server?.close() }
    engine.start()
    let last = engine.lastStage
    var lines = StageLines(isQuiet: isQuiet, last: last)
    var failure: String?
    var code: Int32 = 1
    var comparison: ComparisonSnapshot?
    var (isDone, isStopped) = (false, false)
    for await event in server?.events ?? engine.events {
      switch event {
      case .job(let job):
        lines.report(job)
        if case .failed(let text) = job.state {
          failure = text
          switch job.fault {
          case .input?: code = 3
          case .settings?: code = 2
          case .halted?: code = 4
          case nil: break
          }
        }
        if job.stage == last, job.state == .done { isDone = true }
        if job.state == .stopped, !isStopped {
          // From a screen; nothing goes on by itself here.
          isStopped = true
          engine.send(.shutDown(saving: true))
        }
        if !job.isActive, job.stage == last || failure != nil, !interruption.isRequested {
          engine.send(.shutDown(saving: true))
        }
      case .notice(let notice) where notice.level == .info:
        if !isQuiet { Output.error(notice.text) }
      case .notice(let notice):
        Output.error("\(notice.level.rawValue): \(notice.text)")
        if notice.level == .error { failure = failure ?? notice.text }
      case .project(let project):
        lines.report(project)
        // A project that was finished earlier starts no job at all.
        let others = project.stages.filter { $0.stage != .compare }
        if last == .train, others.allSatisfy({ $0.state == .done }), !isDone {
          isDone = true
          engine.send(.shutDown(saving: true))
        }
      case .comparison(let picture):
        comparison = picture
        if last == .compare {
          isDone = true
          engine.send(.shutDown(saving: true))
        }
      default: break
      }
    }
    if let failure { throw ExitStatus(code: code, text: failure) }
    guard isDone else {
      throw interruption.isRequested || isStopped || server?.wasAskedToEnd == true
        ? ExitStatus.stopped : ExitStatus(code: 1, text: "The project did not come to its end.")
    }
    guard engine.comparesStudents else {
      let text =
        "no held-out text: the students are trained, and not compared"
        + (last == .evaluate ? "; 'miniplm report' shows the tasks" : "")
      return try Output.line(json ? #"{"report":null}"# : text)
    }
    guard let report = comparison?.report else {
      throw ExitStatus(code: 1, text: "The students were compared, and there is no report.")
    }
    try show(report)
  }

  /// Lets others attach; that they cannot is no reason not to work.
  private func served() -> LinkServer? {
    do throws(LinkError) {
      return try EngineServing.server(engine)
    } catch {
      Output.error("warning: \(error)")
      return nil
    }
  }

  private func show(_ report: String) throws {
    let path = json ? Folder.parent(of: report) + "/report.json" : report
    let data = try FileContents.read(path)
    let text = String(decoding: data, as: UTF8.self)
    guard json else {
      // A terminal shows no pictures.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let shown = lines.filter { !$0.hasPrefix("![") }
      try Output.text(shown.joined(separator: "\n") + "\n")
      return try Output.line("report: \(report)")
    }
    try Output.line(
      text.split(separator: "\n").map { $0.trimmingPrefix(while: { $0 == " " }) }.joined())
  }
}

/// A line when a stage begins, now and then while it works, and when it ends.
struct StageLines {
  let isQuiet: Bool
  /// The stages of the run.
  private let stages: [Stage]
  private var machineShown = false
  private var stage: Stage?
  private var lines = ProgressLines("", isQuiet: true)

  init(isQuiet: Bool, last: Stage) {
    self.isQuiet = isQuiet
    stages = Stage.allCases + (Stage.allCases.contains(last) ? [] : [last])
  }

  mutating func report(_ project: ProjectSnapshot) {
    guard !machineShown, !isQuiet else { return }
    machineShown = true
    Output.error("project \(project.name) in \(project.folder), \(project.machine)")
  }

  mutating func report(_ job: JobSnapshot) {
    let number = (stages.firstIndex(of: job.stage) ?? 0) + 1
    if stage != job.stage {
      stage = job.stage
      lines = ProgressLines(
        "[\(number)/\(stages.count)] \(job.stage.title)", isQuiet: isQuiet)
    }
    switch job.state {
    case .running, .stopping, .pausing, .paused:
      if !job.detail.isEmpty { lines.report(job.fraction, eta: job.eta, job.detail) }
    case .done:
      if !isQuiet {
        Output.error("\(lines.title): done in \(Number.duration(lines.elapsed)). \(job.detail)")
      }
    case .stopped:
      if !isQuiet { Output.error("\(lines.title): stopped, saved") }
    case .failed(let text): Output.error("\(lines.title): failed. \(text)")
    }
  }
}
