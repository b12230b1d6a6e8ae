import Store
import Testing

@Suite("JSON values")
struct JSONValueTests {
  private func read(_ text: String) throws -> JSONValue { try JSONValue(python: Array(text.utf8)) }

  @Test("A text gives values of every kind; of equal names the last one counts")
  func kinds() throws {
    let values = try read(
      #"{"a": 1, "b": 1.0, "c": 1e-6, "d": -7, "e": 1e400, "f": [true, null, "x"], "g": {"h": 2.5}, "#
        + #""a": 9007199254740993}"#)
    #expect(
      values
        == .object([
          "a": .integer(9_007_199_254_740_993), "b": .integer(1), "c": .number(1e-6),
          "d": .integer(-7), "e": .number(.infinity), "f": .list([.flag(true), .null, .text("x")]),
          "g": .object(["h": .number(2.5)]),
        ]))
  }

  @Test("What is no JSON is an error with its place")
  func failures() throws {
    for (text, place) in [("{\"a\": tru}", 6), ("", 0)] {
      let error = #expect(throws: JSONDocument.Failure.self) { try read(text) }
      #expect(error?.offset == place)
    }
  }

  @Test("What is written is read again, floats as floats")
  func roundTrip() throws {
    let values: [String: JSONValue] = [
      "list": .list([.integer(1), .number(0.5), .text("q\"\\\n")]), "one": .number(1),
      "empty": .object([:]), "none": .null,
    ]
    let text = JSONValue.object(values).json()
    #expect(text.contains("\"one\": 1.0"))
    var expected = values
    expected["one"] = .integer(1)
    #expect(try read(text) == .object(expected))
  }
}
