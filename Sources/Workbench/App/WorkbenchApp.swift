public import EngineInterface
public import TerminalUI

/// The loop of the workbench: events in, state, frame out.
///
/// The main actor owns the terminal. Input, engine and timer only ring one bell; the loop then takes
/// everything that has come, changes the state, and draws once.
@MainActor
public final class WorkbenchApp {
  let terminal: any Terminal
  private let engine: any EngineClient
  private let renderer = Renderer()
  private let loadTheme: @MainActor (String) -> Theme?
  let write: ExportPort?
  let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  var state: ViewState
  private var frame: Frame
  private var lastPaint: ContinuousClock.Instant?
  var isDirty = true
  /// A person waits for the next frame.
  private var isUrgent = false
  /// Nothing but figures of running work differs from the last frame.
  private var isCalm = true
  var lastInput: ContinuousClock.Instant?
  private var exitCode: Int32?
  let files: (any PersonalFiles)?
  /// All that is said about preferences, by who says it.
  var layers = PreferenceLayers()
  /// Screens as they begin, and how they were left when that was written last.
  var beginning: ViewState
  var writtenView: String?
  /// Somebody has touched the screens since then.
  var hasBeenTouched = false
  var lastLook: ContinuousClock.Instant
  /// That something cannot be written is said once.
  var hasFailedToWrite = false

  /// Frames of the engine's news are at least so far apart, and answers to keys and mouse.
  private static let frameTime = Duration.milliseconds(33)
  private static let answerTime = Duration.milliseconds(8)
  /// Figures that only move on, when nobody has touched anything for a while: a slow line and a reader's
  /// eye want no more of them.
  private static let calmTime = Duration.milliseconds(1300)
  private static let handsOff = Duration.seconds(1)
  /// A terminal that has not answered by then is drawn on as it is.
  private nonisolated static let groundTime = Duration.milliseconds(100)
  /// A person's files are looked at so often, and how the screens stand is written when nobody has
  /// touched them for so long.
  static let lookTime = Duration.seconds(1)
  /// The clock of the state moves so often.
  private nonisolated static let tickTime = Duration.milliseconds(250)

  /// `theme` is the chosen one, by default the terminal's, `themes` are the names to choose from,
  /// `loadTheme` reads one; nil leaves the present one. The `greeting` stands in the status line at
  /// first. `files` are what a person keeps: settings, keys, themes, and how screens were left.
  public init(
    terminal: any Terminal, engine: any EngineClient, screen: ScreenID? = nil,
    theme: String? = nil, themes: [String] = [],
    loadTheme: @escaping @MainActor (String) -> Theme? = { _ in nil },
    export: ExportPort? = nil, capturesMouse: Bool = true, greeting: String? = nil,
    files: (any PersonalFiles)? = nil
  ) {
    self.terminal = terminal
    self.engine = engine
    self.loadTheme = loadTheme
    self.files = files
    write = export
    start = clock.now
    lastLook = start
    layers = files?.settings.layers ?? PreferenceLayers()
    state = ViewState(
      size: terminal.size,
      display: DisplayOptions(
        glyphs: terminal.traits.glyphs, isMonochrome: terminal.isMonochrome,
        hasFewColours: terminal.traits.level <= .eight, theme: theme ?? terminal.theme.name,
        themes: themes, capturesMouse: capturesMouse),
      table: files?.settings.table ?? .standard)
    state.begin(with: layers.effective)
    beginning = state
    frame = Frame(grid: CellGrid(terminal.size))
    state.loading.isLoading = true
    recall()
    if let screen {
      state.screen = screen
      state.followsWork = false
    }
    if let greeting, state.message == nil {
      state.message = Message(text: greeting, isWarning: false, time: 0)
    }
  }

  /// Puts the screens back to how they were left in this project.
  private func recall() {
    guard let files else { return }
    writtenView = ViewMemory.text(of: beginning, from: beginning)
    var complaint = files.settings.warning
    if layers.effective.remembers != false, let text = files.view() {
      writtenView = text
      let known = state.display.themes
      complaint = ViewMemory.restore(text, into: &state) ?? complaint
      if let theme = state.memory.theme, !known.contains(theme), !known.isEmpty {
        complaint = "The project's theme \(theme) is not there."
        state.memory.theme = nil
      }
      layers[.project].theme = state.memory.theme
      let theme = layers.effective.theme ?? Theme.neutral.name
      if theme != state.display.theme {
        state.display.theme = theme
        terminal.watchGround(theme == Theme.automatic)
        showTheme()
      }
    }
    if state.followsWork, let screen = layers.effective.screen {
      (state.screen, state.followsWork) = (screen, false)
    }
    if let complaint { state.message = Message(text: complaint, isWarning: true, time: 0) }
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
    defer {
      for task in tasks { task.cancel() }
      remember()
    }
    engine.send(.settle(LoadingOptions.question))
    if awaitsGround {
      Task {
        try? await Task.sleep(for: Self.groundTime)
        bell.yield()
      }
    } else {
      paint()
    }
    for await _ in bells {
      handle(.tick((clock.now - start) / .seconds(1)), isVisible: false)
      takeInput()
      for event in mailbox.takeAll() { handle(.engine(event)) }
      if let exitCode { return exitCode }
      lookAtFiles()
      if isDirty, !awaitsGround { paintSoon(bell) }
    }
    return exitCode ?? 0
  }

