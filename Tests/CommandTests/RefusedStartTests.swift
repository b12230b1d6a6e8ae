import Foundation
import Testing

/// What is refused leaves nothing behind, and says what is missing.
@Suite struct RefusedStartTests {
  private func place() throws -> Workplace {
    let place = try Workplace()
    let line = "{\"text\": \"some words that are followed by others, again and again\"}\n"
    try place.write(String(repeating: line, count: 40), to: "corpus.jsonl")
    try place.write(
      String(repeating: line, count: 40).replacing("text", with: "content"), to: "reserve.jsonl")
    return place
  }

  @Test(arguments: [
    ("init p --corpus corpus.jsonl", 2, "--tokenizer is none"),
    ("init p --corpus corpus.jsonl --text-field body", 3, "has the text field \"body\""),
    (
      "init p --corpus corpus.jsonl --reserve reserve.jsonl --max-length 9", 2,
      "reserve is no text in reserve.jsonl"
    ),
    ("init p --corpus corpus.jsonl --teacher nowhere", 3, "nowhere"),
  ])
  func aProjectThatCannotBeMadeIsNotMade(_ line: String, _ code: Int32, _ words: String) throws {
    let place = try place()
    let outcome = try Program.run(line.split(separator: " ").map(String.init), in: place.path)
    #expect(outcome.status == code && outcome.errors.contains(words), "\(outcome.errors)")
    #expect(!outcome.errors.contains("project.json"), "nothing that is not there is named")
    #expect(place.names("") == ["corpus.jsonl", "reserve.jsonl"])
  }

  @Test(arguments: [
    ("dumb", "demo"), ("no-such-terminal", "demo"), ("dumb", "open"),
    ("xterm", "demo --theme nowhere"), ("xterm", "demo --config nowhere.toml"),
  ])
  func aScreenThatCannotBeShownBeginsNothing(terminal: String, line: String) throws {
    let place = try Workplace()
    let screen = try TerminalProgram(
      line.split(separator: " ").map(String.init), in: place.path, terminal: terminal)
    #expect([1, 2, 3].contains(screen.end()), "\(screen.text)")
    #expect(place.names("").isEmpty)
    #expect(!screen.emulator.isAlternate && screen.hasSettingsBack)
  }
}
