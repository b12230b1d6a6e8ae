public import EngineInterface
public import TerminalUI

/// The loop of the workbench: events in, state, frame out.
///
/// The main actor owns the terminal. Input, engine and timer only ring one bell; the loop then takes
/// everything that has come, changes the state, and draws once.
@MainActor
public final class WorkbenchApp {
  private let terminal: any Terminal
  private let engine: any EngineClient
  private let renderer = Renderer()
  private let loadTheme: @MainActor (String) -> Theme?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var state: ViewState
  private var frame: Frame
  private var lastPaint: ContinuousClock.Instant?
  private var isDirty = true
  /// A person waits for the next frame.
  private var isUrgent = false
  private var exitCode: Int32?

  /// Frames of the engine's news are at least so far apart, and answers to keys and mouse.
  private static let frameTime = Duration.milliseconds(33)
  private static let answerTime = Duration.milliseconds(8)
  /// The clock of the state moves so often.
  private nonisolated static let tickTime = Duration.milliseconds(250)

  /// `themes` are the names to choose from, `loadTheme` reads one; nil leaves the present one. The
  /// `greeting` stands in the status line at first.
  public init(
    terminal: any Terminal, engine: any EngineClient, screen: ScreenID? = nil,
    themes: [String] = [], loadTheme: @escaping @MainActor (String) -> Theme? = { _ in nil },
    capturesMouse: Bool = true, table: ActionTable = .standard, greeting: String? = nil
  ) {
    self.terminal = terminal
    self.engine = engine
    self.loadTheme = loadTheme
    start = clock.now
    state = ViewState(
      size: terminal.size,
      display: DisplayOptions(
        glyphs: terminal.traits.glyphs, isMonochrome: terminal.traits.level == .monochrome,
        theme: terminal.theme.name, themes: themes, capturesMouse: capturesMouse),
      table: table)
    if let screen {
      state.screen = screen
      state.followsWork = false
    }
    if let greeting { state.message = Message(text: greeting, isWarning: false, time: 0) }
    frame = Frame(grid: CellGrid(terminal.size))
  }

  /// Runs until a person leaves or the engine has ended; returns the exit code. The terminal stays
  /// open: the caller closes it.
  public func run() async -> Int32 {
    let (bells, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let mailbox = EventMailbox(bell: bell)
    let tasks = [
      Self.forward(terminal.wakeUps, to: bell), Self.forward(engine.events, to: mailbox),
      Self.startTimer(bell),
    ]
    defer { for task in tasks { task.cancel() } }
    paint()
    for await _ in bells {
      handle(.tick((clock.now - start) / .seconds(1)), isVisible: false)
      takeInput()
      for event in mailbox.takeAll() { handle(.engine(event)) }
      if let exitCode { return exitCode }
      if isDirty { paintSoon(bell) }
    }
    return exitCode ?? 0
  }

  /// Whether the project is known, no job runs, and everything that came has been drawn.
  var isIdle: Bool { state.engine.project != nil && !state.engine.isBusy && !isDirty }

  /// Whether the loop has ended or is about to.
  var hasLeft: Bool { exitCode != nil }

  private func takeInput() {
    for event in terminal.nextEvents() {
      isUrgent = true
      switch event {
      case .key(let key): handle(.key(key))
      case .mouse(let mouse): handle(.mouse(mouse, frame.hit(x: mouse.x, y: mouse.y)))
      case .paste(let text): handle(.paste(text))
      case .resize(let size): handle(.resize(size))
      case .focus: break
      case .stop(let signal): handle(.stop(signal))
      case .disconnected: handle(.stop(.hangUp))
      }
    }
  }

  private func handle(_ event: WorkbenchEvent, isVisible: Bool = true) {
    let message = state.message
    let effects = reduce(&state, event)
    if isVisible || state.message != message { isDirty = true }
    for effect in effects { perform(effect) }
  }

  private func perform(_ effect: Effect) {
    switch effect {
    case .engine(let command): engine.send(command)
    case .leave(let code): exitCode = code
    case .copy(let text):
      let isCopied = terminal.copyToClipboard(text)
      state.message = Message(
        text: isCopied
          ? "Copied \(text.count) characters (OSC 52)." : "Too long for the terminal's clipboard.",
        isWarning: !isCopied, time: state.clock)
    case .theme(let name): if let theme = loadTheme(name) { terminal.theme = theme }
    case .captureMouse(let isOn): terminal.setMouse(isOn)
    case .redraw: terminal.invalidate()
    case .suspend: terminal.suspend()
    }
  }

  /// Draws now, or when the last frame is old enough.
  private func paintSoon(_ bell: AsyncStream<Void>.Continuation) {
    let now = clock.now
    let distance = isUrgent ? Self.answerTime : Self.frameTime
    guard let lastPaint, now - lastPaint < distance else {
      paint()
      return
    }
    let due = lastPaint + distance
    Task {
      try? await Task.sleep(until: due, clock: .continuous)
      bell.yield()
    }
  }

  private func paint() {
    frame = renderer.render(state)
    terminal.present(frame)
    lastPaint = clock.now
    isDirty = false
    isUrgent = false
  }

  // The forwarding tasks do nothing but wait, so they may live on the cooperative pool.

  private nonisolated static func forward(
    _ wakeUps: AsyncStream<Void>, to bell: AsyncStream<Void>.Continuation
  ) -> Task<Void, Never> {
    Task.detached { for await _ in wakeUps { bell.yield() } }
  }

  private nonisolated static func forward(
    _ events: AsyncStream<EngineEvent>, to mailbox: EventMailbox
  ) -> Task<Void, Never> {
    Task.detached {
      for await event in events { mailbox.put(event) }
      // An engine whose stream is over has ended, whether it said so or not.
      if !Task.isCancelled { mailbox.put(.ended) }
    }
  }

  private nonisolated static func startTimer(
    _ bell: AsyncStream<Void>.Continuation
  ) -> Task<Void, Never> {
    Task.detached {
      while !Task.isCancelled {
        try? await Task.sleep(for: tickTime)
        bell.yield()
      }
    }
  }
}
