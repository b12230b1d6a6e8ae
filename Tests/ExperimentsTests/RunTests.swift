import Experiments
import Foundation
import Pipeline
import Store
import Synchronization
import TensorKit
import Testing

@Suite(.serialized) struct RunTests {
  private func read(_ experiment: TinyExperiment) throws -> [StudentResult] {
    try Folder.list(experiment.folder.path + "/results").map {
      try JSONFile.read(StudentResult.self, from: "\(experiment.folder.path)/results/\($0)")
    }
  }

  @Test func anExperimentEndsInItsReport() throws {
    let tiny = try ran()
    let report = tiny.folder.report
    let files = Set(try Folder.list(report))
    #expect(
      files.isSuperset(of: [
        "README.md", "curves.csv", "results.csv", "results.json", "losses.csv", "sources.csv",
        "computation.csv", "kept.csv", "differences.svg", "ratios.svg",
      ]))
    let results = try read(tiny)
    #expect(results.count == 8)
    let rows = try String(contentsOfFile: report + "/results.csv", encoding: .utf8)
      .components(separatedBy: "\r\n").filter { !$0.isEmpty }
    #expect(rows.count == 9)
    // What a killed run was writing goes away with the next one.
    let left = tiny.folder.path + "/results/x.json.tmp-\(Int32.max)"
    try AtomicFile.write(text: "{", to: left)
    _ = try tiny.experiment().run(Work())
    #expect(!Folder.exists(left))
    #expect(Set(rows.map { $0.components(separatedBy: ",").count }).count == 1)
    let text = try String(contentsOfFile: report + "/README.md", encoding: .utf8)
    for word in ["conventional", "miniplm-r0.30", "uniform-r0.50", "prose", "95 %"] {
      #expect(text.contains(word), "\(word) is missing")
    }
  }

  @Test func allStudentsOfAGroupComputeTheSame() throws {
    let tiny = try ran()
    for result in try read(tiny) {
      // A step is the least that can be had or left.
      let step = result.flops.training / Double(result.steps)
      #expect(abs(result.flops.charged - result.flops.budget) < step, "\(result.student)")
      #expect((result.flops.scoring > 0) == (result.method == "miniplm"))
      #expect(result.flops.fullScoring >= result.flops.scoring)
    }
    let byArm = Dictionary(grouping: try read(tiny), by: \.arm)
    #expect(byArm["miniplm-r0.50"]?[0].steps ?? 0 < byArm["conventional"]?[0].steps ?? 0)
  }

  @Test func weightsAndLossesFollowTheSeed() throws {
    let results = try read(try ran())
    let plain = results.filter { $0.arm == "conventional" }
    #expect(plain.count == 2)
    #expect(plain[0].loss != plain[1].loss)
    // Before the first step the arms of a seed are one model.
    for (_, students) in Dictionary(grouping: results, by: \.seed) {
      #expect(Set(students.map { $0.curve[0].loss }).count == 1)
    }
  }

  /// One that was run to its end without a stop; nobody changes it.
  private func ran() throws -> TinyExperiment { try Self.whole.get() }

  private static let whole = Result {
    let tiny = try TinyExperiment()
    _ = try tiny.experiment().run(Work())
    return tiny
  }

  @Test func stoppedOftenItComesToTheSameBytes() throws {
    let whole = try ran()
    let pieces = try TinyExperiment()
    var stops = 0
    for round in 0..<400 {
      let control = WorkControl()
      var seen = 0
      let work = Work(
        control: control,
        progress: { progress in
          guard !progress.detail.hasPrefix("measuring") else { return }
          seen += 1
          if seen == 30 + 17 * (round % 5) { control.stop() }
        })
      do {
        _ = try pieces.experiment(threads: 1 + round % 2).run(work)
        break
      } catch is WorkStopped {
        stops += 1
      }
    }
    #expect(stops > 5)
    let (expected, found) = (try whole.results(), try pieces.results())
    #expect(Set(expected.keys) == Set(found.keys))
    #expect(expected.count > 40)
    for (name, data) in expected { #expect(found[name] == data, "\(name) differs") }
  }

  @Test func itEndsInTimeAndGoesOn() throws {
    let tiny = try TinyExperiment()
    let notes = Mutex<[String]>([])
    let work = Work(note: { note in notes.withLock { $0.append(note.text) } })
    #expect(throws: WorkStopped.self) { try tiny.experiment(timeLimit: 0.2).run(work) }
    #expect(notes.withLock { $0.contains { $0.contains("to go") } })
  }

  @Test func aFolderBelongsToOneRecipe() throws {
    let tiny = try TinyExperiment()
    #expect(throws: WorkStopped.self) { try tiny.experiment(timeLimit: 0.05).run(Work()) }
    try AtomicFile.write(
      text: try String(contentsOfFile: tiny.recipe, encoding: .utf8)
        .replacingOccurrences(of: "\"seeds\": [1, 2]", with: "\"seeds\": [1, 3]"),
      to: tiny.recipe)
    #expect(throws: ExperimentError.self) { try tiny.experiment().run(Work()) }
    let other = try TinyExperiment()
    try Folder.make(other.folder.path)
    try AtomicFile.write(text: "mine", to: other.folder.path + "/notes.txt")
    #expect(throws: StoreError.self) { try other.experiment().run(Work()) }
  }

  @Test func aPartOfTheStudentsIsReportedAndTheRestFollows() throws {
    let tiny = try TinyExperiment()
    let only = ["conventional", "miniplm-r0.50"]
    let report = try tiny.experiment(seeds: [7, 8], only: only).run(Work())
    func students() throws -> Int {
      try String(contentsOfFile: report + "/results.csv", encoding: .utf8)
        .components(separatedBy: "\r\n").count - 2
    }
    #expect(try students() == 4)
    // The folder has the seeds that it was begun with.
    #expect(throws: ExperimentError.self) { try tiny.experiment().run(Work()) }
    _ = try tiny.experiment(seeds: [7, 8]).run(Work())
    #expect(try students() == 8)
    #expect(throws: PipelineError.self) { try tiny.experiment(only: ["mamba-99"]) }
  }

  @Test func scoringThatCostsMoreThanTheBudgetIsRefused() throws {
    let tiny = try TinyExperiment([("\"amortized\"", "\"full\""), ("[6000]", "[2000]")])
    #expect(throws: ExperimentError.self) { try tiny.experiment().run(Work()) }
  }
}
