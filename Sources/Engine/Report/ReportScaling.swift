import LanguageModels
import Numerics
import Pipeline
import Reports
import ScalingLaws
import Store
import Training

/// The law L(C) = A / C^alpha + L_inf of both students' held-out losses.
extension ProjectReport {
  /// Resamples of an interval: enough for two digits.
  private static let resamples = 200
  /// Computations at which a law is drawn.
  private static let drawn = 48

  func scalingSections(_ work: Work) throws -> [ReportSection] {
    guard let commit else { return [] }
    let groups = [("A uniform", commit.runA), ("B refined", commit.runB)].filter {
      CheckpointStore.recordedPrecision(runFolder: $0.1) != nil
        && (run($0.1)?.evaluations.count { $0.step > 0 } ?? 0) >= ComputeFit.pointsNeeded
    }
    guard groups.count == 2 else { return [] }
    return try orNote("Scaling law") {
      let measured = try fit(groups, computes: [], resamples: 0, work)
      let ranges = measured.fits.flatMap(\.computeRange).filter { $0 > 0 }
      guard let low = ranges.min(), let high = ranges.max(), low < high else { return [] }
      let computes = ScalingChart.computations(from: low, to: high * 10, count: Self.drawn)
      let fitted = try fit(groups, computes: computes, resamples: Self.resamples, work)
      return [section(fitted, groups: groups, largest: high)]
    }
  }

  private func fit(
    _ groups: [(String, String)], computes: [Double], resamples: Int, _ work: Work
  ) throws -> FitResult {
    var settings = Fit.Settings()
    settings.resampling = Resampling(count: resamples, seed: self.settings.seed)
    settings.computes = computes
    settings.baseline = groups.first?.0
    settings.offline = computeAccount().account.scoring
    settings.fromStep = firstStep(groups)
    return try Fit(groups.map { FitGroup(name: $0.0, paths: [$0.1]) }, settings: settings)
      .run(Work(control: work.control))
  }

  /// The first tenth belongs to the warm-up.
  private func firstStep(_ groups: [(String, String)]) -> Int {
    max(1, (groups.compactMap { run($0.1)?.last?.totalSteps }.min() ?? 0) / 10)
  }

  private func section(
    _ fitted: FitResult, groups: [(String, String)], largest: Double
  ) -> ReportSection {
    func ends(_ low: Double?, _ high: Double?, _ digits: Int) -> ReportTable.Cell {
      guard low != nil || high != nil else { return .text("-") }
      let words = [low, high].map { $0 == nil ? "∞" : Number.significant($0, digits) }
      return .text("\(words[0]) to \(words[1])")
    }
    let rows = fitted.fits.map { law -> [ReportTable.Cell] in
      let far = law.extrapolations.last
      return [
        .text(law.name), .whole(law.points), .significant(law.A, 3),
        ends(law.intervals?.A?.low, law.intervals?.A?.high, 3), .significant(law.alpha, 3),
        ends(law.intervals?.alpha?.low, law.intervals?.alpha?.high, 3), .number(law.L_inf, 3),
        ends(law.intervals?.L_inf?.low, law.intervals?.L_inf?.high, 4), .number(far?.loss, 3),
        ends(far?.interval?.low, far?.interval?.high, 4),
      ]
    }
    let table = ReportTable(
      [
        "law", "points", "A", "95 % of A", "alpha", "95 % of alpha", "L_inf", "95 % of L_inf",
        "loss at 10 times the computation", "95 % of it",
      ], rows)
    let methods = fitted.fits.map { law in
      ScalingChart.Method(
        law.name,
        points: points(
          of: groups.first { $0.0 == law.name }?.1, fromStep: firstStep(groups)),
        law: law.extrapolations.map {
          .init($0.compute, $0.loss, low: $0.interval?.low, high: $0.interval?.high)
        })
    }
    let chart = ScalingChart(
      title: "Scaling law of the students",
      subtitle: "L(C) = A / C^alpha + L_inf over the evaluations of each run; dashed beyond the "
        + "measured ones; bands hold 95 % of \(Number.grouped(Self.resamples)) resamples.",
      methods: methods, markers: [.init(largest, "measured"), .init(largest * 10, "10 times")])
    var lines = [
      "Evaluations within a run stand under a learning rate that still falls, so that such a law "
        + "tells less than one over finished runs of several lengths ('miniplm fit --last')."
    ]
    for law in fitted.fits { lines += law.warnings.map { "\(law.name): \($0)." } }
    if let found = fitted.speedups.first {
      lines += words(found)
    }
    return ReportSection(
      "Scaling law",
      [
        .list(lines), .table(table, file: "scaling.csv"),
        .picture(svg: chart.svg, file: "scaling.svg", words: "fitted laws of both students"),
      ])
  }

  private func words(_ found: ComparedLaw) -> [String] {
    let speedup = found.speedup
    let start =
      "The loss that \(found.over) has after \(Number.significant(speedup.compute, 3)) FLOPs "
    guard let reached = speedup.reachedWith, let factor = speedup.factor else {
      return [start + "is not reached by \(found.of), by its law."]
    }
    let isLess = factor >= 1
    func words(_ factor: Double) -> String {
      Number.significant(isLess ? factor : 1 / factor, 3)
    }
    let interval = speedup.interval.map { found in
      let ends = [found.low, found.high].map { $0.map(words) ?? "-" }
      return " (95 %: \(ends[isLess ? 0 : 1]) to \(ends[isLess ? 1 : 0]))"
    }
    return [
      start + "is reached by \(found.of) with \(Number.significant(reached, 3)), scoring included: "
        + "\(words(factor)) times \(isLess ? "less" : "as much")\(interval ?? "")."
    ]
  }

  /// What was measured of a run, with the computation that the account counts.
  private func points(of runFolder: String?, fromStep: Int) -> [XYChart.Point] {
    guard let commit, let runFolder, let run = run(runFolder),
      let model = configuration(
        of: ModelFolder(runFolder == commit.runA ? commit.modelA : commit.modelB),
        shape: settings.student.shape)
    else { return [] }
    let length = max(1, settings.chunkTokens - 1)
    let each = ModelOperations(model).training(length: length) / Double(length)
    return run.evaluations.filter { $0.step >= fromStep }.map {
      XYChart.Point(each * Double($0.tokensSeen), $0.losses.all.chunkMean)
    }
  }
}
