import EngineInterface
import Numerics
import TerminalUI

/// The step of a run that a person points at on the curve.
extension ViewState {
  /// The run that the cursor is on.
  var cursorRun: RunSnapshot? {
    let runs = engine.training?.runs ?? []
    return runs[safe: min(train.cursorRun, runs.count - 1)]
  }

  /// The step under the cursor; nil where no step is done or nobody points at one.
  var cursorPoint: CurvePoint? {
    guard let step = train.cursor, let curve = cursorRun?.trainCurve, !curve.isEmpty else {
      return nil
    }
    return curve[max(0, curve.firstPlace { $0.step > step } - 1)]
  }
}

/// Pointing at steps, and from there to their batches.
extension Action {
  static let stepBefore = cursor("cursor.before", [.character(",")], "one step before", -1)
  static let stepAfter = cursor("cursor.after", [.character(".")], "one step further", 1)

  static let cursorRun = Action(
    "cursor.run", [.character("n")], "point at the next run", label: "run", notNow: noStep,
    does: { reducer in
      let count = reducer.state.engine.training?.runs.count ?? 1
      reducer.state.train.cursorRun = (reducer.state.train.cursorRun + 1) % max(1, count)
      reducer.pointAt(reducer.state.train.cursor ?? .max)
    })

  static let cursorSpike = Action(
    "cursor.spike", [.character("z")], "point at the largest jump of the loss", label: "spike",
    notNow: noStep,
    does: { reducer in
      guard let curve = reducer.state.cursorRun?.trainCurve,
        let step = CurveCursor.largestJump(curve)
      else { return reducer.say("The loss of this run does not jump.", isWarning: true) }
      reducer.pointAt(step)
    })

  static let openBatch = Action(
    "cursor.batch", [], "the batch of the step",
    notNow: { state in
      noStep(state)
        ?? (state.cursorPoint == nil
          ? "Point at a step first: \(state.key(.left)) and \(state.key(.right))." : nil)
    },
    does: { reducer in
      guard let run = reducer.state.cursorRun, let point = reducer.state.cursorPoint else { return }
      reducer.openBatch(run: run.name, step: max(1, point.step))
    })

  private static let noStep: @Sendable (ViewState) -> String? = { state in
    state.cursorRun?.trainCurve.isEmpty ?? true ? "No step is done yet." : nil
  }

  private static func cursor(
    _ id: String, _ keys: [Key], _ title: String, _ direction: Int
  ) -> Action {
    Action(
      id, keys, title, notNow: noStep,
      does: { reducer in
        guard let curve = reducer.state.cursorRun?.trainCurve, let last = curve.last else { return }
        guard let point = reducer.state.cursorPoint else { return reducer.pointAt(last.step) }
        let place = max(0, curve.firstPlace { $0.step > point.step } - 1)
        let next = min(curve.count - 1, max(0, place + direction))
        reducer.pointAt(curve[next].step)
      })
  }
}

extension Reducer {
  /// Puts the cursor on a step of its run, or the last one before.
  mutating func pointAt(_ step: Int) {
    state.train.cursor = step
    guard let point = state.cursorPoint, let run = state.cursorRun else { return }
    state.train.cursor = point.step
    if let whole = state.content(of: .training)?.whole {
      reveal(.training, state.curveAxis.x(point, of: run), whole)
    }
    say(
      "\(run.name), step \(point.step): loss \(RunFigures.loss(point.loss)). "
        + "\(state.key(.open)) shows its batch.")
  }

  /// Asks for the batch of a step, and shows it.
  mutating func openBatch(run: String, step: Int) {
    if state.train.batch?.run != run || state.train.batch?.step != step {
      state.train.marked = []
    }
    state.train.batch = .init(run: run, step: step)
    state.overlay = .batch(ListState())
    send(.openBatch(run: run, step: step))
  }
}

enum CurveCursor {
  /// The step whose loss is farthest above the mean of the 32 before it; a loss that is no number is
  /// farther than any.
  static func largestJump(_ curve: [CurvePoint]) -> Int? {
    var best: (step: Int, jump: Double)?
    var (sum, window): (Double, [Double]) = (0, [])
    for point in curve {
      if window.count >= 4 {
        let jump = point.loss.isFinite ? point.loss - sum / Double(window.count) : .infinity
        if jump > max(0, best?.jump ?? 0) { best = (point.step, jump) }
      }
      guard point.loss.isFinite else { continue }
      window.append(point.loss)
      sum += point.loss
      if window.count > 32 { sum -= window.removeFirst() }
    }
    return best?.step
  }
}
