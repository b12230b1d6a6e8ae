/// A terminal for tests: events come from a script, frames are kept.
@MainActor
public final class RecordingTerminal: Terminal {
  public private(set) var size: Size
  public let traits: TerminalTraits
  public var theme: Theme
  public let wakeUps: AsyncStream<Void>
  /// Frames in the order they were presented.
  public private(set) var frames: [Frame] = []
  public private(set) var isMouseOn = true
  public private(set) var isClosed = false
  public private(set) var suspensions = 0
  public private(set) var invalidations = 0
  public private(set) var clipboard: String?
  private var pending: [InputEvent] = []
  private let continuation: AsyncStream<Void>.Continuation

  public init(
    size: Size, glyphs: Glyphs = .ascii, level: ColourLevel = .indexed256, theme: Theme = .neutral
  ) {
    self.size = size
    self.theme = theme
    traits = TerminalTraits(glyphs: glyphs, level: level)
    (wakeUps, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Queues events as if a person or the system had caused them.
  public func send(_ events: InputEvent...) {
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
  public var screen: String { frames.last?.grid.text ?? "" }

  public func nextEvents() -> [InputEvent] {
    defer { pending = [] }
    return pending
  }

  public func present(_ frame: Frame) { frames.append(frame) }
  public func invalidate() { invalidations += 1 }
  public func setMouse(_ isOn: Bool) { isMouseOn = isOn }
  public func suspend() { suspensions += 1 }

  public func copyToClipboard(_ text: String) -> Bool {
    clipboard = text
    return true
  }

  public func close() {
    isClosed = true
    continuation.finish()
  }
}
