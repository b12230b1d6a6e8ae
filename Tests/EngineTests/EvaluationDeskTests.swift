import Engine
import EngineInterface
import Evaluation
import Foundation
import Pipeline
import Store
import TensorKit
import Testing

/// Zero-shot tasks in a project: chosen, run, stopped, gone on with, compared and read item by item.
@Suite(.serialized) struct EvaluationDeskTests {
  private let project: TinyProject
  private let piqa: String
  private let broken: String
  private static let items = 60

  init() throws {
    project = try TinyProject()
    piqa = project.root + "/piqa.jsonl"
    broken = project.root + "/lambada.jsonl"
    try AtomicFile.write(text: Self.rows(Self.items), to: piqa)
    try AtomicFile.write(
      text: "{\"text\": \"the river runs\"}\n{\"text\": \"past old stone\"}\n{\"texts\": 3}\n",
      to: broken)
  }

  private static func rows(_ count: Int) -> String {
    (0..<count).map { number in
      "{\"goal\": \"let value \(number)\", \"sol1\": \"return the count\", "
        + "\"sol2\": \"print old stone houses \(number)\", \"label\": \(number % 2)}\n"
    }.joined()
  }

  private var settings: ProjectSettings {
    var settings = project.settings
    settings.tasks = [TaskFile(.piqa, path: piqa), TaskFile(.lambadaOpenAI, path: broken)]
    return settings
  }

  /// Trains teacher and reference, then sends commands one by one; `next` sees every event and says
  /// what to send, or that it is over.
  private func run(
    _ settings: ProjectSettings, autopilot: Autopilot = .until(.reference),
    _ next: (EngineEvent, ProjectEngine) -> Bool
  ) async throws {
    let engine = try ProjectEngine(
      folder: project.folder, settings: settings, autopilot: autopilot, threads: 2)
    engine.start()
    for await event in engine.events {
      if next(event, engine) { engine.send(.shutDown(saving: true)) }
    }
  }

  private func isEnd(_ event: EngineEvent, of stage: Stage) -> Bool {
    if case .job(let job) = event { job.stage == stage && !job.isActive } else { false }
  }

  @Test func modelsAreEvaluatedComparedAndRead() async throws {
    var newest: EvaluationSnapshot?
    var rows: TaskItemRows?
    var wasLive = false
    var isEvaluated = false
    var asked = false
    try await run(settings) { event, engine in
      if isEnd(event, of: .reference) { engine.send(.evaluateTasks) }
      if isEnd(event, of: .evaluate) { isEvaluated = true }
      if case .evaluation(let picture) = event {
        newest = picture
        let cells = picture.cells.joined()
        wasLive = wasLive || cells.contains { if case .queued = $0 { true } else { false } }
        if isEvaluated, !asked, let comparison = picture.comparison, !comparison.rows.isEmpty {
          asked = true
          engine.send(
            .listTaskItems(
              TaskItemQuery(task: "piqa", a: comparison.a, b: comparison.b, offset: 10, count: 20)))
        }
      }
      if case .taskItems(let answer) = event { rows = answer }
      return rows != nil
    }
    let picture = try #require(newest)
    #expect(wasLive)
    #expect(picture.models.map(\.name) == ["teacher", "reference"])
    let task = try #require(picture.tasks.firstIndex { $0.name == "piqa" })
    let (a, b) = (try #require(picture.score(task, 0)), try #require(picture.score(task, 1)))
    #expect(a.items == Self.items && b.items == Self.items)
    #expect(a.accNorm != nil && a.acc.error != nil)
    // The bad file is said in its cells, and costs the others nothing.
    let lambada = try #require(picture.tasks.firstIndex { $0.name == "lambada_openai" })
    guard case .failed(let why)? = picture.cell(lambada, 0) else {
      Issue.record("\(String(describing: picture.cell(lambada, 0)))")
      return
    }
    #expect(why.contains("line 3") || why.contains(":3"), "\(why)")
    // The pair, item by item.
    let paired = try #require(picture.comparison?.rows["piqa"]?.acc)
    #expect(abs(paired.difference - (b.acc.value - a.acc.value)) < 1e-12)
    #expect(
      paired.wins + paired.losses + paired.bothRight + paired.bothWrong == Self.items)
    let page = try #require(rows)
    #expect(page.total == Self.items && page.rows.count == 20)
    #expect(page.counts.values.reduce(0, +) == Self.items)
    #expect(page.rows.map(\.margin) == page.rows.map(\.margin).sorted(by: >))
    let row = page.rows[0]
    #expect(row.choices.map(\.text)[0] == "return the count")
    #expect(row.choices.count { $0.isGold } == 1 && row.choices[row.index % 2].isGold)
    #expect(row.choices.allSatisfy { $0.a != nil && $0.b != nil })
    // What stands on disk is what the verb writes.
    let results = project.folder + "/evaluations/tasks/teacher"
    let lines = try JSONLinesLog.read(TaskItemLine.self, from: results + "/piqa.jsonl")
    #expect(lines.map(\.record.index) == Array(0..<Self.items))
    // Opened again, it is there without running anything.
    var opened: EvaluationSnapshot?
    try await run(settings, autopilot: .off) { event, engine in
      if case .evaluation(let picture) = event, picture.comparison != nil { opened = picture }
      return opened != nil
    }
    #expect(opened?.score(task, 1) == b)
    #expect(opened?.comparison?.rows["piqa"] == picture.comparison?.rows["piqa"])
    // Another file of the task: the old figures do not hold for it.
    try AtomicFile.write(
      text: "{\"goal\": \"a\", \"sol1\": \"b\", \"sol2\": \"c\", \"label\": 0}\n",
      to: project.root + "/other.jsonl")
    var other: EvaluationSnapshot?
    try await run(settings, autopilot: .off) { event, engine in
      guard case .evaluation(let picture) = event else { return false }
      if other == nil, picture.score(task, 0) != nil {
        engine.send(.setTaskFile(task: "piqa", path: project.root + "/other.jsonl"))
      }
      other = picture
      return picture.tasks[task].file?.hasSuffix("other.jsonl") == true
        && picture.score(task, 0) == nil
    }
    #expect(try ProjectEngine.settings(in: project.folder)?.tasks?.count == 2)
  }

