import ArgumentParser
import Numerics
import Pipeline
import Training

/// How far the loss curves of runs lie apart.
struct CompareCurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare-curves",
    abstract:
      "Compare the loss curves of training runs over the same batches with the first one's.",
    discussion: """
      Losses are smoothed by a centred moving mean before they are subtracted. To know what noise \
      is, give a run that differs from the first in the seed of its weights only.
      """)

  @Argument(help: "Run folders; the others are compared with the first.")
  var runs: [String]
  @Option(help: "Logged steps of the moving mean. (default: 5)", transform: whole(1...Most.planned))
  var window = 5
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if runs.count < 2 { throw ValidationError("Give at least two run folders.") }
  }

  func run() throws {
    let table = BenchTable(
      [
        .init(title: "run", width: 20, isText: true), .init(title: "steps", width: 6),
        .init(title: "mean |B-A|", width: 10), .init(title: "max |B-A|", width: 10),
        .init(title: "mean B-A", width: 9), .init(title: "last A", width: 8),
        .init(title: "last B", width: 8),
      ], json: common.json)
    let verb = CompareCurves(runs: runs, window: window)
    for row in try CommandRun("compare-curves", common).run({ try verb.run($0) }) {
      let curve = row.curve
      try table.add(
        row,
        [
          row.run, "\(curve.steps)", Number.fixed(curve.meanAbsoluteDifference, 5),
          Number.fixed(curve.maximumAbsoluteDifference, 5), Number.signed(curve.meanDifference, 5),
          Number.fixed(curve.finalA, 4), Number.fixed(curve.finalB, 4),
        ])
    }
  }
}
