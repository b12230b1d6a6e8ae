import EngineInterface
import EngineLink
import Foundation
import Synchronization

/// An engine that says what a test says, and keeps what it was asked.
final class FakeEngine: EngineClient {
  let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation
  private let commands = Mutex<[EngineCommand]>([])

  init() { (events, continuation) = AsyncStream.makeStream() }

  func send(_ command: EngineCommand) {
    commands.withLock { $0.append(command) }
    if case .shutDown = command { end() }
  }

  var asked: [EngineCommand] { commands.withLock { $0 } }

  func tell(_ event: EngineEvent) { continuation.yield(event) }

  func end() {
    tell(.ended)
    continuation.finish()
  }

  func note(_ text: String) {
    tell(.notice(Notice(level: .info, text: text, time: "12:00:00")))
  }

  /// A picture that is `bytes` long.
  func showCorpus(_ number: Int, bytes: Int = 10) {
    tell(
      .corpus(
        CorpusSnapshot(
          path: String(repeating: "x", count: bytes), sources: [], documents: number, chunks: 0,
          tokens: 0, rejected: 0, chunkLength: 1025, tokenizer: "")))
  }

  func showJob(_ state: JobSnapshot.State) { tell(.job(JobSnapshot(stage: .train, state: state))) }
}

/// A fake engine that is served in a folder of its own.
final class Served {
  let folder: String
  let engine = FakeEngine()
  let server: LinkServer

  init(folder name: String = UUID().uuidString, idleSeconds: Double? = nil) throws {
    folder = NSTemporaryDirectory() + "miniplm-link-" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    server = try LinkServer(
      engine: engine, folder: folder,
      settings: LinkServer.Settings(
        program: "fake 1", engine: "process 7 (fake)", idleSeconds: idleSeconds))
    server.start()
  }

  deinit {
    server.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func screen(isReadOnly: Bool = false) throws -> Screen {
    Screen(
      try LinkClient(
        folder: folder, isReadOnly: isReadOnly, program: "test 1", advice: "Open it again."))
  }

  /// Waits until the engine was asked something.
  func waits(for isThere: ([EngineCommand]) -> Bool) async throws -> Bool {
    for _ in 0..<2000 {
      if isThere(engine.asked) { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}

/// A screen whose events are taken one by one.
final class Screen {
  let client: LinkClient
  private(set) var seen: [EngineEvent] = []
  private var iterator: AsyncStream<EngineEvent>.Iterator

  init(_ client: LinkClient) {
    self.client = client
    iterator = client.events.makeAsyncIterator()
  }

  deinit { client.close() }

  /// The event that is wanted, which may have come already; nil when the stream ends before.
  func next<Value>(_ wanted: (EngineEvent) -> Value?) async -> Value? {
    for event in seen { if let value = wanted(event) { return value } }
    while let event = await iterator.next() {
      seen.append(event)
      if let value = wanted(event) { return value }
    }
    return nil
  }

  func corpus(_ number: Int) async -> CorpusSnapshot? {
    await next {
      if case .corpus(let picture) = $0, picture.documents == number { picture } else { nil }
    }
  }

  func notice(_ text: String) async -> Notice? {
    await next {
      if case .notice(let notice) = $0, notice.text.contains(text) { notice } else { nil }
    }
  }

  func link(_ isWanted: (LinkSnapshot) -> Bool) async -> LinkSnapshot? {
    await next { if case .link(let link) = $0, isWanted(link) { link } else { nil } }
  }
}
