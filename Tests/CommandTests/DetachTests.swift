import Foundation
import Glibc
import Testing

/// Work on a project outlives its terminal, and terminals come to it.
@Suite(.serialized) struct DetachTests {
  /// A project of the same name, text and models wherever it is; its students train for seconds.
  private func project(_ place: Workplace, epochs: Int = 15) throws {
    let work = try TinyWork.shared.get()
    try Program.succeed(
      [
        "init", "project", "--corpus", "\(work.path)/corpus.jsonl", "--held-out",
        "\(work.path)/held.jsonl", "--tokenizer", "\(work.path)/tok", "--teacher",
        "\(work.path)/teacher", "--reference", "\(work.path)/reference", "--max-length", "33",
        "--waive", "teacher", "--set", "student.training.epochs=\(epochs)",
        "--set", "student.training.checkpoints=40",
      ], in: place.path)
  }

  private struct Status: Decodable {
    struct Run: Decodable {
      var step: Int
      var lastCheckpoint: Int?
    }
    var stage: String?
    var state: String?
    var controllers: Int
    var viewers: Int
    var runs: [Run]
    var engine: String
  }

  /// Waits until the work is so far; nil when it is over, or nobody serves it and `run` does not run.
  private func status(
    _ place: Workplace, of run: Program.Running? = nil,
    until isSo: (Status) -> Bool = { _ in true }
  ) throws -> Status? {
    while true {
      let outcome = try Program.run(["attach", "project", "--json"], in: place.path)
      guard outcome.status == 0 else {
        if run?.isRunning == true { continue }
        return nil
      }
      let status = try JSONDecoder().decode(Status.self, from: Data(outcome.output.utf8))
      if isSo(status) { return status }
      if status.stage == "compare", status.state == "done" { return nil }
      usleep(50_000)
    }
  }

  private static let models = ["0001-r0.50-A-uniform", "0001-r0.50-B-refined"].map {
    "project/models/\($0)/model.safetensors"
  }

  /// What nobody has disturbed.
  private static let undisturbed = Result {
    let place = try Workplace()
    try DetachTests().project(place)
    try Program.succeed(["run", "project", "--threads", "1", "-q"], in: place.path)
    return models.map { place.data($0) }
  }

  private func start(_ place: Workplace) throws -> Int32 {
    struct Started: Decodable { var process: Int32 }
    let outcome = try Program.succeed(
      ["run", "project", "--threads", "1", "--detach", "--json"], in: place.path)
    return try JSONDecoder().decode(Started.self, from: Data(outcome.output.utf8)).process
  }

  /// Steps of a student; nil before it trains.
  private func trains(_ status: Status, from step: Int = 1) -> Bool {
    status.stage == "train" && status.runs.count == 2 && status.runs[0].step >= step
  }

  @Test func workOutlivesItsScreensAndComesToTheSameBytes() throws {
    let whole = try Self.undisturbed.get()
    let place = try Workplace()
    try project(place)
    let process = try start(place)
    let began = try #require(try status(place) { trains($0) })
    #expect(began.engine.contains("process \(process) "))
    // A screen that is killed, one whose terminal goes, and one that detaches.
    let killed = try TerminalProgram(["attach", "project"], in: place.path)
    #expect(killed.shows("student") || killed.shows("uniform"), "\(killed.text.suffix(300))")
    #expect(try status(place)?.controllers == 1)
    killed.signal(SIGKILL)
    #expect(killed.end() == -SIGKILL)
    let hung = try TerminalProgram(["open", "project"], in: place.path)
    #expect(hung.shows("uniform"))
    hung.signal(SIGHUP)
    #expect(hung.end() == 0, "\(hung.text.suffix(300))")
    let viewer = try TerminalProgram(["attach", "project", "--read-only"], in: place.path)
    #expect(viewer.shows("read-only"))
    viewer.type("x")
    #expect(viewer.shows("only looks"))
    let left = try TerminalProgram(["attach", "project"], in: place.path)
    #expect(left.shows("uniform"))
    #expect(try status(place).map { [$0.controllers, $0.viewers] } == [1, 1])
    left.type("q")
    #expect(left.shows("detach: work goes on"))
    left.type("d")
    #expect(left.end() == 0)
    #expect(left.text.contains("Detached: 'miniplm attach project' comes back"))
    let saved = try Program.succeed(["attach", "project", "--checkpoint"], in: place.path)
    #expect(saved.output.hasPrefix("checkpoint at step "), "\(saved.output)")
    let asked = try #require(try status(place))
    #expect(asked.state == "running" && kill(process, 0) == 0)
    // To its end; the viewer's screen ends with it.
    _ = try status(place) { _ in false }
    for (name, data) in zip(Self.models, whole) {
      #expect(data != nil && place.data(name) == data, "\(name)")
    }
    viewer.type("q")
    _ = viewer.end()
    _ = try Program.run(["attach", "project", "--stop"], in: place.path)
    #expect(kill(process, 0) != 0 || (try? status(place)) == nil)
  }

