import LanguageModels
import Reports
import ScalingLaws

/// The pictures of an experiment's report.
struct ReportPictures {
  private let report: ExperimentReport

  init(_ report: ExperimentReport) { self.report = report }

  /// Curves of one picture; more cannot be told apart.
  private static let mostCurves = 14

  /// Paired differences of all arms; nil where there are none.
  func differences(_ rows: [ArmComparison]) -> String? {
    let compared = rows.filter { $0.difference != nil }
    guard !compared.isEmpty else { return nil }
    return IntervalChart(
      title: "Held-out loss less that of conventional pre-training",
      subtitle: "equal computation, scoring included; mean and 95 % interval over seeds",
      xLabel: "difference (nats per token); left of zero the arm is better", series: ["difference"],
      rows: compared.map { row in
        IntervalChart.Row(
          row.arm,
          [
            row.difference.map { IntervalChart.Value($0.mean, halfWidth: $0.halfWidth) }
          ])
      }, marksZero: true
    ).svg
  }

  /// The same by ratio, where a method has several.
  func ratios(_ rows: [ArmComparison]) -> String? {
    var methods: [String] = []
    for row in rows where row.ratio != nil && !methods.contains(row.method) {
      methods.append(row.method)
    }
    let series = methods.enumerated().compactMap { style, method -> XYChart.Series? in
      let points = rows.filter { $0.method == method }.compactMap { row -> XYChart.Point? in
        guard let ratio = row.ratio, let difference = row.difference else { return nil }
        let half = difference.halfWidth
        return XYChart.Point(
          ratio, difference.mean, low: half.map { difference.mean - $0 },
          high: half.map { difference.mean + $0 })
      }.sorted { $0.x < $1.x }
      return points.count > 1 ? XYChart.Series(method, points, style: style) : nil
    }
    guard !series.isEmpty else { return nil }
    return XYChart(
      title: "Difference from conventional pre-training by ratio",
      subtitle: "mean over students; bands are 95 % intervals over seeds",
      x: ChartAxis("share of the chunks that is kept"),
      y: ChartAxis("difference (nats per token)"), series: series
    ).svg
  }

  /// Held-out loss of a group over computation, mean over seeds; the scoring that an arm is charged
  /// with stands before its first step.
  func curves(_ group: String) -> String? {
    let own = report.students.filter { $0.group == group }
    var arms: [String] = []
    for student in own where !arms.contains(student.arm) { arms.append(student.arm) }
    let series = arms.prefix(Self.mostCurves).enumerated().compactMap {
      style, arm -> XYChart.Series? in
      let runs = own.filter { $0.arm == arm }
      guard let first = runs.first else { return nil }
      let whole = runs.filter { $0.curve.count == first.curve.count }
      // Before the first step nothing is learnt: its loss would flatten the rest.
      let points = first.curve.indices.dropFirst().map { index in
        XYChart.Point(
          first.curve[index].flops + first.flops.scoring,
          whole.reduce(0) { $0 + $1.curve[index].loss } / Double(whole.count))
      }
      return points.isEmpty ? nil : XYChart.Series(arm, points, style: style)
    }
    guard !series.isEmpty else { return nil }
    let left = arms.count - series.count
    return XYChart(
      title: "Held-out loss while training: \(group)",
      subtitle: "mean over seeds, on some of the held-out chunks",
      x: ChartAxis("computation (FLOPs), the share of the scoring included"),
      y: ChartAxis("loss (nats per token)"), series: series,
      notes: left > 0 ? ["\(left) more arms are in curves.csv."] : []
    ).svg
  }

  /// Final losses over computation with their laws, of conventional pre-training and the method; nil
  /// for a family without laws.
  func scaling(_ family: Family) -> String? {
    let shown = report.laws.filter {
      $0.family == family
        && [.conventional, .miniplm].contains(ExperimentMethod(rawValue: $0.method))
    }
    let methods = shown.compactMap { law -> ScalingChart.Method? in
      guard let found = report.fitted[ArmLaw.key(family, law.arm)] else { return nil }
      let points = found.points.sorted { $0.compute < $1.compute }
      guard let low = points.first?.compute, let high = points.last?.compute else { return nil }
      let curve = ScalingChart.computations(from: low, to: 10 * high).map { compute in
        let ends = found.laws.interval { $0.loss(at: compute) }
        return XYChart.Point(
          compute, found.fit.law.loss(at: compute), low: ends?.low, high: ends?.high)
      }
      return ScalingChart.Method(
        law.arm, points: points.map { XYChart.Point($0.compute, $0.loss) }, law: curve)
    }
    guard !methods.isEmpty else { return nil }
    return ScalingChart(
      title: "Held-out loss by computation: \(family.name)",
      subtitle: "one point a student after its last step; bands are 95 % bootstrap intervals",
      xLabel: "computation (FLOPs), the share of the scoring included", methods: methods
    ).svg
  }
}
