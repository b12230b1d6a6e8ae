import Engine
import EngineInterface
import EngineLink
import Foundation
import Glibc
import Store

/// The life of an engine in the background: it serves those who attach, and ends soon after nobody is
/// attached and nothing is at work.
struct BackgroundRun {
  let folder: String
  /// Seconds that it waits for somebody.
  static let idleSeconds = 15.0
  /// Bytes of its log at which it begins anew.
  private static let longestLog = 1 << 20

  func run() async throws {
    let engine: ProjectEngine
    let server: LinkServer
    do {
      let data = FileHandle.standardInput.readDataToEndOfFile()
      let order = try JSONDecoder().decode(BackgroundOrder.self, from: data)
      engine = try ProjectEngine(
        folder: folder, settings: order.settings, autopilot: order.autopilot,
        threads: order.threads)
      openLog(engine.folder.engineLog)
      server = try EngineServing.server(engine, idleSeconds: Self.idleSeconds)
    } catch {
      return reply(BackgroundReply(failure: BackgroundReply.Failure(error)))
    }
    let own = ProcessInfo.processInfo.processIdentifier
    log("\(Date.now.ISO8601Format()) \(Program.nameAndVersion), process \(own)")
    let interruption = Interruption.shared
    interruption.begin(
      saving: { [engine] in engine.send(.checkpoint) }, outlivesTerminal: true
    ) { [engine] in engine.send(.shutDown(saving: true)) }
    defer { interruption.end() }
    server.start()
    engine.start()
    reply(BackgroundReply(process: own))
    var stage: Stage?
    for await event in server.events {
      switch event {
      case .notice(let notice):
        log(
          "\(notice.time) \(notice.level == .info ? "" : "\(notice.level.rawValue): ")\(notice.text)"
        )
      case .job(let job):
        if job.isActive, stage != job.stage { log("\(job.stage.title) begins") }
        stage = job.isActive ? job.stage : nil
        switch job.state {
        case .done: log("\(job.stage.title): done. \(job.detail)")
        case .stopped: log("\(job.stage.title): stopped, saved")
        case .failed(let text): log("\(job.stage.title): failed. \(text)")
        default: break
        }
      default: break
      }
    }
    server.close()
    log("\(Date.now.ISO8601Format()) ends")
  }

  private func log(_ text: String) { Output.error(text) }

  /// Says once whether it works; from then on nobody listens.
  private func reply(_ reply: BackgroundReply) {
    // Whoever has started it may be gone already; the work is not.
    try? Output.json(reply)
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO] { dup2(nowhere, descriptor) }
    close(nowhere)
  }

  /// What the engine says, and what a crash prints, goes into a file of the project; where that cannot
  /// be had, as on a full disk, nowhere.
  private func openLog(_ path: String) {
    var status = stat()
    let isLong = stat(path, &status) == 0 && status.st_size > Self.longestLog
    let opened = open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (isLong ? O_TRUNC : 0), 0o644)
    guard opened >= 0 else { return }
    dup2(opened, STDERR_FILENO)
    close(opened)
  }
}

extension BackgroundReply.Failure {
  init(_ error: any Error) {
    var (isLocked, lacksSocket) = (false, false)
    if case StoreError.locked = error { isLocked = true }
    if case LinkError.noSocket = error { lacksSocket = true }
    self.init(
      text: OptionNames.sentence(error) ?? "\(error)", code: ExitStatus.code(of: error),
      isLocked: isLocked, lacksSocket: lacksSocket)
  }
}
