import CCurses
import Glibc

/// The real terminal, drawn with ncurses.
///
/// Input does not go through curses: a thread reads the terminal and `InputDecoder` makes events, so
/// that Esc costs no wait on the main actor and unknown sequences act as no key. Output is curses'.
/// The terminal is restored by `close`, by exit() and by fatal signals.
@MainActor
public final class CursesTerminal: Terminal {
  public private(set) var size: Size
  public let traits: TerminalTraits
  public var theme: Theme {
    didSet { if theme != oldValue { painter.forgetColours() } }
  }
  public let wakeUps: AsyncStream<Void>

  private let output: Int32
  private let input: Int32
  private let ownsInput: Bool
  private let pipe: (read: Int32, write: Int32)
  private let continuation: AsyncStream<Void>.Continuation
  var modes: TerminalModes
  private let inbox: InputInbox
  private let thread: InputThread
  private var painter: CursesPainter
  private var decoder: InputDecoder
  private var isMouseOn = false
  private(set) var isOpen = true
  /// Questions are on their way: the terminal has not answered the last one yet.
  public internal(set) var isAsking = false
  public internal(set) var ground: Ground?
  private var flushDeadline: ContinuousClock.Instant?
  private let start = ContinuousClock.now

  /// Silence after an ESC that makes it the Esc key.
  private static let escapeDelay = Duration.milliseconds(25)
  /// A slow line may cut an answer in two: its second half must not become keys.
  private static let answerDelay = Duration.milliseconds(500)

  /// Whether a terminal of this kind could be taken over, before anything is begun for it; its name.
  @discardableResult
  public static func probe(_ terminal: String?) throws(TerminalError) -> String {
    guard isatty(STDOUT_FILENO) == 1 else { throw .outputIsNoTerminal }
    guard let terminal, !terminal.isEmpty else { throw .terminalNotNamed }
    switch cc_terminal_probe(terminal, STDOUT_FILENO) {
    case CC_TERMINAL_UNKNOWN: throw .unknownTerminal(name: terminal)
    case CC_TERMINAL_NO_CURSOR: throw .noCursorAddressing(name: terminal)
    default: return terminal
    }
  }

