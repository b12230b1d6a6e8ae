import DifferenceSampling
import EngineInterface

/// Why a change of the selection cannot be made, a sentence.
struct SelectionRefusal: Error {
  let text: String
}

extension SelectionHistory {
  /// Does what a command asks; false where that is nothing.
  ///
  /// - Parameters:
  ///   - ratio: the share that is kept now, by which pins are kept.
  ///   - keeps: whether a chunk is kept now.
  mutating func apply(
    _ command: EngineCommand, ratio: Double, keeps: (Int) -> Bool
  ) throws(SelectionRefusal) -> Bool {
    switch command {
    case .setRatio(let ratio): move(to: .ratio(min(1, max(0, ratio))))
    case .moveRatio(let ratio, let gesture):
      move(to: .ratio(min(1, max(0, ratio))), gesture: gesture)
    case .setThreshold(let threshold):
      guard threshold.isFinite else { return false }
      guard settings.ranking.isMethod else {
        throw SelectionRefusal(
          text: "A threshold is of differences, and chunks are ranked by "
            + "\(settings.ranking.words): give a ratio.")
      }
      move(to: .threshold(Float(threshold)))
    case .setTeacherCap(let cap):
      if let cap, !cap.isFinite { return false }
      setTeacherCap(cap)
    case .setRanking(let ranking): setRanking(SelectionRanking(ranking), ratio: ratio)
    case .undo: undo()
    case .redo: redo()
    case .pin(let name): pin(name, ratio: ratio)
    case .recallPin(let name):
      guard recall(name) else { return false }
    case .flipChunk(let chunk): flip(chunk: chunk, isKept: keeps(chunk))
    case .setFloor(let source, let share):
      setFloor(source: source, share: share.map { min(1, max(0, $0)) })
    default: return false
    }
    return true
  }
}
