import EngineInterface
import TerminalUI

/// How histograms are drawn.
public struct HistogramOptions: ScreenSettings, Hashable, Codable {
  /// Most bins drawn; the engine's own number is the upper end.
  public var bins = 64
  public var isLogarithmic = false
  /// What stands in the histogram's place.
  public var kind = ScorePlotKind.histogram

  public static let binChoices = [16, 32, 64, 128]

  public init() {}
}

extension ViewState {
  public var histogram: HistogramOptions {
    get { settings[HistogramOptions.self] }
    set { settings[HistogramOptions.self] = newValue }
  }
}

/// Histograms of scores: bins and axis.
extension Action {
  static let bins = Action("histogram.bins", [.character("H")], "number of bins", label: "bins") {
    reducer in
    let choices = HistogramOptions.binChoices
    let index = choices.firstIndex(of: reducer.state.histogram.bins) ?? 0
    reducer.state.histogram.bins = choices[(index + 1) % choices.count]
  }

  static let logAxis = Action(
    "axis.log", [.character("L")], "logarithmic axis", label: "log"
  ) { $0.state.histogram.isLogarithmic.toggle() }
}

extension Reducer {
  /// The value after this one; after the last comes the first.
  static func next<Value: CaseIterable & Equatable>(_ value: Value) -> Value {
    let all = Array(Value.allCases)
    guard let index = all.firstIndex(of: value) else { return value }
    return all[(index + 1) % all.count]
  }
}