  /// Takes the terminal over.
  ///
  /// `terminal` is the kind (TERM) and `noColor` the variable NO_COLOR, read from the environment by
  /// the program's entry. Throws before anything is changed on the screen.
  public init(
    terminal: String?, noColor: String? = nil, options: ScreenOptions = ScreenOptions()
  ) throws(TerminalError) {
    let terminal = try Self.probe(terminal)
    let isUTF8 = cc_locale_is_utf8()
    output = STDOUT_FILENO
    // A pipe on standard input is data; keys come from the terminal itself.
    ownsInput = isatty(STDIN_FILENO) != 1
    input = ownsInput ? open("/dev/tty", O_RDWR | O_CLOEXEC) : STDIN_FILENO
    guard input >= 0 else { throw .noKeyboard }
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0, cc_guard_install(input, output, ends[1]) == 0 else {
      throw .noKeyboard
    }
    // A handler must never wait, and children need no end of it.
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    pipe = (ends[0], ends[1])
    guard cc_screen_open(terminal, output, input) == 0 else {
      cc_guard_remove()
      throw .refused(name: terminal)
    }
    modes = TerminalModes()
    cc_guard_set_note(options.crashNote.replacing("\n", with: "\r\n"))
    modes.watchesGround = options.watchesGround
    let level = ScreenOptions.colourLevel(
      wanted: options.level, noColor: noColor, terminalColours: Int(cc_screen_colours()))
    traits = TerminalTraits(
      glyphs: options.glyphs
        ?? ScreenOptions.defaultGlyphs(isUTF8: isUTF8, terminal: terminal),
      level: level)
    theme = options.theme
    painter = CursesPainter(level: level, isUTF8: isUTF8)
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in KeySequences.capabilities {
      if let text = TerminalModes.capability(name) { keys[Array(text.utf8)] = key }
    }
    decoder = InputDecoder(described: keys)
    (wakeUps, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    inbox = InputInbox(terminal: input, signalPipe: ends[0], wakeUp: continuation)
    guard let thread = InputThread(inbox) else {
      cc_screen_close()
      cc_guard_remove()
      throw .refused(name: terminal)
    }
    self.thread = thread
    size = Self.windowSize(output)
    cc_screen_resize(Int32(size.height), Int32(size.width))
    ground = options.ground
    guardModes()
    send(modes.on)
    setMouse(options.usesMouse)
    ask()
  }

  public func nextEvents() -> [InputEvent] {
    guard isOpen else { return [] }
    let content = inbox.take()
    let now = ContinuousClock.now
    let milliseconds = Int((now - start) / .milliseconds(1))
    var events = decoder.decode(content.bytes, at: milliseconds)
    if decoder.isWaiting {
      if let deadline = flushDeadline, content.bytes.isEmpty, now >= deadline {
        events += decoder.flush()
        flushDeadline = nil
      } else if flushDeadline == nil || !content.bytes.isEmpty {
        let isAnswer = isAsking && decoder.isInString
        scheduleFlush(at: now + (isAnswer ? Self.answerDelay : Self.escapeDelay))
      }
    } else {
      flushDeadline = nil
    }
    events = events.filter { event in
      if case .report(let report) = event { take(report) } else { true }
    }
    events += content.signals.compactMap(event(of:))
    if content.isDisconnected { events.append(.disconnected) }
    return Self.coalesced(events)
  }

  public func present(_ frame: Frame) {
    guard isOpen else { return }
    let changes = painter.prepare(frame, theme: theme)
    // A large frame at once, so that nobody sees it half drawn. Multiplexers redraw a whole pane for it,
    // so small ones go without.
    let isLarge = modes.hasSynchronizedOutput && changes * 4 > size.width * size.height
    if isLarge { send(TerminalModes.synchronizedBegin) }
    painter.update(frame)
    if isLarge { send(TerminalModes.synchronizedEnd) }
  }

  public func invalidate() {
    guard isOpen else { return }
    painter.forgetScreen()
    cc_screen_redraw_all()
  }

  public func setMouse(_ isOn: Bool) {
    guard isOpen else { return }
    isMouseOn = isOn
    send(modes.mouse(isOn))
  }

  public func suspend() {
    guard isOpen else { return }
    send(modes.off)
    cc_screen_leave()
    cc_guard_restore_line()
    cc_guard_stop_process()
    cc_screen_enter()
    send(modes.on + modes.mouse(isMouseOn))
    resize()
    invalidate()
    continuation.yield()
  }

  public func copyToClipboard(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard isOpen, bytes.count <= TerminalLimits.clipboard else { return false }
    send("\u{1B}]52;c;\(Base64.text(bytes))\u{07}")
    return true
  }

  public func close() {
    guard isOpen else { return }
    isOpen = false
    send(modes.off)
    var zero: UInt8 = 0
    _ = write(pipe.write, &zero, 1)
    thread.join()
    cc_screen_close()
    cc_guard_remove()
    if ownsInput { _ = Glibc.close(input) }
    _ = Glibc.close(pipe.read)
    _ = Glibc.close(pipe.write)
    continuation.finish()
  }

  /// Translates a signal; nil for those that are dealt with here.
  private func event(of signal: Int32) -> InputEvent? {
    switch signal {
    case SIGINT: return .stop(.interrupt)
    case SIGTERM, SIGUSR2, SIGXCPU: return .stop(.terminate)
    case SIGHUP: return .stop(.hangUp)
    case SIGUSR1: return .stop(.save)
    case SIGTSTP:
      suspend()
      return .resize(size)
    case SIGWINCH, SIGCONT:
      resize()
      if signal == SIGCONT { invalidate() }
      return .resize(size)
    default: return nil
    }
  }

  /// Of many changes of size only the last one matters.
  private static func coalesced(_ events: [InputEvent]) -> [InputEvent] {
    func isResize(_ event: InputEvent) -> Bool { if case .resize = event { true } else { false } }
    guard let last = events.lastIndex(where: isResize) else { return events }
    return events.enumerated().filter { $0.offset == last || !isResize($0.element) }.map(\.element)
  }

  private func resize() {
    size = Self.windowSize(output)
    cc_screen_resize(Int32(size.height), Int32(size.width))
    invalidate()
  }

  private func scheduleFlush(at deadline: ContinuousClock.Instant) {
    flushDeadline = deadline
    let continuation = continuation
    Task {
      try? await Task.sleep(until: deadline, clock: .continuous)
      continuation.yield()
    }
  }

  /// Writes past curses; all that curses had to say is out after each update.
  func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static func windowSize(_ descriptor: Int32) -> Size {
    var width: Int32 = 0
    var height: Int32 = 0
    // A pseudo terminal may have no size yet.
    guard cc_window_size(descriptor, &width, &height) else { return Size(width: 80, height: 24) }
    return Size(width: Int(width), height: Int(height))
  }
}
