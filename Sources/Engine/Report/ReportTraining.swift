import EngineInterface
import Numerics
import Reports
import Store
import Training

/// A training run as its metrics tell it.
struct ReportedRun {
  let name: String
  let steps: [StepMetrics]
  let evaluations: [EvaluationRecord]

  var last: StepMetrics? { steps.last }

  /// Reads the metrics in a folder; nil where there are none.
  init?(_ name: String, runFolder: String) {
    guard Folder.exists(runFolder + "/" + MetricsLog.fileName),
      let records = try? MetricsLog.read(runFolder: runFolder), !records.isEmpty
    else { return nil }
    self.name = name
    steps = records.compactMap { if case .step(let step) = $0 { step } else { nil } }
    evaluations = records.compactMap {
      if case .evaluation(let record) = $0 { record } else { nil }
    }
  }

  /// The logged losses over tokens: centred moving means, with the band that holds the middle 80 %
  /// of the values around them.
  var curve: [XYChart.Point] {
    let logged = steps.compactMap { step -> (tokens: Double, loss: Double)? in
      guard let loss = step.intervalLoss ?? step.loss, loss.isFinite else { return nil }
      return (Double(step.tokensSeen), loss)
    }
    guard let last = logged.indices.last else { return [] }
    // A fiftieth of the run, so that runs of any length look alike, at a thousand places.
    let half = logged.count < 20 ? 0 : max(2, logged.count / 100)
    let places = Array(stride(from: 0, to: last, by: max(1, logged.count / 1000))) + [last]
    return places.map { index in
      let around = logged[max(0, index - half)...min(last, index + half)].map(\.loss)
      let mean = around.reduce(0, +) / Double(around.count)
      guard around.count >= 10 else { return XYChart.Point(logged[index].tokens, mean) }
      let sorted = around.sorted()
      let cut = sorted.count / 10
      return XYChart.Point(
        logged[index].tokens, mean, low: min(mean, sorted[cut]),
        high: max(mean, sorted[sorted.count - 1 - cut]))
    }
  }

  /// Held-out losses over tokens, with 95 % intervals.
  var heldOut: [XYChart.Point] {
    evaluations.map { record in
      let all = record.losses.all
      let half = Self.halfWidth(all)
      return XYChart.Point(
        Double(record.tokensSeen), all.chunkMean, low: half.map { all.chunkMean - $0 },
        high: half.map { all.chunkMean + $0 })
    }
  }

  static func halfWidth(_ loss: SourceLoss) -> Double? {
    loss.standardError.map { $0 * StudentT.quantile975(degreesOfFreedom: loss.chunks - 1) }
  }
}

extension ProjectReport {
  /// Every run of the project with the name that people know it by, in order.
  var runFolders: [(name: String, folder: String)] {
    var result = [("teacher", folder.run("teacher")), ("reference", folder.run("reference"))]
    let commits = status.commits
    for name in commits {
      let places = CommitFolder(project: folder, name: name)
      let prefix = commits.count > 1 ? "\(name) " : ""
      result += [("\(prefix)A uniform", places.runA), ("\(prefix)B refined", places.runB)]
      result += ProjectFork.all(folder, commit: name).map { fork in
        let from = fork.note.map { " (of \($0.parent) at \($0.step))" } ?? ""
        return ("\(prefix)\(fork.name)\(from)", fork.run)
      }
    }
    return result
  }

  /// Those that have begun.
  var runs: [ReportedRun] {
    runFolders.compactMap { ReportedRun($0.name, runFolder: $0.folder) }
  }

  func run(_ path: String) -> ReportedRun? { ReportedRun("", runFolder: path) }

  func trainingSections() throws -> [ReportSection] {
    let runs = runs
    if runs.isEmpty { return [] }
    let table = ReportTable(
      [
        "run", "steps", "of", "tokens", "epochs", "training loss", "held-out loss",
        "95 % interval", "clipped",
      ],
      runs.map { run in
        let losses = run.evaluations.last?.losses.all
        return [
          .text(run.name), .whole(run.last?.step), .whole(run.last?.totalSteps),
          .count(run.last?.tokensSeen), .number(run.last?.epoch, 2),
          .number(run.last?.smoothedLoss, 3), .number(losses?.chunkMean, 3),
          .plusMinus(losses.flatMap(ReportedRun.halfWidth), 3),
          .percent(run.last?.clippedShare),
        ]
      })
    var blocks: [ReportSection.Block] = [.table(table, file: "runs.csv")]
    let curves = runs.enumerated().map { style, run in
      XYChart.Series(run.name, run.curve, style: style)
    }.filter { !$0.points.isEmpty }
    if !curves.isEmpty {
      let chart = XYChart(
        title: "Training loss",
        subtitle: "Moving mean over a fiftieth of the run, at least five logged losses; the band "
          + "holds the middle 80 % of those around it.", x: ChartAxis("tokens read"),
        y: ChartAxis("training loss (nats per token)"), series: curves)
      blocks.append(
        .picture(
          svg: chart.svg, file: "training-loss.svg", words: "training loss of every run over tokens"
        ))
    }
    let measured = runs.enumerated().flatMap { style, run -> [XYChart.Series] in
      run.heldOut.isEmpty
        ? []
        : [
          XYChart.Series(run.name, run.heldOut.map { .init($0.x, $0.y) }, style: style),
          XYChart.Series("", run.heldOut, .dots, style: style),
        ]
    }
    if !measured.isEmpty {
      let chart = XYChart(
        title: "Held-out loss while training",
        subtitle: "Mean over chunks, with its 95 % interval. Chunks are the same for all runs, so "
          + "that differences are known better than each loss.",
        x: ChartAxis("tokens read"), y: ChartAxis("held-out loss (nats per token)"),
        series: measured)
      blocks.append(
        .picture(
          svg: chart.svg, file: "held-out-loss.svg", words: "held-out loss of every run over tokens"
        ))
      blocks.append(
        .table(Self.evaluations(runs), file: "held-out-losses.csv"))
    }
    return [ReportSection("Training", blocks)]
  }

  /// The last evaluation of every run by source.
  private static func evaluations(_ runs: [ReportedRun]) -> ReportTable {
    let measured = runs.filter { !$0.evaluations.isEmpty }
    var names: [String] = []
    for run in measured {
      for source in run.evaluations.last?.losses.sources ?? [] where !names.contains(source.name) {
        names.append(source.name)
      }
    }
    func losses(_ run: ReportedRun, _ name: String?) -> SourceLoss? {
      let last = run.evaluations.last?.losses
      return name.map { name in last?.sources.first { $0.name == name } } ?? last?.all
    }
    let rows = (names.map(Optional.some) + [nil]).map { name -> [ReportTable.Cell] in
      [.text(name ?? "all")] + measured.map { .number(losses($0, name)?.chunkMean, 3) }
    }
    return ReportTable(["held-out loss at the last evaluation"] + measured.map(\.name), rows)
  }
}
