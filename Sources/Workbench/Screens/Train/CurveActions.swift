import EngineInterface
import TerminalUI

/// How curves of training are drawn, on the Models, the Train and the Compare screen.
public struct TrainOptions: ScreenSettings, Hashable, Codable {
  public enum Axis: String, CaseIterable, Hashable, Sendable, Codable {
    case tokens, step
    case operations = "FLOPs"
    /// Seconds of work of the run.
    case time
  }

  public static let smoothings = [0.0, 0.6, 0.9, 0.98]

  /// Weight of the past in the moving average, 0 = off.
  public var smoothing = 0.0
  public var axis: Axis = .tokens
  /// Of the y axis, and of the x axis.
  public var isLogarithmic = false
  public var hasLogarithmicX = false
  /// The loss of the training batches, each run on its own data, in place of the held-out loss.
  public var showsTrainLoss = false
  /// The step that a person points at, and the place of its run among the runs.
  public var cursor: Int?
  public var cursorRun = 0
  /// The batch that was asked for last, and its chunks that are marked.
  public var batch: BatchPlace?
  public var marked: Set<Int> = []

  /// A step of a run.
  public struct BatchPlace: Hashable, Sendable, Codable {
    public var run: String
    public var step: Int
  }

  public init() {}
}

extension ViewState {
  public var train: TrainOptions {
    get { settings[TrainOptions.self] }
    set { settings[TrainOptions.self] = newValue }
  }
}

extension Action {
  static let smoothing = Action(
    "smoothing", [.character("s")], "smoothing of the curves", label: "smooth"
  ) { reducer in
    let choices = TrainOptions.smoothings
    let index = choices.firstIndex(of: reducer.state.train.smoothing) ?? 0
    reducer.state.train.smoothing = choices[(index + 1) % choices.count]
  }

  static let xAxis = Action(
    "axis.x", [.character("X")], "x axis: tokens, steps, FLOPs, compute time", label: "x"
  ) { $0.nextAxis() }

  static let logLoss = Action(
    "axis.logLoss", [.character("L")], "logarithmic axes: y, x, both, none", label: "log"
  ) { $0.nextLogarithm() }

  static let lossKind = Action(
    "train.loss", [.character("t")], "held-out loss or training loss", label: "loss"
  ) { $0.state.train.showsTrainLoss.toggle() }
}

extension Reducer {
  /// The next axis that the runs say enough for; the window stays about the same steps.
  fileprivate mutating func nextAxis() {
    let (runs, id) = state.drawnRuns
    let known = TrainOptions.Axis.allCases.filter { CurveAxis.isKnown($0, of: runs) }
    let place = known.firstIndex(of: state.curveAxis.kind) ?? 0
    keepingWindow(id) { $0.train.axis = known[(place + 1) % known.count] }
    if known.count < TrainOptions.Axis.allCases.count, place + 1 == known.count {
      say("FLOPs and compute time are known once runs have steps and a checkpoint.")
    }
  }

  fileprivate mutating func nextLogarithm() {
    let (_, id) = state.drawnRuns
    keepingWindow(id) { state in
      switch (state.train.isLogarithmic, state.train.hasLogarithmicX) {
      case (false, false): state.train.isLogarithmic = true
      case (true, false): (state.train.isLogarithmic, state.train.hasLogarithmicX) = (false, true)
      case (false, true): state.train.isLogarithmic = true
      case (true, true): (state.train.isLogarithmic, state.train.hasLogarithmicX) = (false, false)
      }
    }
  }

  /// Changes the axis, and puts window and cursor where the same points are on the new one.
  private mutating func keepingWindow(_ id: PlotID, _ change: (inout ViewState) -> Void) {
    let before = state.content(of: id)?.stops
    let window = state.plots.windows[id.rawValue]
    let shown = state.shown(id)
    let cursor = id == .training ? nil : state.cursor(id)
    let places = [shown?.low, shown?.high, cursor].map { place in
      place.flatMap { place in before.map { $0.nearestIndex(place) } }
    }
    change(&state)
    guard let after = state.content(of: id)?.stops, after.count > 0 else { return }
    func moved(_ index: Int?) -> Double? { index.map { after.x(min(after.count - 1, $0)) } }
    if let window, let low = moved(places[0]), let high = moved(places[1]), low < high {
      state.plots.windows[id.rawValue] = PlotWindow(
        low: low, high: high, followsEnd: window.followsEnd)
    } else {
      state.plots.windows[id.rawValue] = nil
    }
    if let cursor = moved(places[2]) { state.plots.cursors[id.rawValue] = cursor }
  }
}

extension ViewState {
  /// The runs whose curves the screen draws, and their plot.
  var drawnRuns: (runs: [RunSnapshot], id: PlotID) {
    switch screen {
    case .models: (engine.models?.runs ?? [], .models)
    case .compare: (comparedRuns, .compare)
    default: (engine.training?.runs ?? [], .training)
    }
  }
}
