import ArgumentParser
import Engine
import EngineInterface
import EngineLink
import Foundation
import Numerics
import Store
import Synchronization

extension BenchCommand {
  /// How long a person waits for a project, and for the answer to every command.
  struct Open: AsyncParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Time from opening a project to its pictures, and from commands to their answers.",
      discussion: """
        Commands are sent one by one, each after the answer to the last one: while the project is \
        being opened, once its scores are there, and (--score) while its chunks are scored. \
        scripts/make_big_project.py makes a project of ten million chunks for it.
        """)

    @Argument(help: "Project folder, with its chunks packed.")
    var project: String
    @Option(
      help: "Rounds of commands once the project is open. (default: 20)",
      transform: whole(1...1_000_000))
    var rounds = 20
    @Option(help: "Seconds between two rounds. (default: 0.0)", transform: real(0...3600))
    var pause = 0.0
    @Flag(help: "Start scoring, and measure while it goes on.")
    var score = false
    @Flag(help: "Ask over the link, as a screen of another process does.")
    var attached = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
      guard let settings = try ProjectEngine.settings(in: project) else {
        throw ExitStatus.noProject(project)
      }
      try await pack(settings)
      let start = ContinuousClock.now
      let engine = try ProjectEngine(
        folder: project, settings: settings, threads: common.threadCount)
      let client: any EngineClient = attached ? try link(to: engine) : engine
      let stopwatch = EventStopwatch(client, start: start)
      var latencies = CommandLatencies()
      engine.start()
      var first: [String: Double] = [:]
      for name in ["project", "corpus"] { first[name] = await stopwatch.first(name) }
      if score {
        client.send(.start(.score))
        // The first scores that can be selected from.
        first["selection"] = await stopwatch.first("selection")
      } else {
        // What can be asked for before the scores are read.
        for command in CommandLatencies.opening {
          latencies.add(command, await stopwatch.answer(to: command), phase: "opening")
        }
        first["selection"] = await stopwatch.first("selection")
      }
      let phase = score ? "scoring" : "open"
      for round in 0..<rounds {
        try await Task.sleep(for: .seconds(pause))
        for command in CommandLatencies.commands(
          round, of: rounds, stopwatch.corpus, isScored: !score)
        {
          latencies.add(command, await stopwatch.answer(to: command), phase: phase)
        }
        let filtered = ChunkQuery(
          filter: CommandLatencies.filter(round, stopwatch.corpus), order: .difference)
        let times = await stopwatch.filtered(filtered)
        latencies.add(.listChunks(filtered), times.first, phase: "\(phase), first rows of a filter")
        latencies.add(.listChunks(filtered), times.all, phase: "\(phase), count of a filter")
      }
      engine.send(.shutDown(saving: false))
      await stopwatch.end()
      let report = Report(
        firstPictures: first, latencies: latencies.rows, scored: stopwatch.scored,
        chunks: stopwatch.corpus?.chunks ?? 0, peakMemory: Self.peakMemory)
      try show(report)
    }

    /// Serves the engine, and attaches to it.
    private func link(to engine: ProjectEngine) throws -> LinkClient {
      let server = try EngineServing.server(engine)
      server.start()
      Task.detached { for await _ in server.events {} }
      guard let client = try EngineServing.client(project) else {
        throw LinkError.notThere(folder: project)
      }
      return client
    }

    /// Links the shards that a fresh project is given, which is not measured.
    private func pack(_ settings: ProjectSettings) async throws {
      let engine = try ProjectEngine(
        folder: project, settings: settings, autopilot: .until(.pack), threads: common.threadCount)
      engine.start()
      for await event in engine.events {
        switch event {
        case .job(let job) where job.stage == .pack && !job.isActive:
          if case .failed(let text) = job.state { throw ExitStatus(code: 1, text: text) }
          engine.send(.shutDown(saving: true))
        case .project(let picture):
          let isPacked = picture.stages.contains { $0.stage == .pack && $0.state == .done }
          if isPacked { engine.send(.shutDown(saving: true)) }
        default: break
        }
      }
    }

    /// What came out.
    struct Report: Encodable {
      /// Seconds from the start to the first picture of an area.
      var firstPictures: [String: Double]
      var latencies: [CommandLatencies.Row]
      /// Chunks scored at the end.
      var scored: Int
      var chunks: Int
      /// Bytes.
      var peakMemory: Int
    }

    private func show(_ report: Report) throws {
      if common.json { return try Output.json(report) }
      try Output.line(
        "\(Number.grouped(report.chunks)) chunks, \(Number.grouped(report.scored)) scored, "
          + "peak memory \(Number.bytes(report.peakMemory))")
      for (name, seconds) in report.firstPictures.sorted(by: { $0.value < $1.value }) {
        try Output.line("first \(name): \(Number.fixed(1000 * seconds, 1)) ms")
      }
      for row in report.latencies {
        try Output.line(
          "\(row.phase) \(row.command): median \(Number.fixed(row.median, 2)) ms, "
            + "longest \(Number.fixed(row.longest, 2)) ms, \(row.count) times")
      }
    }

    /// The most memory that this process ever had, bytes.
    private static var peakMemory: Int {
      var usage = rusage()
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    }
  }
}

