import DifferenceSampling
import Engine
import EngineInterface
import Foundation
import Store
import Testing

/// What a person asks before deciding, and what is written down.
@Suite(.serialized) struct DecidingTests {
  /// Runs to the end of scoring, then one step after the other: each sends when the one before is done.
  private func run(
    _ project: TinyProject, autopilot: Autopilot = .until(.select),
    _ steps: [(send: [EngineCommand], until: (EngineEvent) -> Bool)]
  ) async throws -> [EngineEvent] {
    var place = -1
    return try await project.run(autopilot: autopilot) { event, engine in
      if place < 0 {
        guard case .price = event else { return }
      } else if place < steps.count {
        guard steps[place].until(event) else { return }
      } else {
        return
      }
      place += 1
      if place < steps.count {
        for command in steps[place].send { engine.send(command) }
      } else {
        engine.send(.shutDown(saving: true))
      }
    }
  }

  private func answered(_ event: EngineEvent) -> Bool {
    if case .decision = event { true } else { false }
  }

  private func priced(_ parts: Int) -> (EngineEvent) -> Bool {
    { if case .price(let price) = $0 { price.parts.count == parts } else { false } }
  }

  private func selected(
    _ condition: @escaping (SelectionSnapshot) -> Bool
  ) -> (EngineEvent) -> Bool {
    { if case .selection(let picture) = $0 { condition(picture) } else { false } }
  }

  @Test func theSelectionHasAPrice() async throws {
    let project = try TinyProject()
    var sources: [String] = []
    let events = try await run(
      project,
      [
        ([.flipChunk(0)], priced(1)),
        ([.ask(.budget(.tokens(400))), .ask(.budget(.tokens(400)))], answered),
        (
          [.ask(.dropped(perSource: 2))],
          {
            if case .decision(let answer) = $0, case .dropped = answer.content {
              true
            } else {
              false
            }
          }
        ),
      ])
    var first: SelectionPrice?
    var last: SelectionPrice?
    var plan: BudgetPlan?
    var dropped: DroppedSources?
    for event in events {
      switch event {
      case .selection(let picture): sources = picture.sources.map(\.name)
      case .price(let price):
        first = first ?? price
        last = price
      case .decision(let answer):
        if case .budget(let found) = answer.content { plan = found }
        if case .dropped(let found) = answer.content { dropped = found }
      default: break
      }
    }
    let pure = try #require(first)
    #expect(pure.parts.isEmpty && pure.meanChange == 0)
    #expect((pure.documents ?? 0) > 0)
    let training = try #require(pure.training)
    #expect(training.steps > 0 && training.operations > 0 && training.tokens > 0)
    // The teacher was trained by the project: its speed is known.
    #expect(training.seconds != nil && training.speed.contains("by FLOPs"))
    let flipped = try #require(last)
    #expect(flipped.parts[0].name == "by hand")
    #expect((flipped.meanChange ?? 1) <= 0)
    let found = try #require(plan)
    #expect(found.training.tokens <= 400 && found.chunks > 0)
    let lost = try #require(dropped)
    #expect(lost.sources.allSatisfy { sources.contains($0.name) && $0.best.count <= 2 })
    #expect(lost.sources.flatMap(\.best).allSatisfy { $0.kept == false })
  }

  @Test func pinsAreComparedAndOutliveTheEngine() async throws {
    let project = try TinyProject()
    let events = try await run(
      project,
      [
        ([.pin("A"), .setRatio(0.25), .ask(.pins)], answered)
      ])
    func comparison(_ events: [EngineEvent]) -> PinComparison? {
      events.lazy.compactMap { event -> PinComparison? in
        if case .decision(let answer) = event, case .pins(let found) = answer.content {
          found
        } else {
          nil
        }
      }.first
    }
    let found = try #require(comparison(events))
    #expect(found.columns.map(\.name) == ["A", "now"])
    let overlap = try #require(found.overlaps.first)
    // Less of the same.
    #expect(overlap.onlySecond == 0 && overlap.both == found.columns[1].price.chunks)
    #expect(overlap.onlyFirst == found.columns[0].price.chunks - overlap.both)
    // Opened again, the pin is there and undo goes back through both.
    let again = try await run(
      project, autopilot: .off,
      [
        ([.undo], selected { $0.ratio == 0.5 }),
        // Without the pin nothing is priced anew.
        ([.undo], selected { $0.pins.isEmpty }),
      ])
    let pictures = again.compactMap { event -> SelectionSnapshot? in
      if case .selection(let picture) = event { picture } else { nil }
    }
    #expect(pictures.first?.pins.map(\.name) == ["A"])
    #expect(pictures.last?.pins.isEmpty == true && pictures.last?.ratio == 0.5)
  }

