/// How much of a row or column of panes one pane takes.
public enum Extent: Hashable, Sendable {
  /// Exactly so many cells while there is room.
  case fixed(Int)
  /// A share (0...1) of the whole, at least `minimum` cells while there is room.
  case fraction(Double, minimum: Int = 0)
  /// What the others leave, shared by weight, at least `minimum` cells while there is room.
  case fill(weight: Double = 1, minimum: Int = 0)
}

extension Rect {
  /// Cuts the rectangle into panes side by side. The panes never overlap, never leave the rectangle
  /// and, with `gap` 0 and any `.fill`, cover it exactly. Where room is short, later panes shrink first.
  public func columns(_ extents: [Extent], gap: Int = 0) -> [Rect] {
    var left = x
    return Extent.lengths(extents, total: width, gap: gap).map { length in
      defer { left += length + gap }
      return Rect(x: min(left, maxX), y: y, width: length, height: height)
    }
  }

  /// Cuts the rectangle into panes one above the other; see `columns`.
  public func rows(_ extents: [Extent], gap: Int = 0) -> [Rect] {
    var top = y
    return Extent.lengths(extents, total: height, gap: gap).map { length in
      defer { top += length + gap }
      return Rect(x: x, y: min(top, maxY), width: width, height: length)
    }
  }
}

extension Extent {
  /// Lengths of all panes; their sum and the gaps never exceed `total`.
  static func lengths(_ extents: [Extent], total: Int, gap: Int) -> [Int] {
    let room = max(0, total - gap * max(0, extents.count - 1))
    var lengths = extents.map { extent in
      switch extent {
      case .fixed(let length): max(0, length)
      case .fraction(let share, let minimum):
        max(minimum, Int((Double(room) * min(1, max(0, share))).rounded()), 0)
      case .fill(_, let minimum): max(0, minimum)
      }
    }
    var spare = room - lengths.reduce(0, +)
    if spare < 0 {
      for index in lengths.indices.reversed() where spare < 0 {
        let cut = min(lengths[index], -spare)
        lengths[index] -= cut
        spare += cut
      }
      return lengths
    }
    shareOut(spare, among: extents, into: &lengths)
    return lengths
  }

  /// Gives spare cells to the `.fill` panes by weight; rounding leaves no cell over.
  private static func shareOut(_ spare: Int, among extents: [Extent], into lengths: inout [Int]) {
    let fills = extents.enumerated().compactMap { (index, extent) -> (Int, Double)? in
      if case .fill(let weight, _) = extent { (index, max(0, weight)) } else { nil }
    }
    var weightLeft = fills.reduce(0) { $0 + $1.1 }
    var spareLeft = spare
    for (index, weight) in fills {
      let share =
        weightLeft > 0 ? Int((Double(spareLeft) * min(1, weight / weightLeft)).rounded()) : 0
      lengths[index] += share
      spareLeft -= share
      weightLeft -= weight
    }
    if let last = fills.last { lengths[last.0] += spareLeft }
  }
}
