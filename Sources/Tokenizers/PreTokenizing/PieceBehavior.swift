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

/// A piece of text that no token crosses, in byte offsets.
struct Piece: BitwiseCopyable {
  var start: Int
  var end: Int
}

/// Takes the matches and gaps of one piece in order and makes new pieces of them.
struct PieceCollector {
  let behavior: PieceBehavior
  var pieces: [Piece] = []
  private var followsMatch = false
  private var isFirst = true

  init(behavior: PieceBehavior, reusing memory: [Piece]) {
    self.behavior = behavior
    pieces = memory
    pieces.removeAll(keepingCapacity: true)
  }

  /// Starts a new piece of input, which joins with nothing before it.
  @inline(__always)
  mutating func begin() {
    followsMatch = false
    isFirst = true
  }

  /// Takes the next match or gap.
  @inline(__always)
  mutating func take(_ start: Int, _ end: Int, isMatch: Bool) {
    if start == end { return }
    let joins: Bool
    switch behavior {
    case .isolated: joins = false
    case .removed:
      if isMatch { return }
      joins = false
    case .contiguous: joins = isMatch == followsMatch
    case .mergedWithPrevious: joins = isMatch && !followsMatch
    case .mergedWithNext: joins = !isMatch && followsMatch
    }
    followsMatch = isMatch
    if joins, !isFirst {
      pieces[pieces.count - 1].end = end
    } else {
      pieces.append(Piece(start: start, end: end))
    }
    isFirst = false
  }
}
