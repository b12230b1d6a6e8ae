import EngineInterface
import TerminalUI

/// How curves of training are drawn, on the Models and the Train screen.
public struct TrainOptions: ScreenSettings, Hashable {
  public enum Axis: String, CaseIterable, Hashable, Sendable {
    case tokens, step
  }

  public static let smoothings = [0.0, 0.6, 0.9, 0.98]

  /// Weight of the past in the moving average, 0 = off.
  public var smoothing = 0.0
  public var axis: Axis = .tokens
  public var isLogarithmic = false
  /// The loss of the training batches, each run on its own data, in place of the held-out loss.
  public var showsTrainLoss = false
  /// The newest share of the curve is drawn: 1, 1/2, 1/4...
  public var zoom = 0
  /// The step that a person points at, and the place of its run among the runs.
  public var cursor: Int?
  public var cursorRun = 0
  /// The batch that was asked for last, and its chunks that are marked.
  public var batch: BatchPlace?
  public var marked: Set<Int> = []

  /// A step of a run.
  public struct BatchPlace: Hashable, Sendable {
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

  static let xAxis = Action("axis.x", [.character("X")], "x axis: tokens or steps", label: "x") {
    $0.state.train.axis = Reducer.next($0.state.train.axis)
  }

  static let logLoss = Action(
    "axis.logLoss", [.character("L")], "logarithmic axis", label: "log"
  ) { $0.state.train.isLogarithmic.toggle() }

  static let lossKind = Action(
    "train.loss", [.character("t")], "held-out loss or training loss", label: "loss"
  ) { $0.state.train.showsTrainLoss.toggle() }

  static let zoomIn = Action(
    "zoom.in", [.character("+")], "zoom to the newest half", label: "zoom"
  ) { $0.zoom(1) }

  static let zoomOut = Action("zoom.out", [.character("-")], "zoom out") { $0.zoom(-1) }
}

extension Reducer {
  mutating func zoom(_ step: Int) {
    state.train.zoom = min(6, max(0, state.train.zoom + step))
  }
}