  @Test func aKilledEngineIsToldAndTheWorkGoesOnToTheSameBytes() throws {
    let whole = try Self.undisturbed.get()
    let place = try Workplace()
    try project(place)
    let process = try start(place)
    _ = try #require(try status(place) { trains($0, from: 20) })
    let screen = try TerminalProgram(["attach", "project"], in: place.path)
    #expect(screen.shows("uniform"))
    kill(process, SIGKILL)
    #expect(screen.shows("The engine has gone"), "\(screen.text.suffix(300))")
    screen.type("d")
    #expect(screen.end() == 1)
    #expect(screen.text.contains("go on from there"))
    let nobody = try Program.run(["attach", "project", "--once"], in: place.path)
    #expect(nobody.status == 1 && nobody.errors.contains("Nothing works on project now"))
    try Program.succeed(["run", "project", "--threads", "1", "-q"], in: place.path)
    for (name, data) in zip(Self.models, whole) {
      #expect(data != nil && place.data(name) == data, "\(name)")
    }
    #expect(!place.exists("project/.engine.sock") && !place.exists("project/.lock"))
  }

  /// A run on a terminal serves others, too, goes on without it, and saves on request.
  @Test func aRunGoesOnAtHangUpAndSavesOnRequest() throws {
    let place = try Workplace()
    try project(place, epochs: 100)
    let run = try Program.Running(["run", "project", "--threads", "1"], in: place.path)
    _ = try #require(try status(place, of: run) { trains($0) })
    let second = try Program.run(["run", "project", "-q"], in: place.path)
    #expect(second.status == 1)
    #expect(
      second.errors.contains("is being written by process \(run.number) "), "\(second.errors)")
    #expect(second.errors.contains("'miniplm attach project' comes to its work"))
    run.signal(SIGHUP)
    #expect(run.says("The terminal has gone; the work goes on."))
    run.signal(SIGUSR1)
    #expect(run.says("Saving at the next safe point, and going on."))
    let saved = try #require(try status(place) { $0.runs.contains { $0.lastCheckpoint != nil } })
    let later = try #require(
      try status(place) { trains($0, from: saved.runs[0].step + 1) })
    #expect(later.state == "running" && run.isRunning)
    let paused = try Program.succeed(["attach", "project", "--pause"], in: place.path)
    #expect(paused.output.contains("paused"))
    #expect(try status(place)?.state == "paused")
    try Program.succeed(["attach", "project", "--resume"], in: place.path)
    let stopped = try Program.succeed(["attach", "project", "--stop"], in: place.path)
    #expect(stopped.output.contains("stopped, saved"))
    let outcome = run.end()
    #expect(outcome.status == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("The same command goes on"))
  }

  @Test func closingAScreenWithoutWorkEndsTheEngine() throws {
    let place = try Workplace()
    try project(place)
    let screen = try TerminalProgram(["open", "project"], in: place.path)
    #expect(screen.shows("next: "), "\(screen.text.suffix(400))")
    #expect(place.exists("project/.engine.sock"))
    screen.type("q")
    #expect(screen.end() == 0)
    #expect(!place.exists("project/.lock"))
    // Its last words need not wait for the screen.
    for _ in 0..<500 where place.exists("project/.engine.sock") { usleep(10_000) }
    #expect(!place.exists("project/.engine.sock"))
    // A stop by a signal, while it works: saved, and the engine ends.
    let working = try TerminalProgram(["open", "project", "--threads", "1"], in: place.path)
    #expect(working.shows("next: "))
    working.type("R")
    _ = try status(place) { $0.state != nil }
    working.signal(SIGTERM)
    #expect(working.end() == 4)
    #expect(!place.exists("project/.lock"))
  }

  @Test func whatCannotStartInTheBackgroundSaysWhy() throws {
    let place = try Workplace()
    try project(place)
    let holder = open("\(place.path)/project/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(holder) }
    #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
    for arguments in [["run", "project", "--detach"], ["attach", "project", "--once"]] {
      let outcome = try Program.run(arguments, in: place.path)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("project is being written by"), "\(outcome.errors)")
    }
    #expect(try Program.run(["attach", "nowhere"], in: place.path).status == 2)
    #expect(try Program.run(["attach", "project"], in: place.path).status == 2)
    let both = ["attach", "project", "--stop", "--pause"]
    #expect(try Program.run(both, in: place.path).status == 2)
    try place.write("{}", to: "recipe.json")
    #expect(try Program.run(["run", "recipe.json", "--detach"], in: place.path).status == 2)
  }
}
