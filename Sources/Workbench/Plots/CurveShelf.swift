import EngineInterface
import TerminalUI

/// The thinned curves of long runs on the Train screen, kept while nothing that they are made of changes:
/// a cursor that walks, or the mouse on its way, costs no pass over a million points.
public struct CurveShelf: Hashable, Sendable {
  /// What the curves are made of.
  struct Key: Hashable {
    private var runs: [Run]
    private var axis: TrainOptions.Axis
    private var window: PlotScale?
    private var smoothing: Double
    private var heldOut: Bool

    /// What tells a longer curve from a shorter one.
    private struct Run: Hashable {
      var name: String
      var points: Int
      var evaluations: Int
      var step: Int?
      /// Its bits: a loss may be no number, which equals nothing.
      var loss: UInt64?
    }

    init(_ state: ViewState) {
      runs = (state.engine.training?.runs ?? []).map { run in
        Run(
          name: run.name, points: run.trainCurve.count, evaluations: run.heldOutCurve.count,
          step: run.trainCurve.last?.step, loss: run.trainCurve.last?.loss.bitPattern)
      }
      axis = state.curveAxis.kind
      window = state.shown(.training)
      smoothing = state.train.smoothing
      heldOut = !state.train.showsTrainLoss
    }
  }

  let key: Key
  let losses: [PlotSeries]
  let norms: [PlotSeries]

  /// Curves with fewer points are thinned as fast as they are looked up.
  static let leastPoints = 50_000
}

extension Reducer {
  /// Thins long curves anew where something about them has changed.
  mutating func keepCurves() {
    let runs = state.engine.training?.runs ?? []
    guard state.screen == .train,
      runs.contains(where: { $0.trainCurve.count >= CurveShelf.leastPoints })
    else { return }
    let key = CurveShelf.Key(state)
    guard state.plots.shelf?.key != key else { return }
    state.plots.shelf = nil
    state.plots.shelf = CurveShelf(
      key: key,
      losses: RunPlot.series(runs, state, .training, heldOut: !state.train.showsTrainLoss),
      norms: TrainDetails.norms(runs, state))
  }
}

extension ViewState {
  /// What is kept of the present curves.
  var shelf: CurveShelf? {
    plots.shelf.flatMap { $0.key == CurveShelf.Key(self) ? $0 : nil }
  }
}
