/// Turns the bytes that a terminal sends into events.
///
/// A pure state machine: bytes may be cut anywhere. It knows the CSI and SS3 forms of all common
/// terminals, the key strings of the current terminal's description, mouse reports in SGR and in the
/// old form, the kitty keyboard's form, bracketed paste, focus reports and what terminals answer.
/// Sequences it does not know are swallowed whole, so that no part of them acts as a key. Broken UTF-8 gives nothing.
public struct InputDecoder: Sendable {
  /// Longer pastes are cut.
  public static let maximumPaste = 1 << 22
  /// A control sequence longer than this is noise.
  static let maximumSequence = 64

  private enum State {
    case ground
    case escape
    /// After `ESC O`.
    case single
    /// After `ESC [`; parameters so far.
    case control([UInt8])
    /// After `ESC [ M`: three bytes of an old mouse report.
    case oldMouse([UInt8])
    /// After `ESC ]`, `ESC P`...: until BEL or `ESC \`; the beginning is kept.
    case string(kind: UInt8, bytes: [UInt8], afterEscape: Bool, count: Int)
    case paste
  }

  private var state = State.ground
  private var utf8 = UTF8Collector()
  private var pasted: [UInt8] = []
  private var mouse = MouseTracker()
  private let described: [[UInt8]: Key]
  private let longestDescribed: Int
  /// Bytes since an ESC, while they may still become a described key.
  private var candidate: [UInt8] = []

  /// `described` holds the key strings of the terminal's description (terminfo).
  public init(described: [[UInt8]: Key] = [:]) {
    self.described = described.filter { $0.key.first == 0x1B && $0.key.count > 2 }
    longestDescribed = self.described.keys.map(\.count).max() ?? 0
  }

  /// True while an ESC waits for what may follow: call `flush` after 25 ms of silence.
  public var isWaiting: Bool {
    switch state {
    case .ground, .paste: false
    default: true
    }
  }

  /// True inside a string that a terminal answers with.
  var isInString: Bool { if case .string = state { true } else { false } }

  /// Takes bytes at a time (in milliseconds, for double clicks).
  public mutating func decode(_ bytes: some Sequence<UInt8>, at time: Int = 0) -> [InputEvent] {
    var events: [InputEvent] = []
    for byte in bytes { take(byte, time, &events) }
    return events
  }

  /// Ends a sequence that did not go on: a lone ESC is the Esc key, a half sequence is nothing.
  public mutating func flush() -> [InputEvent] {
    defer {
      if case .paste = state {} else { state = .ground }
      candidate = []
    }
    if case .escape = state { return [.key(.escape)] }
    return []
  }

  private mutating func take(_ byte: UInt8, _ time: Int, _ events: inout [InputEvent]) {
    if takeDescribed(byte, &events) { return }
    switch state {
    case .ground: ground(byte, &events)
    case .escape: afterEscape(byte, &events)
    case .single:
      state = .ground
      if let key = KeySequences.single[byte] { events.append(.key(key)) }
    case .control(let parameters): control(byte, parameters, time, &events)
    case .oldMouse(let report):
      let report = report + [byte]
      state = report.count == 3 ? .ground : .oldMouse(report)
      if report.count == 3, let event = mouse.event(old: report, at: time) {
        events.append(.mouse(event))
      }
    case .string(let kind, let bytes, let afterEscape, let count):
      string(byte, kind, bytes, afterEscape, count, &events)
    case .paste: paste(byte, &events)
    }
  }

  private mutating func string(
    _ byte: UInt8, _ kind: UInt8, _ bytes: [UInt8], _ afterEscape: Bool, _ count: Int,
    _ events: inout [InputEvent]
  ) {
    if byte == 0x07 || (afterEscape && byte == 0x5C) || count > 65_536 {
      state = .ground
      if kind == 0x5D, let report = TerminalReport(system: String(decoding: bytes, as: UTF8.self)) {
        events.append(.report(report))
      }
      return
    }
    let isKept = byte != 0x1B && bytes.count < Self.maximumSequence
    state = .string(
      kind: kind, bytes: isKept ? bytes + [byte] : bytes, afterEscape: byte == 0x1B,
      count: count + 1)
  }

  /// Follows the strings of the terminal's description beside the state machine; true if the byte
  /// ended one of them.
  private mutating func takeDescribed(_ byte: UInt8, _ events: inout [InputEvent]) -> Bool {
    if case .paste = state { return false }
    if byte == 0x1B { candidate = [byte] } else if !candidate.isEmpty { candidate.append(byte) }
    guard candidate.count <= longestDescribed else {
      candidate = []
      return false
    }
    guard let key = described[candidate] else { return false }
    candidate = []
    state = .ground
    events.append(.key(key))
    return true
  }

