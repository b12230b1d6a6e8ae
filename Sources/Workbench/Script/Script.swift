public import TerminalUI

/// A visit to the workbench written down: one step a line, `#` begins a comment.
///
///     keys 4 ] ] Enter          keys by their names in help
///     type 0.45                 the rest of the line, letter by letter
///     click 12 0                column and row from the top left, counted from 0
///     drag 20 12 40 12          press at the first place, move to the second, release
///     wheel up 20 12
///     resize 80 24
///     wait text your turn       until the words are on the screen; 600 seconds at most
///     wait idle                 until no job runs
///     wait frames 3             until something has changed on the screen so often
///     wait seconds 0.5
///     assert-text ratio 0.520
///     save-screen select        the screen as text under a name
///     quit                      save and leave
public struct Script: Sendable {
  public enum Step: Hashable, Sendable {
    case input([InputEvent])
    case waitForText(String)
    case waitForIdle
    case waitForFrames(Int)
    case waitForSeconds(Double)
    case assertText(String)
    case saveScreen(String)
    case quit
  }

  /// Steps with the lines they stand on, counted from 1.
  public var steps: [(line: Int, step: Step)]

  /// Reads a script; throws at the first line that is none.
  public init(_ text: String) throws(ScriptError) {
    steps = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let line = line.drop { $0 == " " }
      if line.isEmpty || line.hasPrefix("#") { continue }
      steps.append((index + 1, try Self.step(String(line), line: index + 1)))
    }
  }

  private static func step(_ text: String, line: Int) throws(ScriptError) -> Step {
    let words = text.split(separator: " ").map(String.init)
    let word = words[0]
    let rest = String(text.dropFirst(word.count).drop { $0 == " " })
    func fail(_ expected: String) -> ScriptError {
      .unreadable(line: line, text: text, expected: expected)
    }
    func numbers(_ count: Int, from first: Int, _ expected: String) throws(ScriptError) -> [Int] {
      let values = words.dropFirst(first).compactMap { Int($0) }
      guard values.count == count, words.count == first + count, values.allSatisfy({ $0 >= 0 })
      else { throw fail(expected) }
      return values
    }
    switch word {
    case "keys":
      let keys = words.dropFirst().map { Key(name: $0) }
      guard !keys.isEmpty, keys.allSatisfy({ $0 != nil }) else {
        throw fail("names of keys, such as 4 Enter Ctrl-P")
      }
      return .input(keys.compactMap { $0 }.map(InputEvent.key))
    case "type": return .input(rest.map { .key(.character($0)) })
    case "click":
      let place = try numbers(2, from: 1, "click COLUMN ROW")
      return .input(
        [.press, .release].map { .mouse(MouseEvent($0, x: place[0], y: place[1])) })
    case "drag":
      let places = try numbers(4, from: 1, "drag COLUMN ROW COLUMN ROW")
      return .input([
        .mouse(MouseEvent(.press, x: places[0], y: places[1])),
        .mouse(MouseEvent(.drag, x: places[2], y: places[3])),
        .mouse(MouseEvent(.release, x: places[2], y: places[3])),
      ])
    case "wheel":
      guard words.count > 1, ["up", "down"].contains(words[1]) else {
        throw fail("wheel up|down COLUMN ROW")
      }
      let place = try numbers(2, from: 2, "wheel up|down COLUMN ROW")
      let kind: MouseEvent.Kind = words[1] == "up" ? .wheelUp : .wheelDown
      return .input([.mouse(MouseEvent(kind, x: place[0], y: place[1]))])
    case "resize":
      let size = try numbers(2, from: 1, "resize COLUMNS ROWS")
      guard size.allSatisfy({ $0 <= 1000 }) else { throw fail("at most 1000 columns and rows") }
      return .input([.resize(Size(width: size[0], height: size[1]))])
    case "wait": return try wait(words, fail: fail)
    case "assert-text" where !rest.isEmpty: return .assertText(rest)
    case "save-screen" where words.count == 2 && !rest.contains("/"): return .saveScreen(rest)
    case "quit" where words.count == 1: return .quit
    default:
      throw fail("keys, type, click, drag, wheel, resize, wait, assert-text, save-screen or quit")
    }
  }

  private static func wait(
    _ words: [String], fail: (String) -> ScriptError
  ) throws(ScriptError) -> Step {
    let value = words.dropFirst(2).joined(separator: " ")
    switch words.dropFirst().first {
    case "text"? where !value.isEmpty: return .waitForText(value)
    case "idle"? where value.isEmpty: return .waitForIdle
    case "frames"?:
      if let count = Int(value), count > 0 { return .waitForFrames(count) }
    case "seconds"?:
      if let seconds = Double(value), (0...86_400).contains(seconds) {
        return .waitForSeconds(seconds)
      }
    default: break
    }
    throw fail("wait text WORDS, wait idle, wait frames N or wait seconds S")
  }
}
