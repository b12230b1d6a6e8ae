import DifferenceSampling
import Engine
import EngineInterface
import Foundation
import Store
import Testing

/// Commands that come while a project is being read, and what opening leaves behind.
@Suite(.serialized) struct OpeningTests {
  /// A project with scores, waiting for a person.
  private func scored() async throws -> TinyProject {
    let project = try TinyProject()
    try await project.run(autopilot: .until(.select)) { event, engine in
      if case .selection(let picture) = event, picture.complete {
        engine.send(.shutDown(saving: true))
      }
    }
    return project
  }

  /// Opens a project, sends commands at once, and takes events until `isEnough`.
  private func open(
    _ project: TinyProject, _ commands: [EngineCommand], until isEnough: (EngineEvent) -> Bool,
    watch: (EngineEvent, ProjectEngine) -> Void = { _, _ in }
  ) async throws -> [EngineEvent] {
    let engine = try ProjectEngine(
      folder: project.folder, settings: project.settings, autopilot: .off, threads: 1)
    for command in commands { engine.send(command) }
    engine.start()
    var events: [EngineEvent] = []
    for await event in engine.events {
      events.append(event)
      watch(event, engine)
      if isEnough(event) { engine.send(.shutDown(saving: true)) }
    }
    return events
  }

  private func selections(_ events: [EngineEvent]) -> [SelectionSnapshot] {
    events.compactMap { if case .selection(let picture) = $0 { picture } else { nil } }
  }

  @Test func whatIsAskedBeforeTheScoresAreReadIsDoneThen() async throws {
    let project = try await scored()
    let events = try await open(
      project,
      [.setRatio(0.25), .flipChunk(3), .pin("A"), .listChunks(ChunkQuery(count: 5))]
    ) {
      if case .selection(let picture) = $0 { !picture.pins.isEmpty } else { false }
    }
    let last = try #require(selections(events).last)
    #expect(last.ratio == 0.25)
    #expect(last.manualKept + last.manualDropped == 1)
    #expect(last.pins.map(\.ratio) == [0.25])
    // Every change that has to wait says so at once.
    let told = events.count { if case .notice = $0 { true } else { false } }
    #expect(told >= 3)
    #expect(events.contains { if case .chunkRows(let r) = $0 { r.rows.count == 5 } else { false } })
    // And it stands in the recipe of the next opening.
    let again = try await open(project, []) { if case .selection = $0 { true } else { false } }
    #expect(selections(again).last?.ratio == 0.25)
  }

  @Test func aChangeAtTheEndOfScoringIsNotLost() async throws {
    let project = try TinyProject()
    var isAsked = false
    var pictures: [SelectionSnapshot] = []
    try await project.run(autopilot: .until(.select)) { event, engine in
      if case .job(let job) = event, job.stage == .score, job.state == .done {
        isAsked = true
        engine.send(.setRatio(0.75))
      }
      if case .selection(let picture) = event, picture.complete {
        pictures.append(picture)
        if picture.ratio == 0.75 { engine.send(.shutDown(saving: true)) }
      }
    }
    #expect(isAsked)
    let last = try #require(pictures.last)
    #expect(last.keptChunks == last.chunks * 3 / 4)
  }

  @Test func nothingIsScoredYetIsSaid() async throws {
    let project = try TinyProject()
    let events = try await open(project, [.setRatio(0.3), .openChunk(0), .undo]) {
      if case .notice(let notice) = $0 { notice.text.contains("Nothing is scored") } else { false }
    }
    let warnings = events.compactMap { event in
      if case .notice(let notice) = event, notice.level == .warning { notice.text } else { nil }
    }
    #expect(warnings.contains { $0.contains("no chunks") })
  }

  @Test func oneLookShowsAllThatStands() async throws {
    let project = try await scored()
    let engine = try ProjectEngine(
      folder: project.folder, settings: project.settings, autopilot: .off, threads: 1)
    engine.start()
    engine.endWhenRead()
    var names: Set<String> = []
    for await event in engine.events {
      switch event {
      case .project: names.insert("project")
      case .corpus(let corpus): if corpus.sources[0].medianTokens > 0 { names.insert("corpus") }
      case .models: names.insert("models")
      case .scoring: names.insert("scoring")
      case .selection: names.insert("selection")
      case .commit(let commit): if !commit.files.isEmpty { names.insert("commit") }
      default: break
      }
    }
    #expect(names == ["project", "corpus", "models", "scoring", "selection", "commit"])
  }

