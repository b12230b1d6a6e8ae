/// What decides where grapheme clusters end (UAX 29, extended clusters).
enum GraphemeKind: UInt8 {
  case other = 0
  /// Controls, and line and paragraph separators; carriage return and line feed among them.
  case control = 1
  /// Marks that join Indic conjuncts too.
  case extend = 2
  case spacingMark = 3
  case prepend = 4
  case joiner = 5
  case regionalIndicator = 6
  case pictograph = 7
  case indicConsonant = 8
  /// Viramas that make conjuncts.
  case indicLinker = 9
  /// Marks that no conjunct goes across.
  case extendAlone = 10
  case leadingJamo = 11
  case vowelJamo = 12
  case trailingJamo = 13
  case openSyllable = 14
  case closedSyllable = 15

  private static let table = ScalarValueTable(runs: GraphemeData.runs)

  init(of scalar: UInt32) {
    let kind = GraphemeKind(rawValue: Self.table[scalar]) ?? .other
    if kind == .other || kind == .extend, let hangul = Self.hangul(scalar) {
      self = hangul
    } else {
      self = kind
    }
  }

  private static func hangul(_ scalar: UInt32) -> GraphemeKind? {
    switch scalar {
    case 0x1100...0x115F, 0xA960...0xA97C: .leadingJamo
    case 0x1160...0x11A7, 0xD7B0...0xD7C6: .vowelJamo
    case 0x11A8...0x11FF, 0xD7CB...0xD7FB: .trailingJamo
    case Hangul.syllables..<Hangul.end:
      (scalar - Hangul.syllables) % Hangul.tailCount == 0 ? .openSyllable : .closedSyllable
    default: nil
    }
  }

  /// Whether a character of this kind belongs to whatever stands before it but controls.
  var joinsPrevious: Bool {
    switch self {
    case .extend, .extendAlone, .indicLinker, .spacingMark, .joiner: true
    default: false
    }
  }
}

/// Grapheme clusters of valid UTF-8.
struct GraphemeScanner {
  let base: UnsafePointer<UInt8>
  let count: Int

  /// Where the cluster that starts at `start` ends; `start` is below `count`.
  func end(from start: Int) -> Int {
    let first = UTF8Decoding.scalar(in: base, at: start)
    var offset = start + first.width
    var isReturn = first.value == 0x0D
    var state = State(first: GraphemeKind(of: first.value))
    while offset < count {
      let byte = base[offset]
      // Nothing joins ASCII to what stands before it but a prepended mark, or a line end.
      if byte < 0x80, state.last != .prepend, !(isReturn && byte == 0x0A) { return offset }
      let next = UTF8Decoding.scalar(in: base, at: offset)
      let joins = isReturn ? next.value == 0x0A : state.take(GraphemeKind(of: next.value))
      guard joins else { return offset }
      offset += next.width
      if isReturn { return offset }
      isReturn = false
    }
    return offset
  }

  /// What is known of the cluster so far.
  private struct State {
    var last: GraphemeKind
    private var isOddIndicator: Bool
    /// After a pictograph and marks: 1; after a joiner behind them: 2; otherwise 0.
    private var pictograph: Int
    /// After an Indic consonant and marks: 1; with a linker among them: 2; otherwise 0.
    private var conjunct: Int

    init(first: GraphemeKind) {
      last = first
      isOddIndicator = first == .regionalIndicator
      pictograph = first == .pictograph ? 1 : 0
      conjunct = first == .indicConsonant ? 1 : 0
    }

    /// Whether `next` belongs to the cluster; if so, it does from here on.
    mutating func take(_ next: GraphemeKind) -> Bool {
      guard joins(next) else { return false }
      switch next {
      case .pictograph: pictograph = 1
      case .extend, .extendAlone, .indicLinker: if pictograph == 2 { pictograph = 0 }
      case .joiner: pictograph = pictograph == 1 ? 2 : 0
      default: pictograph = 0
      }
      switch next {
      case .indicConsonant: conjunct = 1
      case .indicLinker: if conjunct > 0 { conjunct = 2 }
      case .extend, .joiner: break
      default: conjunct = 0
      }
      isOddIndicator = next == .regionalIndicator && !(last == .regionalIndicator && isOddIndicator)
      last = next
      return true
    }

    private func joins(_ next: GraphemeKind) -> Bool {
      if last == .control || next == .control { return false }
      if next.joinsPrevious || last == .prepend { return true }
      switch next {
      case .leadingJamo, .openSyllable, .closedSyllable: return last == .leadingJamo
      case .vowelJamo:
        return last == .leadingJamo || last == .vowelJamo || last == .openSyllable
      case .trailingJamo:
        return last == .vowelJamo || last == .openSyllable || last == .trailingJamo
          || last == .closedSyllable
      case .regionalIndicator: return last == .regionalIndicator && isOddIndicator
      case .pictograph: return pictograph == 2
      case .indicConsonant: return conjunct == 2
      default: return false
      }
    }
  }
}
