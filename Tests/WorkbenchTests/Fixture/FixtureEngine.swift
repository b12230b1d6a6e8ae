import EngineInterface
import Synchronization

/// An engine of ready-made snapshots: answers commands at once, keeps what it was asked.
final class FixtureEngine: EngineClient {
  private struct State {
    var ratio = 0.5
    var past: [Double] = []
    var future: [Double] = []
    var pins: [SelectionSnapshot.Pin] = []
    /// The gesture of the newest change.
    var gesture: Int?
    var notes: [Int: String] = [:]
    var reading = FixtureDeciding.reading(done: 0)
    var flipped: Set<Int> = []
    var cap: Float?
    var ranking = ChunkRanking.difference
    var sent: [EngineCommand] = []
    var evaluation = FixtureEvaluation.done
  }

  let events: AsyncStream<EngineEvent>
  private let continuation: AsyncStream<EngineEvent>.Continuation
  private let snapshots: FixtureSnapshots
  private let state = Mutex(State())

  init(_ events: [EngineEvent] = [], snapshots: FixtureSnapshots = FixtureSnapshots()) {
    self.snapshots = snapshots
    (self.events, continuation) = AsyncStream.makeStream()
    for event in events { continuation.yield(event) }
  }

  /// Commands so far.
  var sent: [EngineCommand] { state.withLock { $0.sent } }

  func tell(_ event: EngineEvent) {
    continuation.yield(event)
  }

  func send(_ command: EngineCommand) {
    for event in answers(command) { continuation.yield(event) }
    if case .shutDown = command { continuation.finish() }
  }