/// Waiting times by command.
struct CommandLatencies {
  struct Row: Encodable {
    var phase: String
    var command: String
    var count: Int
    /// Milliseconds.
    var median: Double
    var longest: Double
  }

  private var times: [(phase: String, command: String, seconds: [Double])] = []

  mutating func add(_ command: EngineCommand, _ seconds: Double, phase: String) {
    let name = "\(command)".prefix { $0 != "(" }
    if let place = times.firstIndex(where: { $0.phase == phase && $0.command == name }) {
      times[place].seconds.append(seconds)
    } else {
      times.append((phase, String(name), [seconds]))
    }
  }

  var rows: [Row] {
    times.map { phase, command, seconds in
      let sorted = seconds.sorted()
      return Row(
        phase: phase, command: command, count: sorted.count,
        median: 1000 * sorted[sorted.count / 2], longest: 1000 * (sorted.last ?? 0))
    }
  }

  /// Commands that a project answers while it is being read.
  static let opening: [EngineCommand] = [
    .listChunks(ChunkQuery()), .openChunk(7), .setRatio(0.4), .undo, .planCommit,
    .listChunks(ChunkQuery(order: .tokens)),
  ]

  /// A filter that columns answer, another one in every round.
  static func filter(_ round: Int, _ corpus: CorpusSnapshot?) -> Filter {
    .all([
      .name(field: "source", anyOf: [corpus?.sources.last?.name ?? ""], isExact: false),
      .flag("dropped"),
      .number(field: "tokens", bounds: FilterBounds(lower: Double(10 + round))),
    ])
  }

  /// What a person does in one round, spread over the corpus.
  static func commands(
    _ round: Int, of rounds: Int, _ corpus: CorpusSnapshot?, isScored: Bool
  ) -> [EngineCommand] {
    let share = Double(round + 1) / Double(rounds + 1)
    let chunks = corpus?.chunks ?? 1
    let chunk = Int(share * Double(chunks - 1))
    let source = corpus?.sources.first?.name ?? ""
    var commands: [EngineCommand] = [
      .setRatio(share), .setThreshold(share), .undo, .redo, .flipChunk(chunk), .undo, .pin("A"),
      .setFloor(source: source, share: share), .undo, .recallPin("A"),
      .listChunks(ChunkQuery(offset: chunk)),
      .listChunks(ChunkQuery(order: .border, offset: -25)),
      .listChunks(ChunkQuery(order: .difference, offset: round * 50)),
      .listChunks(ChunkQuery(filter: .source(source), order: .difference, offset: round * 50)),
      .listChunks(ChunkQuery(filter: .source(source), offset: round * 50)),
      .openChunk(chunk),
    ]
    if isScored { commands.append(.planCommit) }
    return commands
  }
}

