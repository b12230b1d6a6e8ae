import EngineInterface
import EngineLink
import Foundation
import Testing

/// Every command and every event comes out as it went in, through the link itself.
@Suite struct CodingTests {
  /// A name for every case: a new one does not compile until it is here.
  private func name(_ command: EngineCommand) -> String {
    switch command {
    case .listChunks: "listChunks"
    case .studyCorpus: "studyCorpus"
    case .openChunk: "openChunk"
    case .setRatio: "setRatio"
    case .moveRatio: "moveRatio"
    case .ask: "ask"
    case .setNote: "setNote"
    case .drivers: "drivers"
    case .reading: "reading"
    case .setThreshold: "setThreshold"
    case .flipChunk: "flipChunk"
    case .setFloor: "setFloor"
    case .setTeacherCap: "setTeacherCap"
    case .setRanking: "setRanking"
    case .undo: "undo"
    case .redo: "redo"
    case .pin: "pin"
    case .recallPin: "recallPin"
    case .setPrecision: "setPrecision"
    case .findModels: "findModels"
    case .setModel: "setModel"
    case .planCommit: "planCommit"
    case .commit: "commit"
    case .start: "start"
    case .pause: "pause"
    case .resume: "resume"
    case .stop: "stop"
    case .checkpoint: "checkpoint"
    case .writeReport: "writeReport"
    case .evaluateTasks: "evaluateTasks"
    case .setTaskFile: "setTaskFile"
    case .setTaskCondition: "setTaskCondition"
    case .setEvaluated: "setEvaluated"
    case .compareOnTasks: "compareOnTasks"
    case .listTaskItems: "listTaskItems"
    case .answer: "answer"
    case .setFaultChoice: "setFaultChoice"
    case .openBatch: "openBatch"
    case .fork: "fork"
    case .settle: "settle"
    case .shutDown: "shutDown"
    }
  }

  private func name(_ event: EngineEvent) -> String {
    switch event {
    case .project: "project"
    case .corpus: "corpus"
    case .chunkRows: "chunkRows"
    case .models: "models"
    case .scoring: "scoring"
    case .selection: "selection"
    case .price: "price"
    case .decision: "decision"
    case .drivers: "drivers"
    case .reading: "reading"
    case .chunk: "chunk"
    case .commit: "commit"
    case .training: "training"
    case .batch: "batch"
    case .comparison: "comparison"
    case .evaluation: "evaluation"
    case .taskItems: "taskItems"
    case .job: "job"
    case .notice: "notice"
    case .link: "link"
    case .settled: "settled"
    case .ended: "ended"
    }
  }

  @Test func everyCommandArrives() async throws {
    #expect(Set(Samples.commands.map(name)).count == 41)
    let served = try Served()
    let screen = try served.screen()
    // The one that ends the engine comes last.
    for command in Samples.commands { screen.client.send(command) }
    let count = Samples.commands.count
    #expect(try await served.waits { $0.count == count })
    #expect(served.engine.asked == Samples.commands)
  }

  @Test func everyEventArrives() async throws {
    #expect(Set(Samples.events.map(name)).count == 22)
    let served = try Served()
    let screen = try served.screen()
    for command in Samples.questions { screen.client.send(command) }
    #expect(try await served.waits { $0.count == Samples.questions.count })
    for event in Samples.events {
      // Of the link itself the server tells; the end comes when it is there.
      if case .link = event { continue }
      served.engine.tell(event)
      // Compared as text: a loss may be no number, which equals nothing.
      let wanted = "\(event)"
      let found = await screen.next { "\($0)" == wanted ? true : nil }
      #expect(
        found == true, "\(name(event)) has changed: \(screen.seen.last.map { "\($0)" } ?? "")")
    }
  }

  /// A curve takes its bytes, and little more.
  @Test func longCurvesAreCodedAsBlocks() throws {
    let points = (0..<100_000).map { CurvePoint(step: $0, tokens: $0 * 512, loss: 3.5) }
    let run = RunSnapshot(name: "a", corpus: "c", steps: 100_000, trainCurve: points)
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let data = try encoder.encode(run)
    #expect(data.count < 4_400_000, "\(data.count)")
  }

  @Test func whatIsNoListOfPointsIsRefused() {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Packed<CurvePoint>.self, from: Data("\"AAAA\"".utf8))
    }
  }
}
