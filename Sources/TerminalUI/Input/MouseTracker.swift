/// Makes mouse events of reports; remembers the pressed button for drags and counts clicks.
struct MouseTracker: Sendable {
  /// Two presses at one place within this time are a double click.
  static let doubleClickMilliseconds = 400

  private var pressed = MouseEvent.Button.none
  private var lastPress: (x: Int, y: Int, time: Int, clicks: Int)?

  /// `ESC [ < code ; column ; row M` (press, drag, wheel) or `m` (release); columns count from 1.
  mutating func event(sgr numbers: [Int], isRelease: Bool, at time: Int) -> MouseEvent? {
    guard numbers.count == 3 else { return nil }
    return event(
      code: numbers[0], x: numbers[1] - 1, y: numbers[2] - 1, isRelease: isRelease, at: time)
  }

  /// The old form: three bytes, each with 32 added; code 3 is any release.
  mutating func event(old report: [UInt8], at time: Int) -> MouseEvent? {
    guard report.count == 3, report.allSatisfy({ $0 >= 32 }) else { return nil }
    let code = Int(report[0]) - 32
    return event(
      code: code, x: Int(report[1]) - 33, y: Int(report[2]) - 33,
      isRelease: code & 0x63 == 3, at: time)
  }

  private mutating func event(
    code: Int, x: Int, y: Int, isRelease: Bool, at time: Int
  ) -> MouseEvent? {
    guard x >= 0, y >= 0 else { return nil }
    var modifiers = MouseEvent.Modifiers()
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.option) }
    if code & 16 != 0 { modifiers.insert(.control) }
    if code & 64 != 0 {
      switch code & 3 {
      case 0: return MouseEvent(.wheelUp, x: x, y: y, button: .none, modifiers: modifiers)
      case 1: return MouseEvent(.wheelDown, x: x, y: y, button: .none, modifiers: modifiers)
      default: return nil
      }
    }
    let buttons: [MouseEvent.Button] = [.left, .middle, .right, .none]
    let button = buttons[code & 3]
    if code & 32 != 0 {
      if button == .none {
        // No button is down, whether or not its release was told.
        pressed = .none
        return MouseEvent(.move, x: x, y: y, button: .none, modifiers: modifiers)
      }
      guard pressed != .none else { return nil }
      return MouseEvent(.drag, x: x, y: y, button: pressed, modifiers: modifiers)
    }
    if isRelease {
      defer { pressed = .none }
      return MouseEvent(
        .release, x: x, y: y, button: button == .none ? pressed : button, modifiers: modifiers)
    }
    pressed = button
    var clicks = 1
    if let last = lastPress, last.x == x, last.y == y, last.clicks == 1,
      time - last.time <= Self.doubleClickMilliseconds
    {
      clicks = 2
    }
    lastPress = (x, y, time, clicks)
    return MouseEvent(
      .press, x: x, y: y, button: button, modifiers: modifiers, clicks: clicks)
  }
}
