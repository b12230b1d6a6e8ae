import Foundation
import Store
import Testing

/// A JSON file that does not fit is described in its own words, never in those of a decoder.
@Suite struct DecodingFaultTests {
  struct Settings: Codable, Equatable {
    struct Student: Codable, Equatable { var layers: Int }
    enum Origin: String, Codable { case demo, corpus }
    var seed: Int
    var ratio: Double
    var names: [String]
    var student: Student
    var origin: Origin
  }

  static let fine =
    #"{"names":["a"],"origin":"demo","ratio":0.5,"seed":1,"student":{"layers":2}}"#

  @Test(arguments: [
    ("", "an empty file", "a JSON value"),
    ("{\"seed\": 1,", "broken JSON", "a JSON value"),
    ("[1]", "a value of another kind as the whole", "an object in braces"),
    (fine.replacing("seed", with: "sed"), "no \"seed\"", "a value of that name"),
    (fine.replacing("\"layers\":2", with: "\"layer\":2"), "no \"student.layers\"", "a value"),
    (fine.replacing("{\"layers\":2}", with: "\"x\""), "as \"student\"", "an object in braces"),
    (fine.replacing("0.5", with: "\"x\""), "as \"ratio\"", "a number"),
    (fine.replacing("\"a\"", with: "3"), "as \"names[0]\"", "text in quotes"),
    (fine.replacing("demo", with: "else"), "as \"origin\"", "one that this program writes"),
    (fine.replacing("\"seed\":1", with: "\"seed\":null"), "\"seed\"", "a value"),
  ])
  func faultsAreNamed(text: String, found: String, expected: String) throws {
    let path = NSTemporaryDirectory() + "fault-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: StoreError.self) { try JSONFile.read(Settings.self, from: path) }
    let message = try #require(error?.message)
    #expect(message.hasPrefix(path))
    #expect(message.contains(found), "\(message)")
    #expect(message.contains(expected), "\(message)")
    for word in ["DecodingError", "CodingKeys", "Dictionary", "Settings"] {
      #expect(!message.contains(word), "\(message)")
    }
    #expect(!(error?.hint.contains("Remove") ?? true))
  }
}
