import EngineInterface
import Numerics
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

  /// Lists the chunks of a range: those that the list at the border has.
  mutating func applyBrush(_ range: ClosedRange<Double>) {
    let words =
      "d \(Number.fixed(range.lowerBound, 3)) to \(Number.fixed(range.upperBound, 3))"
    guard let selection = state.engine.selection else {
      return say("\(words): nothing to list before the scores are whole.", isWarning: true)
    }
    let counted = Int(selection.histogram.count(in: range).rounded())
    let found = selection.border.indices.filter { row in
      selection.border[row].difference.map(range.contains) ?? false
    }
    guard let first = found.first else {
      return say("\(words): \(Number.grouped(counted)) chunks, none of them near the border.")
    }
    if state.screen != .select { go(to: .select) }
    state.select.followsBorder = false
    focus(.border)
    selectRow(first, in: .border)
    say(
      "\(words): \(Number.grouped(counted)) chunks, \(Number.grouped(found.count)) of them in the "
        + "list at the border.")
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