  /// What the engine says to a command; for tests that need no stream.
  func answers(_ command: EngineCommand) -> [EngineEvent] {
    state.withLock { state in
      state.sent.append(command)
      switch command {
      case .listChunks(let query): return [.chunkRows(snapshots.rows(query, ratio: state.ratio))]
      case .studyCorpus: return [.corpus(snapshots.studiedCorpus)]
      case .openChunk(let index): return [.chunk(snapshots.chunk(index))]
      case .setRatio(let ratio): return change(&state, to: ratio)
      case .moveRatio(let ratio, let gesture):
        guard gesture == state.gesture else {
          defer { state.gesture = gesture }
          return change(&state, to: ratio)
        }
        state.ratio = ratio
        return [picture(state)]
      case .ask(let question):
        return [
          .decision(snapshots.answer(question, ratio: state.ratio, pins: state.pins))
        ]
      case .setNote(let chunk, let text):
        state.notes[chunk] = text.isEmpty ? nil : text
        return [picture(state)]
      case .drivers(let order): return FixtureDeciding.drivers(order)
      case .reading(let order):
        if case .answer = order {
          state.reading = FixtureDeciding.reading(done: state.reading.done + 1)
        }
        return [.reading(state.reading)]
      case .setThreshold(let threshold):
        let kept = snapshots.corpus.documents.filter { $0.difference >= threshold }.count
        return change(&state, to: Double(kept) / Double(snapshots.corpus.documents.count))
      case .undo:
        guard let last = state.past.popLast() else { return [] }
        state.future.append(state.ratio)
        state.ratio = last
        return [picture(state)]
      case .redo:
        guard let next = state.future.popLast() else { return [] }
        state.past.append(state.ratio)
        state.ratio = next
        return [picture(state)]
      case .pin(let name):
        state.pins.removeAll { $0.name == name }
        let pin = SelectionSnapshot.Pin(
          name: name, ratio: state.ratio, threshold: snapshots.threshold(state.ratio))
        state.pins.append(pin)
        return [picture(state)]
      case .recallPin(let name):
        guard let pin = state.pins.first(where: { $0.name == name }) else { return [] }
        return change(&state, to: pin.ratio)
      case .flipChunk(let index):
        if state.flipped.remove(index) == nil { state.flipped.insert(index) }
        return [picture(state)]
      case .setTeacherCap(let cap):
        state.cap = cap
        return [picture(state)]
      case .setRanking(let ranking):
        state.ranking = ranking
        return [picture(state)]
      case .planCommit: return [.commit(snapshots.commit(.planned, ratio: state.ratio))]
      case .commit:
        return [
          .commit(snapshots.commit(.writing(0.4), ratio: state.ratio)),
          .commit(snapshots.commit(.written("/home/ann/demo/commits/0001"), ratio: state.ratio)),
        ]
      case .start(let stage):
        let place = Stage.allCases.firstIndex(of: stage) ?? 0
        return [
          .project(snapshots.project(done: place)),
          .job(JobSnapshot(stage: stage, state: .running, fraction: 0, eta: 300)),
        ]
      case .setPrecision(let choice):
        guard case .scoring(let format) = choice else {
          return [.notice(Notice(level: .warning, text: "stop it first", time: "12:50:00"))]
        }
        var models = snapshots.models(step: nil)
        models.precision = snapshots.precision(isTraining: false, scoring: format)
        return [.models(models)]
      case .findModels:
        var models = snapshots.models(step: nil)
        models.available = FixtureModels.list
        return [.models(models)]
      case .setModel(let role, let path):
        var models = snapshots.models(step: nil)
        models.available = FixtureModels.list(choosing: path, as: role)
        return [.models(models)]
      case .setTaskFile(let task, let path):
        for index in state.evaluation.tasks.indices
        where state.evaluation.tasks[index].name == task {
          state.evaluation.tasks[index].file = path
        }
        return [.evaluation(state.evaluation)]
      case .setTaskCondition(let condition):
        state.evaluation.conditions = FixtureEvaluation.conditions(condition)
        return [.evaluation(state.evaluation)]
      case .setEvaluated(let path, let isChosen):
        for index in state.evaluation.candidates.indices
        where state.evaluation.candidates[index].path == path {
          state.evaluation.candidates[index].isChosen = isChosen
        }
        return [.evaluation(state.evaluation)]
      case .compareOnTasks(let a, let b):
        state.evaluation.comparison?.a = a
        state.evaluation.comparison?.b = b
        return [.evaluation(state.evaluation)]
      case .evaluateTasks:
        return [
          .evaluation(FixtureEvaluation.running),
          .job(JobSnapshot(stage: .evaluate, state: .running, fraction: 0, eta: 300)),
        ]
      case .listTaskItems(let query): return [.taskItems(FixtureEvaluation.rows(query))]
      case .openBatch(let run, let step): return snapshots.batch(run, step: step)
      case .answer: return [.project(snapshots.project(done: 8))]
      case .setFaultChoice(let kind, let choice):
        var project = snapshots.project(done: 8)
        switch kind {
        case .notFinite: project.faults.onNotFinite = choice
        case .spike: project.faults.onSpike = choice
        case .diskFull: project.faults.onDiskFull = choice
        }
        return [.project(project)]
      case .fork: return [.training(snapshots.forkedTraining)]
      case .settle(let number): return [.settled(number)]
      case .shutDown: return [.ended]
      case .setFloor, .pause, .resume, .stop, .checkpoint, .writeReport: return []
      }
    }
  }

  private func change(_ state: inout State, to ratio: Double) -> [EngineEvent] {
    state.past.append(state.ratio)
    state.future = []
    state.ratio = ratio
    state.gesture = nil
    return [picture(state), .price(snapshots.price(ratio))]
  }

  private func picture(_ state: State) -> EngineEvent {
    var selection = snapshots.selection(state.ratio, pins: state.pins)
    selection.undo = state.past.last.map { "ratio \($0) -> \(state.ratio)" }
    selection.redo = state.future.last.map { "ratio \($0)" }
    selection.manualKept = state.flipped.count
    selection.teacherCap = state.cap
    selection.ranking = state.ranking
    for index in selection.border.indices {
      selection.border[index].note = state.notes[selection.border[index].index] ?? ""
    }
    for index in selection.border.indices
    where state.flipped.contains(selection.border[index].index) {
      selection.border[index].kept?.toggle()
      selection.border[index].manual = true
    }
    return .selection(selection)
  }
}
