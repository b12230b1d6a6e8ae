import EngineInterface
import TerminalUI

/// A range of d that was marked on a histogram.
extension Reducer {
  /// Ends the marking of a range on a plot; false without one.
  mutating func brushed(_ plot: PlotID) -> Bool {
    guard let range = state.brushed(plot) else { return false }
    brushed(lower: range.lowerBound, upper: range.upperBound)
    return true
  }

  /// What a marked range asks for: chunks with `d>=lower d<=upper`.
  mutating func brushed(lower: Double, upper: Double) {
    guard lower.isFinite, upper.isFinite, lower <= upper else { return }
    applyBrush(lower...upper)
  }

  /// Lists the chunks of a range.
  mutating func applyBrush(_ range: ClosedRange<Double>) {
    guard state.engine.corpus != nil, state.engine.selection != nil else {
      return say("Nothing to list before the first scores are there.", isWarning: true)
    }
    listChunks(within: [("d", range)])
  }
}

extension HistogramSnapshot {
  /// Scores in a range, with parts of bins by their length.
  func count(in range: ClosedRange<Double>) -> Double {
    guard let from = share(atLeast: range.lowerBound), let to = share(atLeast: range.upperBound)
    else { return 0 }
    return max(0, from - to) * Double(total)
  }
}
