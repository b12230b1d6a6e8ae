import EngineInterface
import EngineLink

/// One order to an engine in another process, and its answer.
struct AttachedOrder {
  enum Kind { case checkpoint, pause, resume, stop }

  let client: LinkClient
  let project: String
  /// Seconds that a checkpoint is waited for.
  private static let patience = Duration.seconds(600)

  /// Gives the order and says what came of it, once that has been seen.
  func give(_ kind: Kind) async throws {
    defer { client.close() }
    var early = await client.waitUntilCaughtUp()
    var status = AttachedStatus([])
    var isAsked = false
    var before: [Int?] = []
    let timer = Task { [client] in
      try await Task.sleep(for: Self.patience)
      client.close()
    }
    defer { timer.cancel() }
    for await event in client.events {
      status.take(event)
      if let loss = status.loss { throw ExitStatus(code: 1, text: "miniplm: \(loss)") }
      early -= 1
      if !isAsked, early <= 0 {
        isAsked = true
        before = status.runs.map(\.lastCheckpoint)
        try ask(kind, status)
      }
      guard isAsked, let answer = try answer(kind, status, before, event) else { continue }
      return try Output.line(answer)
    }
    throw ExitStatus(code: 1, text: "The engine has not answered; it may still do it.")
  }

  private func ask(_ kind: Kind, _ status: AttachedStatus) throws(ExitStatus) {
    switch kind {
    case .stop: client.send(.shutDown(saving: true))
    case .checkpoint:
      guard status.isActive, status.isTraining else {
        throw ExitStatus(code: 1, text: "No training runs; nothing else needs checkpoints.")
      }
      guard !status.isPaused else {
        throw ExitStatus(code: 1, text: "The training is paused; --resume lets it go on first.")
      }
      client.send(.checkpoint)
    case .pause, .resume:
      guard status.isActive else { throw ExitStatus(code: 1, text: "No job runs.") }
      client.send(kind == .pause ? .pause : .resume)
    }
  }

  /// What came of it; nil while that is open.
  private func answer(
    _ kind: Kind, _ status: AttachedStatus, _ before: [Int?], _ event: EngineEvent
  ) throws(ExitStatus) -> String? {
    switch kind {
    case .stop:
      guard case .ended = event else { return nil }
      if let failure = status.failure {
        throw ExitStatus(
          code: 1,
          text: "The engine has ended, but its work could not be saved: \(failure) 'miniplm run "
            + "\(project)' goes on from what was saved before.")
      }
      return "stopped, saved; 'miniplm run \(project)' and 'miniplm open \(project)' go on"
    case .checkpoint:
      let now = status.runs.map(\.lastCheckpoint)
      // Students train in turn: the checkpoint is whole when both have written it.
      if now.count == before.count, zip(now, before).allSatisfy({ $0 != nil && $0 != $1 }) {
        let steps = now.compactMap { $0.map(String.init) }.joined(separator: " and ")
        return "checkpoint at step \(steps)"
      }
      if case .notice(let notice) = event, notice.level != .info,
        notice.text.contains("checkpoint")
      {
        throw ExitStatus(code: 1, text: notice.text)
      }
      if let failure = status.failure { throw ExitStatus(code: 1, text: failure) }
      return status.isActive ? nil : "the job has ended: \(status.state ?? "")"
    case .pause: return status.isPaused ? "paused; --resume goes on" : nil
    case .resume: return status.isActive && !status.isPaused ? "going on" : nil
    }
  }
}
