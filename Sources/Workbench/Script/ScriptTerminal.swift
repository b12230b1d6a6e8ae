import TerminalUI

/// The terminal of a script: input comes from its steps, of the output the last frame is kept.
@MainActor
final class ScriptTerminal: Terminal {
  private(set) var size: Size
  let traits: TerminalTraits
  var theme = Theme.neutral
  let wakeUps: AsyncStream<Void>
  private(set) var frame: Frame
  private(set) var frameCount = 0
  private var pending: [InputEvent] = []
  private let continuation: AsyncStream<Void>.Continuation

  init(size: Size, glyphs: Glyphs) {
    self.size = size
    traits = TerminalTraits(glyphs: glyphs, level: .indexed256)
    frame = Frame(grid: CellGrid(size))
    (wakeUps, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func send(_ events: [InputEvent]) {
    for event in events {
      if case .resize(let newSize) = event { size = newSize }
    }
    pending += events
    continuation.yield()
  }

  func nextEvents() -> [InputEvent] {
    defer { pending = [] }
    return pending
  }

  /// Whether all input has been taken.
  var isDrained: Bool { pending.isEmpty }

  func present(_ frame: Frame) {
    self.frame = frame
    frameCount += 1
  }

  func invalidate() {}
  func setMouse(_ isOn: Bool) {}
  func suspend() {}
  func copyToClipboard(_ text: String) -> Bool { true }
  func close() { continuation.finish() }
}
