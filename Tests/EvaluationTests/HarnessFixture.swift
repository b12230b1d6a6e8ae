import Evaluation
import Foundation
import Store
import Testing

/// What lm-evaluation-harness made of rows of the tasks (scripts/make_task_fixtures.py).
struct HarnessFixture {
  struct Item {
    var row: JSONValue
    var requests: [[String]]
    var choices: [String]
    var gold: Int
    var scores: [ChoiceScore]
    var outcome: [String: Double]
  }

  struct Case {
    var task: ZeroShotTask
    var items: [Item]
    var results: [String: Double]
  }

  var versions: [String]
  var cases: [Case]

  static func path(_ name: String) -> String {
    (Bundle.module.resourcePath ?? ".") + "/Fixtures/" + name
  }

  static func load() throws -> HarnessFixture {
    let data = try FileContents.read(path("tasks.json"))
    let file = try JSONDecoder().decode(File.self, from: data)
    return HarnessFixture(
      versions: file.versions,
      cases: try file.tasks.map { task in
        Case(
          task: try #require(ZeroShotTask(rawValue: task.task)),
          items: task.items.map { item in
            Item(
              row: item.row, requests: item.requests, choices: item.choices, gold: item.gold,
              scores: item.scores.map {
                ChoiceScore(logProbability: $0.sum, isGreedy: $0.isGreedy, tokens: 1)
              },
              outcome: item.outcome)
          },
          results: task.results)
      })
  }

  private struct File: Decodable {
    struct Task: Decodable {
      var task: String
      var items: [Item]
      var results: [String: Double]
    }
    struct Item: Decodable {
      var row: JSONValue
      var requests: [[String]]
      var choices: [String]
      var gold: Int
      var scores: [Score]
      var outcome: [String: Double]
    }
    struct Score: Decodable {
      var sum: Double
      var isGreedy: Bool
      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        sum = try values.decode(Double.self)
        isGreedy = try values.decode(Bool.self)
      }
    }
    var versions: [String]
    var tasks: [Task]
  }
}

extension HarnessFixture.Case {
  /// The rows as JSON lines.
  var lines: String {
    get throws { try items.map { try JSONFile.text(of: $0.row, pretty: false) + "\n" }.joined() }
  }
}

/// A folder of a test's own files, removed with the value.
final class Scratch {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "evaluation-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ name: String, _ text: String) throws -> String {
    try file(name, Array(text.utf8))
  }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}
