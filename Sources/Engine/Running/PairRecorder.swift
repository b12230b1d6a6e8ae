import EngineInterface
import Training

/// Turns what a pair of students tells into the picture of both.
struct PairRecorder {
  private(set) var a: RunRecorder
  private(set) var b: RunRecorder
  private(set) var comparison: EvaluationComparison?
  private var comparedStep: Int?
  private var difference: [CurvePoint] = []
  private var events: [RunEvent]
  /// Runs that branch off the students.
  private(set) var forks: [RunRecorder] = []

  /// - Parameter events: what happened before, oldest first.
  init(a: RunRecorder, b: RunRecorder, forks: [RunRecorder] = [], events: [RunEvent] = []) {
    self.events = events
    self.a = a
    self.b = b
    self.forks = forks
  }

  /// What a run waits with.
  var question: FaultQuestion? {
    a.question ?? b.question ?? forks.lazy.compactMap(\.question).first
  }

  /// Takes what the training of a fork tells; returns it as an event when it is worth one.
  mutating func record(_ event: TrainingEvent, ofFork index: Int) -> RunEvent? {
    keep(forks[index].record(event))
  }

  private mutating func keep(_ event: RunEvent?) -> RunEvent? {
    if let event { events = (events + [event]).suffix(RunEventLog.limit) }
    return event
  }

  /// Takes what the training of both tells; returns it as an event when it is worth one.
  mutating func record(_ event: PairedTraining.Event) -> RunEvent? {
    switch event {
    case .student(.a, let event): return keep(a.record(event))
    case .student(.b, let event): return keep(b.record(event))
    case .compared(let step, let comparison):
      self.comparison = comparison
      comparedStep = step
      return nil
    }
  }

  /// The memory of a run, for its first event.
  func memory(of run: String) -> Int? {
    ([a, b] + forks).first { $0.snapshot.name == run }?.snapshot.memory
  }

  /// The picture.
  mutating func snapshot() -> TrainingSnapshot {
    let (a, b) = (a.snapshot, b.snapshot)
    if difference.count != min(a.heldOutCurve.count, b.heldOutCurve.count) {
      difference = Self.difference(a.heldOutCurve, b.heldOutCurve)
    }
    // Where the files of newer evaluations could not be written, chunk by chunk is of an older step.
    let isNewest = difference.last.map { $0.step == comparedStep } ?? true
    let compared = isNewest ? comparison?.chunkMean : nil
    return TrainingSnapshot(
      runs: [a, b] + forks.map(\.snapshot), difference: difference,
      latestDifference: compared?.delta ?? difference.last?.loss,
      latestInterval: compared?.halfWidth,
      tokenShareToReach: Self.shareToReach(a.heldOutCurve, b.heldOutCurve), events: events)
  }

  /// B minus A at equal steps.
  static func difference(_ a: [CurvePoint], _ b: [CurvePoint]) -> [CurvePoint] {
    let losses = Dictionary(a.map { ($0.step, $0.loss) }, uniquingKeysWith: { $1 })
    return b.compactMap { point in
      losses[point.step].map {
        CurvePoint(
          step: point.step, tokens: point.tokens, loss: point.loss - $0, seconds: point.seconds)
      }
    }
  }

  /// Tokens that B needed for A's newest held-out loss, over A's tokens, between two evaluations by
  /// a straight line; nil while B has not reached it.
  static func shareToReach(_ a: [CurvePoint], _ b: [CurvePoint]) -> Double? {
    guard let goal = a.last, goal.tokens > 0,
      let index = b.firstIndex(where: { $0.loss <= goal.loss && $0.tokens > 0 })
    else { return nil }
    let reached = b[index]
    guard index > 0 else { return Double(reached.tokens) / Double(goal.tokens) }
    let before = b[index - 1]
    let slope = before.loss - reached.loss
    let part = slope > 0 ? (before.loss - goal.loss) / slope : 1
    let tokens = Double(before.tokens) + part * Double(reached.tokens - before.tokens)
    return tokens / Double(goal.tokens)
  }
}