/// Tells how long events take to come. Everything happens in order: one command at a time.
final class EventStopwatch: Sendable {
  private struct State {
    var first: [String: Double] = [:]
    var corpus: CorpusSnapshot?
    var scored = 0
    var hasEnded = false
    /// Whether an event answers what is waited for, and where the time of that goes.
    var wanted:
      (isAnswer: @Sendable (EngineEvent) -> Bool, reply: CheckedContinuation<Double, Never>)?
    var firstWanted: (name: String, reply: CheckedContinuation<Double, Never>)?
    var ended: CheckedContinuation<Void, Never>?
  }

  private let engine: any EngineClient
  private let start: ContinuousClock.Instant
  private let state = Mutex(State())

  init(_ engine: any EngineClient, start: ContinuousClock.Instant) {
    self.engine = engine
    self.start = start
    Task.detached { [self] in
      for await event in engine.events { take(event) }
    }
  }

  var corpus: CorpusSnapshot? { state.withLock(\.corpus) }
  var scored: Int { state.withLock(\.scored) }

  private var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  private func take(_ event: EngineEvent) {
    let now = seconds
    state.withLock { state in
      if let name = Self.name(event) {
        if state.first[name] == nil { state.first[name] = now }
        if let wanted = state.firstWanted, wanted.name == name {
          state.firstWanted = nil
          wanted.reply.resume(returning: now)
        }
      }
      switch event {
      case .corpus(let corpus): state.corpus = corpus
      case .selection(let selection): state.scored = selection.chunks
      case .ended:
        state.hasEnded = true
        state.ended?.resume()
        state.ended = nil
      default: break
      }
      if let wanted = state.wanted, wanted.isAnswer(event) {
        state.wanted = nil
        wanted.reply.resume(returning: now)
      }
    }
  }

  private static func name(_ event: EngineEvent) -> String? {
    switch event {
    case .project: "project"
    case .corpus: "corpus"
    case .selection: "selection"
    default: nil
    }
  }

  /// Seconds from the start to the first picture of an area.
  func first(_ name: String) async -> Double {
    await withCheckedContinuation { reply in
      state.withLock { state in
        if let time = state.first[name] { return reply.resume(returning: time) }
        state.firstWanted = (name, reply)
      }
    }
  }

  /// Sends a command; seconds until it is answered, by a picture or by a word.
  func answer(to command: EngineCommand) async -> Double {
    let sent = seconds
    let answered = await withCheckedContinuation { reply in
      state.withLock { $0.wanted = ({ Self.answers($0, command) }, reply) }
      engine.send(command)
    }
    return answered - sent
  }

  /// Asks for a list by a filter; seconds until its first rows, and until all are counted.
  func filtered(_ query: ChunkQuery) async -> (first: Double, all: Double) {
    let sent = seconds
    let first = Mutex<Double?>(nil)
    let all = await withCheckedContinuation { reply in
      state.withLock {
        $0.wanted = (
          { [self] event in
            guard case .chunkRows(let rows) = event, rows.query == query else { return false }
            if !rows.rows.isEmpty { first.withLock { $0 = $0 ?? seconds } }
            return rows.search?.isDone == true
          }, reply
        )
      }
      engine.send(.listChunks(query))
    }
    return ((first.withLock { $0 } ?? all) - sent, all - sent)
  }

  /// Waits for the end of the engine.
  func end() async {
    await withCheckedContinuation { (reply: CheckedContinuation<Void, Never>) in
      state.withLock { state in
        if state.hasEnded { return reply.resume() }
        state.ended = reply
      }
    }
  }

  private static func answers(_ event: EngineEvent, _ command: EngineCommand) -> Bool {
    switch (event, command) {
    case (.notice, .listChunks): false
    case (.notice, _): true
    case (.chunkRows(let rows), .listChunks(let query)): rows.query == query
    case (.chunk, .openChunk), (.commit, .planCommit): true
    case (.selection(let picture), .setRatio(let ratio)): abs(picture.ratio - ratio) < 1e-9
    case (.selection, .setThreshold), (.selection, .flipChunk),
      (.selection, .undo), (.selection, .redo), (.selection, .pin), (.selection, .recallPin),
      (.selection, .setFloor):
      true
    default: false
    }
  }
}
