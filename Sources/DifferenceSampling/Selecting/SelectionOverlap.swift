/// The chunks that two selections share: O(n).
public struct SelectionOverlap: Sendable, Equatable {
  public let both: Int
  public let onlyFirst: Int
  public let onlySecond: Int

  public init(_ first: Selection, _ second: Selection) {
    self.init(kept: first.keptChunks(), second.keptChunks())
  }

  /// - Parameters: ascending numbers of chunks.
  public init(kept first: [Int], _ second: [Int]) {
    var (place, both) = (0, 0)
    for chunk in first {
      while place < second.count, second[place] < chunk { place += 1 }
      if place == second.count { break }
      if second[place] == chunk { both += 1 }
    }
    self.both = both
    onlyFirst = first.count - both
    onlySecond = second.count - both
  }

  var onlyOnes: (Int, Int) { (onlyFirst, onlySecond) }
}