  @Test func aStoppedRunGoesOn() async throws {
    // Enough for seconds, so that it still runs when it is stopped.
    let many = 400 * Self.items
    try AtomicFile.write(text: Self.rows(many), to: piqa)
    var settings = settings
    settings.tasks = [TaskFile(.piqa, path: piqa)]
    var starts = 0
    var stopped = false
    var newest: EvaluationSnapshot?
    let written = "\(project.folder)/evaluations/tasks/teacher/piqa.jsonl"
    try await run(settings) { event, engine in
      if isEnd(event, of: .reference), starts == 0 {
        starts = 1
        engine.send(.evaluateTasks)
        // From a thread of its own: on a busy machine events are read long after the work is done.
        Thread.detachNewThread {
          while !FileManager.default.fileExists(atPath: written) { usleep(1000) }
          engine.send(.stop)
        }
      }
      if case .job(let job) = event, job.stage == .evaluate {
        if job.state == .stopped {
          stopped = true
          engine.send(.evaluateTasks)
        }
        if job.state == .done { starts = 2 }
      }
      if case .evaluation(let picture) = event { newest = picture }
      return starts == 2
        && newest?.cells.joined().filter { if case .done = $0 { true } else { false } }.count == 2
    }
    #expect(stopped)
    let task = try #require(newest?.tasks.firstIndex { $0.name == "piqa" })
    #expect(newest?.score(task, 0)?.items == many)
  }

  @Test func wrongChoicesAreRefused() async throws {
    var settings = settings
    settings.tasks = nil
    var notices: [String] = []
    var sent = 0
    let commands: [EngineCommand] = [
      .evaluateTasks, .setTaskFile(task: "hellaswag", path: piqa),
      .setTaskFile(task: "piqa", path: project.root + "/none.jsonl"),
      .setTaskFile(task: "piqa", path: piqa),
    ]
    try await run(settings, autopilot: .off) { event, engine in
      if case .notice(let notice) = event { notices.append(notice.text) }
      if case .evaluation = event, sent == 0 {
        for command in commands { engine.send(command) }
        sent = 1
      }
      return notices.contains { $0.contains("PIQA: written to project.json") }
    }
    #expect(notices.contains { $0.contains("No task has a file yet") })
    #expect(notices.contains { $0.contains("holds items of PIQA, not of HellaSwag") })
    #expect(notices.contains { $0.contains("no such file") })
    let written = try ProjectEngine.settings(in: project.folder)?.tasks
    #expect(written == [TaskFile(.piqa, path: OutputPath.canonical(piqa))])
  }

