/// A terminal without a screen: input comes from a script or a test, of the output the last frame
/// is kept.
@MainActor
public final class RecordingTerminal: Terminal {
  public private(set) var size: Size
  public let traits: TerminalTraits
  public var theme: Theme
  public let wakeUps: AsyncStream<Void>
  /// The last frame, and how many there were.
  public private(set) var frame: Frame
  public private(set) var frameCount = 0
  public private(set) var isMouseOn = true
  public private(set) var isClosed = false
  public private(set) var suspensions = 0
  public private(set) var invalidations = 0
  public private(set) var clipboard: String?
  public var isAsking = false
  public var ground: Ground?
  public private(set) var watchesGround = false
  private var pending: [InputEvent] = []
  private let continuation: AsyncStream<Void>.Continuation

  public init(
    size: Size, glyphs: Glyphs = .ascii, level: ColourLevel = .indexed256, theme: Theme = .neutral
  ) {
    self.size = size
    self.theme = theme
    traits = TerminalTraits(glyphs: glyphs, level: level)
    frame = Frame(grid: CellGrid(size))
    (wakeUps, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Queues events as if a person or the system had caused them.
  public func send(_ events: InputEvent...) { send(events) }

  public func send(_ events: [InputEvent]) {
    for event in events {
      if case .resize(let newSize) = event { size = newSize }
      pending.append(event)
    }
    continuation.yield()
  }

  /// Queues keys.
  public func type(_ keys: Key...) {
    pending += keys.map { InputEvent.key($0) }
    continuation.yield()
  }

  /// The text of the last frame.
  public var screen: String { frame.grid.text }

  /// Whether all input has been taken.
  public var isDrained: Bool { pending.isEmpty }

  public func nextEvents() -> [InputEvent] {
    defer { pending = [] }
    return pending
  }

  public func present(_ frame: Frame) {
    self.frame = frame
    frameCount += 1
  }

  public func invalidate() { invalidations += 1 }
  public func setMouse(_ isOn: Bool) { isMouseOn = isOn }
  public func suspend() { suspensions += 1 }
  public func watchGround(_ isOn: Bool) { watchesGround = isOn }

  public func copyToClipboard(_ text: String) -> Bool {
    clipboard = text
    return true
  }

  public func close() {
    isClosed = true
    continuation.finish()
  }
}
