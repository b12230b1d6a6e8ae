import Foundation
import Testing

/// `run` with a recipe: the plan, faults of the file, and an experiment that is killed.
@Suite(.serialized) struct ExperimentCommandTests {
  let work: TinyWork
  let recipe: String

  init() throws {
    work = try TinyWork.shared.get()
    recipe = "recipe-\(UUID().uuidString).json"
    try work.write(Self.text, to: recipe)
  }

  static let text = """
    {"name": "killed",
     "corpus": {"files": {"scored": ["corpus.jsonl"], "held_out": ["held.jsonl"]}},
     "chunk_tokens": 33, "tokenizer": {"folder": "tok"},
     "teacher": {"folder": "teacher"}, "reference": {"folder": "reference"},
     "scoring": {"charge": 1000},
     "students": {"models": [{"name": "qwen-16", "family": "qwen2", "hidden": 16, "layers": 1,
       "heads": 2, "intermediate": 32, "chunks_per_step": 4, "learning_rate": 5e-3}],
       "tokens": [20000], "seeds": [1]},
     "methods": [{"method": "conventional"}, {"method": "miniplm", "ratios": [0.5]}],
     "evaluation": {"checkpoints": 3, "chunks": 8}}
    """

  @Test func thePlanIsPrintedAndNothingDone() throws {
    let outcome = try Program.succeed(
      ["run", recipe, "-o", "planned", "--dry-run", "--json", "-q"], in: work.path)
    let plan = try #require(try outcome.json() as? [String: Any])
    let parts = try #require(plan["parts"] as? [[String: Any]])
    #expect(
      parts.compactMap { $0["part"] as? String } == [
        "pack scored", "pack held-out", "scores", "select miniplm-r0.50",
        "student qwen-16-t20000-conventional-s1", "student qwen-16-t20000-miniplm-r0.50-s1",
        "report",
      ])
    #expect(parts.allSatisfy { $0["isDone"] as? Bool == false })
    #expect(!FileManager.default.fileExists(atPath: work.path + "/planned"))
    let lines = try Program.succeed(
      ["run", recipe, "-o", "planned", "--dry-run", "-q", "--seeds", "3,4"], in: work.path
    ).output
    #expect(lines.contains("conventional-s4"))
  }

  @Test func aFaultNamesItsKey() throws {
    try work.write(
      Self.text.replacingOccurrences(of: "\"layers\": 1", with: "\"layers\": 0"), to: "wrong.json")
    for (file, words) in [("wrong.json", "students.models[0].layers"), ("none.json", "none.json")] {
      let outcome = try Program.run(["run", file, "-o", "wrong"], in: work.path)
      #expect(outcome.status == 3)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    let project = try Program.run(["run", "teacher", "--dry-run"], in: work.path)
    #expect(project.status == 2)
  }

  @Test func killedAndStoppedItComesToTheSameBytes() throws {
    let command = ["run", recipe, "--json", "--threads", "1"]
    let whole = try Program.succeed(command + ["-o", "whole", "-q"], in: work.path)
    for place in ["scores", "step 40/", "miniplm-r0.50-s1, step"] {
      let running = try Program.Running(command + ["-o", "killed"], in: work.path)
      if running.says(place) { running.signal(SIGKILL) }
      _ = running.end()
    }
    let running = try Program.Running(command + ["-o", "killed"], in: work.path)
    if running.says("student"), running.isRunning {
      running.signal(SIGINT)
      let outcome = running.end()
      #expect(outcome.status == 4 || outcome.status == 0)
    }
    let last = try Program.succeed(command + ["-o", "killed", "-q"], in: work.path)
    #expect(last.output == whole.output)
    let models = ["conventional", "miniplm-r0.50"].map {
      "models/qwen-16-t20000-\($0)-s1/model.safetensors"
    }
    for name in ["report/README.md", "report/results.csv"] + models {
      let (one, other) = ("whole", "killed")
      let files = [one, other].map {
        FileManager.default.contents(atPath: "\(work.path)/\($0)/\(name)")
      }
      #expect(files[0] != nil && files[0] == files[1], "\(name) differs")
    }
  }
}