  /// Whether the project has been read, no job runs, and everything that came has been drawn.
  var isIdle: Bool {
    state.engine.project != nil && !state.loading.isLoading && !state.engine.isBusy && !isDirty
  }

  /// Whether the loop has ended or is about to.
  var hasLeft: Bool { exitCode != nil }

  private func takeInput() {
    for event in Self.coalesced(terminal.nextEvents()) {
      // A hand that moves the mouse waits for nothing, and a slow line is not to be filled.
      if case .mouse(let mouse) = event, mouse.kind == .move {
        hover(mouse)
        continue
      }
      isUrgent = true
      lastInput = clock.now
      switch event {
      case .key, .mouse, .paste: hasBeenTouched = true
      default: break
      }
      switch event {
      case .key(let key): handle(.key(key))
      case .mouse(let mouse): handle(.mouse(mouse, frame.hit(x: mouse.x, y: mouse.y)))
      case .paste(let text): handle(.paste(text))
      case .resize(let size): handle(.resize(size))
      case .report: if state.display.theme == Theme.automatic { showTheme() }
      case .focus: break
      case .stop(let signal): handle(.stop(signal))
      case .disconnected: handle(.stop(.hangUp))
      }
    }
  }

  /// Of moves of the mouse without a key or button between only the last one matters.
  private static func coalesced(_ events: [InputEvent]) -> [InputEvent] {
    func isMove(_ event: InputEvent?) -> Bool {
      if case .mouse(let mouse)? = event { mouse.kind == .move } else { false }
    }
    return events.indices.filter { index in
      !isMove(events[index]) || !isMove(events[safe: index + 1])
    }.map { events[$0] }
  }

  /// Draws only if something else is under the mouse now.
  private func hover(_ mouse: MouseEvent) {
    let before = state.plots.hover
    handle(.mouse(mouse, frame.hit(x: mouse.x, y: mouse.y)), isVisible: false)
    if state.plots.hover != before { isDirty = true }
  }

  func handle(_ event: WorkbenchEvent, isVisible: Bool = true) {
    let (message, showsNotice) = (state.message, state.showsNotice)
    let effects = reduce(&state, event)
    // The clock alone changes nothing but what has its time.
    if isVisible || state.message != message || state.showsNotice != showsNotice {
      isDirty = true
      isCalm = isCalm && event.isProgress
    }
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
          ? "Copied \(text.count) characters (OSC 52; tmux needs set-clipboard on)."
          : "Not copied: \(text.utf8.count) bytes, and terminals take "
            + "\(TerminalLimits.clipboard) at most.",
        isWarning: !isCopied, time: state.clock)
    case .prefer(let name, let value): prefer(name, value)
    case .theme(let name):
      terminal.watchGround(name == Theme.automatic)
      showTheme()
    case .captureMouse(let isOn): terminal.setMouse(isOn)
    case .redraw: terminal.invalidate()
    case .suspend: terminal.suspend()
    case .export(let order): handle(.exported(order, export(order)))
    case .set(let key, let value): set(key, value)
    }
  }

  /// Draws with the theme that is chosen, by name or by the terminal's ground.
  private func showTheme() {
    let chosen = state.display.theme
    let name = chosen == Theme.automatic ? Theme.name(on: terminal.ground) : chosen
    guard let theme = loadTheme(name) else { return }
    terminal.theme = theme
    // Without colour signs say what colours would.
    state.display.isMonochrome = terminal.isMonochrome
    (isDirty, isCalm) = (true, false)
  }

  /// Whether the first frame waits a moment for the terminal to say its ground: another theme at once
  /// would flash.
  private var awaitsGround: Bool {
    lastPaint == nil && terminal.isAsking && state.display.theme == Theme.automatic
      && clock.now - start < Self.groundTime
  }

  /// Draws now, or when the last frame is old enough.
  private func paintSoon(_ bell: AsyncStream<Void>.Continuation) {
    let now = clock.now
    let isWatched = lastInput.map { now - $0 < Self.handsOff } ?? false
    let distance =
      isUrgent ? Self.answerTime : isCalm && !isWatched ? Self.calmTime : Self.frameTime
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
    isCalm = true
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

extension WorkbenchEvent {
  /// Whether it says how far running work is.
  fileprivate var isProgress: Bool {
    switch self {
    case .engine(.scoring), .engine(.training), .engine(.job), .engine(.evaluation),
      .engine(.corpus):
      true
    default: false
    }
  }
}