  private mutating func ground(_ byte: UInt8, _ events: inout [InputEvent]) {
    if byte == 0x1B {
      utf8.reset()
      state = .escape
    } else if byte < 0x20 || byte == 0x7F {
      utf8.reset()
      if let key = KeySequences.control(byte) { events.append(.key(key)) }
    } else if let scalar = utf8.take(byte) {
      // C1 controls in UTF-8 are no keys.
      if !(0x80..<0xA0).contains(scalar.value) {
        events.append(.key(.character(Character(scalar))))
      }
    }
  }

  private mutating func afterEscape(_ byte: UInt8, _ events: inout [InputEvent]) {
    switch byte {
    case 0x5B: state = .control([])
    case 0x4F: state = .single
    case 0x5D, 0x50, 0x5E, 0x5F, 0x58:
      state = .string(kind: byte, bytes: [], afterEscape: false, count: 0)
    case 0x1B: events.append(.key(.escape))
    default:
      // Alt and a key arrives as ESC and the key; Alt is not relied upon: Esc, then the key.
      state = .ground
      events.append(.key(.escape))
      ground(byte, &events)
    }
  }

  private mutating func control(
    _ byte: UInt8, _ parameters: [UInt8], _ time: Int, _ events: inout [InputEvent]
  ) {
    switch byte {
    case 0x1B: state = .escape
    case 0x4D where parameters.isEmpty: state = .oldMouse([])
    case 0x5B where parameters.isEmpty: state = .control([byte])  // F1-F5 of the Linux console
    case 0x20..<0x40:
      state = parameters.count < Self.maximumSequence ? .control(parameters + [byte]) : .ground
    case 0x40..<0x7F:
      state = .ground
      finish(byte, parameters, time, &events)
    default: state = .ground
    }
  }

  private mutating func finish(
    _ final: UInt8, _ parameters: [UInt8], _ time: Int, _ events: inout [InputEvent]
  ) {
    if parameters.first == 0x3C, final == 0x4D || final == 0x6D {
      let numbers = KeySequences.numbers(parameters.dropFirst())
      if let event = mouse.event(sgr: numbers, isRelease: final == 0x6D, at: time) {
        events.append(.mouse(event))
      }
      return
    }
    if parameters.first == 0x3F {
      if let report = TerminalReport(parameters: parameters.dropFirst(), final: final) {
        events.append(.report(report))
      }
      return
    }
    switch (final, parameters) {
    case (0x75, _): events += KittyKeys.events(parameters)
    case (0x49, []): events.append(.focus(true))
    case (0x4F, []): events.append(.focus(false))
    case (0x7E, Array("200".utf8)):
      pasted = []
      state = .paste
    default:
      if let key = KeySequences.key(parameters: parameters, final: final) {
        events.append(.key(key))
      }
    }
  }

  private mutating func paste(_ byte: UInt8, _ events: inout [InputEvent]) {
    pasted.append(byte)
    let end = KeySequences.pasteEnd
    if byte == 0x7E && pasted.suffix(end.count).elementsEqual(end) {
      pasted.removeLast(end.count)
      state = .ground
      // Terminals send line ends of a paste as carriage returns.
      let text = String(decoding: pasted.prefix(Self.maximumPaste), as: UTF8.self)
        .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
      events.append(.paste(text))
      pasted = []
    } else if pasted.count >= Self.maximumPaste + 1024 {
      // Keep what may be the beginning of the end.
      pasted.removeSubrange(Self.maximumPaste..<(pasted.count - end.count))
    }
  }
}

/// Puts bytes of UTF-8 together; what is broken is dropped.
private struct UTF8Collector: Sendable {
  private var bytes: [UInt8] = []
  private var needed = 0

  mutating func reset() {
    bytes = []
    needed = 0
  }

  mutating func take(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case 0..<0x80:
      reset()
      return Unicode.Scalar(byte)
    case 0x80..<0xC0:
      guard needed > 0 else { return nil }
      bytes.append(byte)
      needed -= 1
      guard needed == 0 else { return nil }
      defer { reset() }
      guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
      return text.unicodeScalars.first
    default:
      reset()
      needed = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF8 ? 3 : 0
      if needed > 0 { bytes = [byte] }
      return nil
    }
  }
}
