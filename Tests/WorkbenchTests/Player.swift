import EngineInterface
import TerminalUI
import Workbench

/// Plays keys and mouse against the reducer, with the fixture engine on the other side.
struct Player {
  var state: ViewState
  let engine: FixtureEngine
  let renderer = Renderer()
  /// Effects besides commands to the engine.
  private(set) var effects: [Effect] = []
  /// The engine answers at once, or not at all.
  var answers = true

  init(
    _ events: [EngineEvent], size: Size = Size(width: 120, height: 36),
    snapshots: FixtureSnapshots = FixtureSnapshots()
  ) {
    state = ViewState(size: size, display: DisplayOptions(glyphs: .ascii))
    engine = FixtureEngine(snapshots: snapshots)
    for event in events { send(.engine(event)) }
  }

  mutating func send(_ event: WorkbenchEvent) {
    for effect in reduce(&state, event) {
      guard case .engine(let command) = effect else {
        effects.append(effect)
        continue
      }
      let events = engine.answers(command)
      if answers { for event in events { send(.engine(event)) } }
    }
  }

  mutating func press(_ keys: Key...) {
    for key in keys { send(.key(key)) }
  }

  mutating func type(_ text: String) {
    for character in text { send(.key(.character(character))) }
  }

  /// A mouse report on what the present frame shows there.
  mutating func mouse(
    _ kind: MouseEvent.Kind, x: Int, y: Int, button: MouseEvent.Button = .left, clicks: Int = 1
  ) {
    let event = MouseEvent(kind, x: x, y: y, button: button, clicks: clicks)
    send(.mouse(event, frame.hit(x: x, y: y)))
  }

  /// Presses the middle of the topmost region of a kind.
  mutating func click(_ kind: String, index: Int? = nil, clicks: Int = 1) {
    let region = frame.hits.last {
      $0.target.kind == kind && (index == nil || $0.target.index == index)
    }
    guard let rect = region?.rect else { return }
    mouse(.press, x: rect.x + rect.width / 2, y: rect.y, clicks: clicks)
    mouse(.release, x: rect.x + rect.width / 2, y: rect.y)
  }

  var frame: Frame { renderer.render(state) }
  var text: String { frame.grid.text }
  var sent: [EngineCommand] { engine.sent }
}

extension EngineCommand {
  /// The ratio that it asks for.
  var ratio: Double? {
    switch self {
    case .setRatio(let ratio), .moveRatio(let ratio, _): ratio
    default: nil
    }
  }
}

extension Frame {
  /// The topmost region of a kind.
  func region(_ kind: String) -> Rect? { hits.last { $0.target.kind == kind }?.rect }
}
