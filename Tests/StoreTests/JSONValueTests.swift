import Foundation
import Store
import Testing

@Suite("JSON values")
struct JSONValueTests {
  private func read(_ text: String) throws -> [String: JSONValue] {
    let path = NSTemporaryDirectory() + "json-value-\(UUID().uuidString).json"
    try AtomicFile.write(text: text, to: path)
    defer { try? Folder.remove(path) }
    return try JSONValue.readObject(path)
  }

  @Test("A file gives values of every kind; of equal names the last one counts")
  func kinds() throws {
    let values = try read(
      #"{"a": 1, "b": 1.0, "c": 1e-6, "d": -7, "e": 1e400, "f": [true, null, "x"], "g": {"h": 2.5}, "#
        + #""a": 9007199254740993}"#)
    #expect(
      values == [
        "a": .integer(9_007_199_254_740_993), "b": .integer(1), "c": .number(1e-6),
        "d": .integer(-7), "e": .number(.infinity), "f": .list([.flag(true), .null, .text("x")]),
        "g": .object(["h": .number(2.5)]),
      ])
  }

  @Test("What is no object is an error with its place")
  func failures() throws {
    for (text, place) in [("{\"a\": tru}", "byte 6"), ("[1]", "an array"), ("", "byte 0")] {
      do {
        _ = try read(text)
        Issue.record("taken: \(text)")
      } catch let error as StoreError {
        guard case .malformed(_, let found, let expected) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(found.contains(place), "\(found)")
        #expect(expected == "a JSON object")
      }
    }
    #expect(throws: StoreError.self) { _ = try JSONValue.readObject("/none/config.json") }
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
    #expect(try read(text) == expected)
  }
}