  @Test func digestsAreMadeOnceAndKeptBesideTheProject() async throws {
    let project = try await scored()
    _ = try await open(project, []) {
      if case .commit(let commit) = $0 { !commit.files.isEmpty } else { false }
    }
    let files = [
      "shards/scored/data_0.bin", "shards/scored/data_0.idx", "models/teacher/model.safetensors",
      "models/teacher/config.json", "models/reference/model.safetensors",
      "tokenizer/tokenizer.json",
    ].map { project.folder + "/" + $0 }
    let digests = FileDigests(file: project.folder + "/digests.json")
    #expect(digests.unknownBytes(files) == 0)
    for file in files { #expect(try digests.known(file) == Digest.sha256(file: file)) }
  }

  @Test func aDamagedRecipeIsNamedAndNotWrittenOver() async throws {
    let project = try await scored()
    let path = project.folder + "/recipe.jsonl"
    try AtomicFile.write(text: "{\"settings\": 3}\n{\"settings\": 3}\n", to: path)
    let before = project.data("recipe.jsonl")
    let events = try await open(project, []) {
      if case .notice(let notice) = $0 { notice.level == .error } else { false }
    }
    #expect(selections(events).isEmpty)
    #expect(project.data("recipe.jsonl") == before)
  }

  @Test func controlsFollowAndAreTakenBack() async throws {
    let project = try await scored()
    let table = try ChunkScoresFile.read(project.folder + "/scores/scores.safetensors").scores
    var notices: [String] = []
    var step = 0
    let events = try await open(project, []) { _ in
      false
    } watch: { event, engine in
      if case .notice(let notice) = event { notices.append(notice.text) }
      guard case .selection(let picture) = event else { return }
      switch (picture.ranking, step) {
      case (.difference, 0):
        step = 1
        // A threshold cannot stand with it, so that it becomes the ratio that it keeps.
        engine.send(.setThreshold(picture.threshold))
        engine.send(.setRanking(.lowestReferenceLoss))
        engine.send(.setThreshold(0.5))
      case (.lowestReferenceLoss, 1):
        step = 2
        engine.send(.undo)
      case (.difference, 2): engine.send(.shutDown(saving: true))
      default: break
      }
    }
    let pictures = selections(events)
    let control = try #require(pictures.first { $0.ranking == .lowestReferenceLoss })
    let losses = table.referenceNLL.sorted()
    #expect(control.keptChunks == Int(control.ratio * Double(table.count)))
    #expect(control.threshold == Double(losses[control.keptChunks - 1]))
    #expect(control.undo == "ranked by the highest difference -> the smallest reference NLL")
    let kept = control.border.filter { $0.kept == true }
    #expect(!kept.isEmpty && kept.count < control.border.count)
    #expect(pictures.last?.keptChunks == pictures.first?.keptChunks)
    #expect(notices.contains { $0.contains("A threshold is of differences") }, "\(notices)")
  }

  @Test func theCapOnTheTeacherFollowsAndIsTakenBack() async throws {
    let project = try await scored()
    let table = try ChunkScoresFile.read(project.folder + "/scores/scores.safetensors").scores
    let cap = table.teacherNLL.sorted()[table.count / 2]
    var isUndone = false
    let events = try await open(project, []) { _ in
      false
    } watch: { event, engine in
      guard case .selection(let picture) = event else { return }
      switch (picture.teacherCap, isUndone) {
      case (nil, false) where picture.undo == nil:
        engine.send(.setRatio(1))
        engine.send(.setTeacherCap(cap))
      case (cap, false):
        isUndone = true
        engine.send(.undo)
      case (nil, true): engine.send(.shutDown(saving: true))
      default: break
      }
    }
    let pictures = selections(events)
    let capped = try #require(pictures.first { $0.teacherCap == cap })
    #expect(capped.keptChunks == table.teacherNLL.count { $0 <= cap })
    #expect(capped.undo?.hasPrefix("cap on the teacher's NLL: none -> ") == true)
    #expect(capped.border.allSatisfy { $0.isCapped == !($0.kept ?? true) })
    #expect(pictures.last?.keptChunks == table.count)
  }

  @Test func listsByScoreAndByLengthAreInOrder() async throws {
    let project = try await scored()
    let queries = [
      ChunkQuery(order: .difference, count: 1000),
      ChunkQuery(filter: .source("code"), order: .difference, offset: 2, count: 1000),
      ChunkQuery(order: .tokens, count: 1000), ChunkQuery(filter: .source("prose"), count: 1000),
    ]
    var answers: [ChunkRows] = []
    var (isListed, isScored, hasBegun) = (false, false, false)
    _ = try await open(project, []) { _ in
      false
    } watch: { event, engine in
      switch event {
      case .corpus(let corpus):
        isListed = corpus.sources.allSatisfy { $0.medianTokens > 0 }
      case .selection: isScored = true
      case .chunkRows(let rows) where rows.query == queries[answers.count]:
        answers.append(rows)
        engine.send(
          answers.count < queries.count
            ? .listChunks(queries[answers.count]) : .shutDown(saving: true))
      default: break
      }
      if isListed, isScored, !hasBegun {
        hasBegun = true
        engine.send(.listChunks(queries[0]))
      }
    }
    try #require(answers.count == 4)
    let all = answers[0].rows
    #expect(all.count == answers[0].total)
    let differences = all.compactMap(\.difference)
    #expect(differences.count == all.count && differences == differences.sorted(by: >))
    #expect(answers[1].rows == Array(all.filter { $0.source == "code" }.dropFirst(2)))
    #expect(answers[1].total == answers[1].rows.count + 2)
    let lengths = answers[2].rows.map(\.tokens)
    #expect(lengths.count == all.count && lengths == lengths.sorted(by: >))
    let prose = answers[3].rows.map(\.index)
    #expect(prose == prose.sorted() && answers[3].rows.allSatisfy { $0.source == "prose" })
    #expect(answers[3].total + answers[1].total == all.count)
  }
}