  @Test func conditionsAreKeptAndHold() async throws {
    var settings = settings
    settings.tasks = [TaskFile(.piqa, path: piqa)]
    func items(_ picture: EvaluationSnapshot?) -> [Int?] {
      guard let picture, let task = picture.tasks.firstIndex(where: { $0.name == "piqa" }) else {
        return []
      }
      return picture.models.indices.map { picture.score(task, $0)?.items }
    }
    var newest: EvaluationSnapshot?
    var notices: [String] = []
    var refusal: String?
    var step = 0
    try await run(settings) { event, engine in
      if case .notice(let notice) = event { notices.append(notice.text) }
      if case .evaluation(let picture) = event { newest = picture }
      if isEnd(event, of: .reference) {
        // The first is refused, and changes nothing.
        for condition: TaskCondition in [
          .limit(0), .release("0.3"), .precision(.auto), .limit(20), .release("0.4.9"),
          .precision(.bf16),
        ] {
          engine.send(.setTaskCondition(condition))
        }
        engine.send(.evaluateTasks)
        engine.send(.setTaskCondition(.limit(nil)))
      }
      if case .evaluation(let picture) = event, refusal == nil {
        refusal = picture.conditions?.options[0].obstacle
      }
      if isEnd(event, of: .evaluate) { step = 1 }
      guard case .evaluation(let picture) = event else { return false }
      if step == 1, items(picture) == [20, 20] {
        step = 2
        engine.send(.setTaskCondition(.limit(nil)))
      }
      // Of another number of items nothing is known, until these are asked for again.
      if step == 2, picture.conditions?.limit == nil, items(picture) == [nil, nil] {
        step = 3
        engine.send(.setTaskCondition(.limit(20)))
      }
      return step == 3 && items(picture) == [20, 20]
    }
    let conditions = try #require(newest?.conditions)
    #expect(conditions.limit == 20 && conditions.release == "0.4.9")
    #expect(conditions.precision == .bf16 && conditions.scoring == .f32)
    #expect(newest?.notes.contains("the first 20 items of each task") == true)
    #expect(refusal == "Not while the job runs (evaluate tasks): stop it first.")
    for words in [
      "taskLimit", "There is no release 0.3: 0.4.9 or 0.4.13.", "no precision of tasks",
      "Not while the job runs (evaluate tasks)", "Tasks in bf16: written to project.json.",
    ] {
      #expect(notices.contains { $0.contains(words) }, "\(words) in \(notices)")
    }
    let written = try #require(try ProjectEngine.settings(in: project.folder))
    #expect(written.taskLimit == 20 && written.taskRelease == .v0_4_9)
    #expect(written.taskPrecision == .bf16)
    let record = try #require(project.data("evaluations/tasks/teacher/piqa.json"))
    let made = try JSONSerialization.jsonObject(with: record) as? [String: Any]
    #expect(made?["precision"] as? String == "bf16" && made?["version"] as? String == "0.4.9")
    #expect(made?["limit"] as? Int == 20)
  }

  @Test func modelsArePutInAndTakenOut() async throws {
    var paths: [[String]] = []
    var sent = 0
    try await run(settings) { event, engine in
      guard case .evaluation(let picture) = event else { return false }
      if picture.models.count == 2, sent == 0 {
        sent = 1
        engine.send(.setEvaluated(path: picture.models[0].path, false))
      } else if sent == 1, picture.models.count == 1 {
        sent = 2
        paths.append(picture.models.map(\.path))
        engine.send(.setEvaluated(path: picture.candidates[0].path, true))
      } else if sent == 2, picture.models.count == 2 {
        paths.append(picture.models.map(\.path))
        sent = 3
      }
      return sent == 3
    }
    #expect(paths.map(\.count) == [1, 2])
    #expect(paths.first?.first?.hasSuffix("models/reference") == true)
    // By their places in the project, which may be moved.
    #expect(
      try ProjectEngine.settings(in: project.folder)?.taskModels
        == ["models/reference", "models/teacher"])
  }
}
