import Foundation
import Testing

/// `run` on a project that names tasks: they are its last step, which goes on after a kill.
@Suite(.serialized) struct RunTasksTests {
  private func project(_ place: Workplace, items: Int, _ more: [String] = []) throws -> String {
    let work = try TinyWork.shared.get()
    let rows = (0..<items).map { index in
      let (goal, rest) = (TinyWork.text(index).prefix(40), TinyWork.text(500 + index))
      return "{\"goal\": \"\(goal)\", \"sol1\": \"\(rest.prefix(50))\", "
        + "\"sol2\": \"\(rest.suffix(60))\", \"label\": \(index % 2)}\n"
    }
    try place.write(rows.joined(), to: "piqa.jsonl")
    let project = place.path + "/project"
    try Program.succeed(
      [
        "init", project, "--corpus", "corpus.jsonl", "--tokenizer", "tok", "--teacher", "teacher",
        "--reference", "reference", "--max-length", "33", "--waive", "teacher", "--task",
        "piqa=\(place.path)/piqa.jsonl",
      ] + more, in: work.path)
    return project
  }

  private func results(_ place: Workplace) -> [String: Data] {
    let tasks = "project/evaluations/tasks"
    var found: [String: Data] = [:]
    for model in place.names(tasks) {
      for name in place.names("\(tasks)/\(model)") {
        found["\(model)/\(name)"] = place.data("\(tasks)/\(model)/\(name)")
      }
    }
    return found
  }

  @Test func tasksAreTheLastStepAndGoOnAfterAKill() throws {
    let place = try Workplace()
    let project = try project(place, items: 1500)
    let killed = try Program.Running(["run", project, "--threads", "1"], in: place.path)
    if killed.says("[11/11] evaluate tasks: ") {
      while killed.isRunning, !results(place).keys.contains(where: { $0.hasSuffix(".partial") }) {
        usleep(5000)
      }
      killed.signal(SIGKILL)
    }
    _ = killed.end()
    let kept = results(place)
    let outcome = try Program.succeed(["run", project, "--threads", "1"], in: place.path)
    #expect(outcome.errors.contains("[11/11] evaluate tasks: done"), "\(outcome.errors)")
    #expect(outcome.output.contains("'miniplm report' shows the tasks"))
    let whole = results(place)
    #expect(whole.keys.filter { $0.hasSuffix("/piqa.json") }.count == 4, "\(whole.keys.sorted())")
    #expect(!whole.keys.contains { $0.contains("partial") })
    // What was done stayed as it was.
    for (name, data) in kept where !name.contains("partial") && !name.hasSuffix(".lock") {
      #expect(whole[name] == data, "\(name)")
    }
    let again = try Program.succeed(["run", project], in: place.path)
    #expect(again.errors.contains("nothing is left to do"), "\(again.errors)")
    #expect(results(place) == whole)
  }

  @Test func aFileThatCannotBeUsedCostsTheOthersNothing() throws {
    let place = try Workplace()
    try place.write(
      "{\"text\": \"the river runs\"}\n{\"text\": \"past old stone\"}\n{\"texts\": 3}\n",
      to: "lambada.jsonl")
    let project = try project(
      place, items: 8, ["--task", "lambada=\(place.path)/lambada.jsonl"])
    let outcome = try Program.run(["run", project, "-q"], in: place.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("lambada.jsonl"), "\(outcome.errors)")
    #expect(results(place).keys.filter { $0.hasSuffix("/piqa.json") }.count == 4)
  }
}
