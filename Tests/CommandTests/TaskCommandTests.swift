import Foundation
import Testing

/// Zero-shot tasks as a command: its JSON, several models, a killed run that goes on, and what cannot be
/// used.
@Suite struct TaskCommandTests {
  /// Rows of PIQA and of LAMBADA in a folder of their own.
  private static func folder(_ name: String, items: Int = 30) throws -> String {
    let work = try TinyWork.shared.get()
    let folder = "\(work.path)/tasks-\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    func write(_ text: String, _ file: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
    }
    try write(
      (0..<items).map { index in
        let (goal, rest) = (TinyWork.text(index).prefix(40), TinyWork.text(500 + index))
        return """
          {"goal": "\(goal)", "sol1": "\(rest.prefix(50))", "sol2": "\(rest.suffix(60))", \
          "label": \(index % 2)}

          """
      }.joined(), "piqa.jsonl")
    try write(
      (0..<items).map { "{\"text\": \"\(TinyWork.text(900 + $0).prefix(80))\"}\n" }.joined(),
      "lambada.jsonl")
    return folder
  }

  private static func models() throws -> (teacher: String, reference: String) {
    let path = try TinyWork.shared.get().path
    return ("\(path)/teacher", "\(path)/reference")
  }

  @Test func theJSONOfOneModel() throws {
    let folder = try Self.folder("json")
    let outcome = try Program.succeed(
      [
        "evaluate", "--model", Self.models().teacher, "--task", "piqa=piqa.jsonl", "--task",
        "lambada=lambada.jsonl", "--limit", "20", "--items", "items.jsonl", "--json", "-q",
      ], in: folder)
    let result = try #require(try outcome.json() as? [String: Any])
    let tasks = try #require(result["tasks"] as? [[String: Any]])
    #expect(tasks.map { $0["task"] as? String } == ["piqa", "lambada_openai"])
    #expect(tasks.allSatisfy { $0["items"] as? Int == 20 })
    for key in ["acc", "acc_norm", "acc_stderr", "acc_norm_stderr"] {
      #expect(tasks[0][key] is Double)
    }
    #expect(tasks[1]["acc_norm"] is NSNull)
    #expect((tasks[1]["perplexity"] as? Double ?? 0) > 1)
    let lines = try String(contentsOfFile: "\(folder)/items.jsonl", encoding: .utf8)
      .split(separator: "\n")
      .map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:] }
    #expect(lines.count == 40)
    #expect(lines.map { $0["index"] as? Int } == Array(0..<20) + Array(0..<20))
    let mean = lines.prefix(20).reduce(0) { $0 + ($1["acc"] as? Double ?? .nan) } / 20
    #expect(abs(mean - (tasks[0]["acc"] as? Double ?? 0)) < 1e-12)
    #expect((lines[0]["log_probabilities"] as? [Double])?.count == 2)
  }

  @Test func severalModelsAreHeldToTheFirst() throws {
    let folder = try Self.folder("pair")
    let models = try Self.models()
    let outcome = try Program.succeed(
      [
        "evaluate", "--model", models.teacher, "--model", models.reference, "--task",
        "piqa=piqa.jsonl", "--json", "-q",
      ], in: folder)
    let result = try #require(try outcome.json() as? [String: Any])
    let tasks = try #require(result["tasks"] as? [[String: Any]])
    #expect(tasks.map { $0["model"] as? String } == ["teacher", "reference"])
    let pair = try #require((result["comparisons"] as? [[String: Any]])?.first)
    #expect(pair["baseline"] as? String == "teacher")
    let accuracies = tasks.map { $0["acc_norm"] as? Double ?? .nan }
    #expect(
      abs((pair["difference"] as? Double ?? .nan) - (accuracies[1] - accuracies[0])) < 1e-12)
  }

  @Test func aKilledRunGoesOnWithTheSameBytes() throws {
    let folder = try Self.folder("killed", items: 400)
    let model = try Self.models().teacher
    func arguments(_ output: String) -> [String] {
      [
        "evaluate", "--model", model, "--task", "piqa=piqa.jsonl", "--pass-tokens", "64", "--items",
        output, "--json", "-q",
      ]
    }
    let whole = try Program.succeed(arguments("whole.jsonl"), in: folder)
    let outcome = try Program.shell(
      """
      "$MINIPLM" \(arguments("cut.jsonl").joined(separator: " ")) & pid=$!
      for i in $(seq 2000); do [ -s cut.jsonl.partial ] && break; sleep 0.005; done
      kill -9 $pid; wait $pid; exit 0
      """, in: folder)
    #expect(outcome.status == 0)
    let kept = (try? String(contentsOfFile: "\(folder)/cut.jsonl.partial", encoding: .utf8)) ?? ""
    // On a fast machine the run may be done before it is killed.
    if !FileManager.default.fileExists(atPath: "\(folder)/cut.jsonl") {
      #expect(!kept.isEmpty)
      let again = try Program.succeed(arguments("cut.jsonl"), in: folder)
      #expect(again.output == whole.output)
    }
    #expect(
      FileManager.default.contentsEqual(
        atPath: "\(folder)/whole.jsonl", andPath: "\(folder)/cut.jsonl"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/cut.jsonl.partial"))
  }

  @Test func whatCannotBeUsed() throws {
    let folder = try Self.folder("wrong")
    let model = try Self.models().teacher
    func status(_ arguments: [String]) throws -> Int32 {
      let outcome = try Program.run(["evaluate", "--model", model, "-q"] + arguments, in: folder)
      #expect(outcome.output.isEmpty)
      #expect(!outcome.errors.isEmpty)
      return outcome.status
    }
    // Another task's file, none, and one without rows: input.
    #expect(try status(["--task", "hellaswag=piqa.jsonl"]) == 3)
    #expect(try status(["--task", "piqa=missing.jsonl"]) == 3)
    try Data().write(to: URL(fileURLWithPath: "\(folder)/empty.jsonl"))
    #expect(try status(["--task", "piqa=empty.jsonl"]) == 3)
    // Settings that cannot be.
    #expect(try status(["--task", "mmlu=piqa.jsonl"]) == 2)
    #expect(try status(["--task", "piqa=piqa.jsonl", "--compat", "0.3"]) == 2)
    #expect(try status(["--task", "piqa=piqa.jsonl", "--shards", "x"]) == 2)
    #expect(try status(["--task", "piqa=piqa.jsonl", "--task", "piqa=piqa.jsonl"]) == 2)
    #expect(try status(["--model", model, "--task", "piqa=piqa.jsonl"]) == 2)
    #expect(try status(["--items", "x.jsonl"]) == 2)
    // More to score than the model takes.
    #expect(try status(["--task", "piqa=piqa.jsonl", "--max-length", "2"]) == 3)
  }
}
