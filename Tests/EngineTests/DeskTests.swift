import Engine
import EngineInterface
import Testing

/// Commands of a person on a scored project.
@Suite(.serialized) struct DeskTests {
  /// Runs to the end of scoring, then sends commands one by one, each when the answer to the last
  /// one has come.
  private func selections(
    after commands: [EngineCommand]
  ) async throws -> [SelectionSnapshot] {
    let project = try TinyProject()
    var rest = commands[...]
    var answers: [SelectionSnapshot] = []
    try await project.run(autopilot: .until(.select)) { event, engine in
      // A picture that says nothing new, as at the end of scoring, answers no command.
      guard case .selection(let picture) = event, picture.complete, picture != answers.last else {
        return
      }
      answers.append(picture)
      engine.send(rest.popFirst() ?? .shutDown(saving: true))
    }
    return answers
  }

  @Test func theRatioMovesAndComesBack() async throws {
    let answers = try await selections(after: [
      .setRatio(0.25), .undo, .redo, .pin("A"), .setRatio(0.75), .recallPin("A"),
    ])
    try #require(answers.count == 7)
    let kept = answers.map(\.keptChunks)
    let all = answers[0].chunks
    #expect(kept == [all / 2, all / 4, all / 2, all / 4, all / 4, all * 3 / 4, all / 4])
    #expect(answers[1].threshold > answers[0].threshold)
    #expect(answers[0].undo == nil && answers[1].undo != nil && answers[2].redo != nil)
    #expect(answers[4].pins.map(\.name) == ["A"])
  }

  @Test func aChunkIsTurnedOverByHand() async throws {
    let project = try TinyProject()
    var flipped: Int?
    var last: SelectionSnapshot?
    var first: SelectionSnapshot?
    try await project.run(autopilot: .until(.select)) { event, engine in
      guard case .selection(let picture) = event, picture.complete else { return }
      last = picture
      if flipped == nil {
        first = picture
        flipped = picture.border.first { $0.kept == true }?.index
        engine.send(flipped.map { .flipChunk($0) } ?? .shutDown(saving: true))
      } else {
        engine.send(.shutDown(saving: true))
      }
    }
    let before = try #require(first)
    let after = try #require(last)
    #expect(after.manualDropped == 1)
    #expect(after.keptChunks == before.keptChunks - 1)
    #expect(after.border.first { $0.index == flipped }?.manual == true)
  }

  @Test func aChunkOpensWithItsTokenScores() async throws {
    let project = try TinyProject()
    var details: [ChunkDetail] = []
    try await project.run(autopilot: .until(.select)) { event, engine in
      switch event {
      case .selection(let picture) where picture.complete && details.isEmpty:
        engine.send(.openChunk(3))
      case .chunk(let detail):
        details.append(detail)
        if detail.tokens.contains(where: { $0.difference != nil }) {
          engine.send(.shutDown(saving: true))
        }
      default: break
      }
    }
    let scored = try #require(details.last)
    #expect(scored.row.index == 3)
    let differences = scored.tokens.compactMap(\.difference)
    let mean = differences.reduce(0, +) / Double(differences.count)
    let stored = try #require(scored.row.difference)
    #expect(abs(mean - stored) < 1e-4)
    #expect(scored.tokens[0].teacherLogProbability == nil)
  }

  @Test func aMissingChunkIsAnErrorInWords() async throws {
    let project = try TinyProject()
    var notices: [Notice] = []
    try await project.run(autopilot: .until(.select)) { event, engine in
      switch event {
      case .selection(let picture) where picture.complete: engine.send(.openChunk(1_000_000))
      case .notice(let notice) where notice.level == .error:
        notices.append(notice)
        engine.send(.shutDown(saving: true))
      default: break
      }
    }
    #expect(notices.first?.text.contains("no chunk 1000000") == true)
  }
}
