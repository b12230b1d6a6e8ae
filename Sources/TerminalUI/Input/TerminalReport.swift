/// What a terminal answers when it is asked, or says by itself: never a key.
public enum TerminalReport: Hashable, Sendable {
  /// The colour of its ground, or the kind of scheme that it shows.
  case ground(Ground)
  /// Its kind (DA1): every terminal answers this, and in order, so that what was asked before and has
  /// not been answered by then is not known to it.
  case attributes
  /// Flags of the kitty keyboard that are on.
  case keyboard(flags: Int)
  /// What it knows of a private mode (DECRPM).
  case mode(Int, isKnown: Bool)

  /// `ESC [ ? ... final`; nil where it is none of these.
  init?(parameters: ArraySlice<UInt8>, final: UInt8) {
    let numbers = KeySequences.numbers(parameters.filter { $0 != 0x24 }[...])
    switch (final, parameters.last == 0x24) {
    case (0x63, false): self = .attributes
    case (0x75, false): self = .keyboard(flags: numbers.first ?? 0)
    case (0x6E, false) where numbers == [997, 1]: self = .ground(.dark)
    case (0x6E, false) where numbers == [997, 2]: self = .ground(.light)
    case (0x79, true) where numbers.count == 2:
      // 0: not known; 1 and 2: on and off; 3: always on; 4: always off.
      self = .mode(numbers[0], isKnown: (1...3).contains(numbers[1]))
    default: return nil
    }
  }

  /// `ESC ] 11 ; rgb:ffff/ffff/ffff`
  init?(system text: String) {
    let parts = text.split(separator: ";", maxSplits: 1)
    guard parts.count == 2, parts[0] == "11", let ground = Ground(colour: String(parts[1])) else {
      return nil
    }
    self = .ground(ground)
  }
}
