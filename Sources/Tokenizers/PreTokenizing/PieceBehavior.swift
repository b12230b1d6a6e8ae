/// What becomes of the matches of a Split, Digits or Punctuation stage.
enum PieceBehavior: String, Sendable {
  /// Matches and the gaps between them are pieces.
  case isolated = "Isolated"
  /// Only the gaps are pieces.
  case removed = "Removed"
  /// A match ends the piece before it.
  case mergedWithPrevious = "MergedWithPrevious"
  /// A match begins the piece after it.
  case mergedWithNext = "MergedWithNext"
  /// Neighbouring matches are one piece.
  case contiguous = "Contiguous"
}

/// Takes the matches and gaps of one piece in order and makes new pieces of them.
///
/// Holds back the last piece, since what follows may join it; `last` gives it at the end.
struct PieceMerger {
  private let behavior: PieceBehavior
  private var pending: Range<Int>?
  private var followsMatch = false

  init(behavior: PieceBehavior) { self.behavior = behavior }

  /// The piece that is held back.
  var last: Range<Int>? { Self.filled(pending) }

  /// What a match of nothing makes is no piece, but it parts its neighbours.
  private static func filled(_ piece: Range<Int>?) -> Range<Int>? {
    piece.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Takes the next match or gap; returns a piece that nothing can join any more.
  @inline(__always)
  mutating func take(_ start: Int, _ end: Int, isMatch: Bool) -> Range<Int>? {
    let joins: Bool
    switch behavior {
    case .isolated: joins = false
    case .removed:
      if isMatch { return nil }
      joins = false
    case .contiguous: joins = isMatch == followsMatch
    case .mergedWithPrevious: joins = isMatch && !followsMatch
    case .mergedWithNext: joins = !isMatch && followsMatch
    }
    followsMatch = isMatch
    if joins, let open = pending {
      pending = open.lowerBound..<end
      return nil
    }
    let finished = pending
    pending = start..<end
    return Self.filled(finished)
  }
}