  @Test func notesAreKeptAndGoIntoTheCard() async throws {
    let project = try TinyProject()
    _ = try await run(
      project,
      [
        (
          [.setNote(chunk: 1, "a [note]\nof two lines"), .openChunk(1)],
          {
            if case .chunk(let detail) = $0 {
              detail.row.note == "a [note] of two lines"
            } else {
              false
            }
          }
        ),
        (
          [.setRatio(0.4), .undo, .setNote(chunk: 99_999, "x")],
          {
            if case .notice(let notice) = $0 { notice.level == .error } else { false }
          }
        ),
        (
          [.commit],
          {
            if case .commit(let commit) = $0, case .written = commit.state { true } else { false }
          }
        ),
      ])
    let folder = project.folder
    #expect(
      try String(contentsOfFile: folder + "/notes.jsonl", encoding: .utf8).contains("a [note]"))
    let commits = try CommitManifest.list(commitsFolder: folder + "/commits")
    let notes = try #require(commits.first?.notes)
    #expect(notes.map(\.chunk) == [1] && notes[0].kept != nil)
    let card = try String(
      contentsOfFile: "\(folder)/commits/\(commits[0].version)/README.md", encoding: .utf8)
    #expect(card.contains("## Notes") && card.contains("a \\[note\\] of two lines"))
  }

  @Test func driversAreCountedAndKept() async throws {
    let project = try TinyProject()
    func done(_ event: EngineEvent) -> Bool {
      if case .drivers(let picture) = event { picture.state == .done } else { false }
    }
    let events = try await run(
      project,
      [
        ([.drivers(.show)], done), ([.drivers(.scoreTokens)], done),
      ])
    let last = try #require(
      events.compactMap { event -> DriversSnapshot? in
        if case .drivers(let picture) = event { picture } else { nil }
      }.last)
    #expect(last.groups.first?.source == "all" && !last.isStale)
    #expect((last.groups.first?.scoredTokens ?? 0) > 0)
    #expect(Folder.exists(project.folder + "/drivers.json"))
    // Opened again it is read; another ratio makes it stale.
    let again = try await run(
      project, autopilot: .off,
      [
        ([.drivers(.show)], done),
        (
          [.setRatio(0.3)],
          {
            if case .drivers(let picture) = $0 { picture.isStale } else { false }
          }
        ),
      ])
    #expect(!again.isEmpty)
  }

  @Test func aBlindReadingGoesOnWhereItWas() async throws {
    let project = try TinyProject()
    var order: [Int] = []
    func shown(_ event: EngineEvent) -> Bool {
      if case .reading(let picture) = event, let chunk = picture.chunk {
        if order.last != chunk { order.append(chunk) }
        return true
      }
      return false
    }
    _ = try await run(project, [([.reading(.begin)], shown)])
    let first = try #require(order.first)
    let again = try await run(
      project, autopilot: .off,
      [
        (
          [.reading(.begin), .reading(.answer(chunk: first, .keep))],
          {
            shown($0) && order.last != first
          }
        ),
        ([.reading(.takeBack)], { shown($0) && order.last == first }),
        ([.reading(.answer(chunk: first, .drop))], { shown($0) && order.last != first }),
        (
          [.commit],
          {
            if case .commit(let commit) = $0, case .written = commit.state { true } else { false }
          }
        ),
      ])
    let last = try #require(
      again.compactMap { event -> ReadingSnapshot? in
        if case .reading(let picture) = event { picture } else { nil }
      }.last)
    #expect(last.done == 1 && last.all.answered == 1 && last.deciles.count == 11)
    #expect(last.chunk != first)
    let commits = try CommitManifest.list(commitsFolder: project.folder + "/commits")
    #expect(commits.last?.reading?.judged == 1)
    #expect(commits.last?.reading?.interval != nil)
  }
}
