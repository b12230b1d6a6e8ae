import Engine
import Numerics
import Pipeline
import Store
import Workbench

/// `open --batch`: a project's selection is changed by a file instead of by a person.
struct BatchRun {
  let file: String
  let folder: String
  let settings: ProjectSettings
  let isDryRun: Bool

  func run(_ common: CommonOptions) throws {
    let batch = try BatchFile(file)
    let replay = try RecipeReplay(folder: folder, settings: settings, path: file)
    defer { replay.close() }
    let lines = try batch.lines(PaletteNames(sources: replay.sources, chunks: replay.chunks))
    let outcome = try CommandRun(
      "batch", common,
      whenStopped: .stopped("Stopped; nothing is half-written. What was committed before stands.")
    ).run { try replay.run(lines, isDryRun: isDryRun, $0) }
    if common.json { return try Output.json(Result(outcome, isDryRun: isDryRun)) }
    for step in outcome.steps { try Output.line("line \(step.line): \(step.title)") }
    try Output.line(
      "ratio \(Number.fixed(outcome.ratio, 3)): kept \(Number.grouped(outcome.keptChunks)) of "
        + "\(Number.grouped(outcome.chunks)) chunks, \(Number.grouped(outcome.keptTokens)) tokens"
        + (isDryRun ? "; nothing was written" : ""))
  }

  private struct Result: Encodable {
    var dryRun: Bool
    var lines: [RecipeOutcome.Step]
    var commits: [String]
    var ratio: Double
    var keptChunks: Int
    var chunks: Int
    var keptTokens: Int
    /// Lines of the project's recipe.jsonl.
    var changes: Int

    init(_ outcome: RecipeOutcome, isDryRun: Bool) {
      dryRun = isDryRun
      (lines, commits) = (outcome.steps, outcome.commits)
      (ratio, keptChunks, chunks) = (outcome.ratio, outcome.keptChunks, outcome.chunks)
      (keptTokens, changes) = (outcome.keptTokens, outcome.changes)
    }
  }
}
