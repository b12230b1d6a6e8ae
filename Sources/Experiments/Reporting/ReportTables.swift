import LanguageModels
import Numerics
import Reports
import ScalingLaws
import Training

/// The tables of an experiment's report.
struct ReportTables {
  private let report: ExperimentReport
  /// Models and budgets, in the order of the students.
  let groups: [String]

  init(_ report: ExperimentReport) {
    self.report = report
    groups = report.students.reduce(into: []) { names, student in
      if !names.contains(student.group) { names.append(student.group) }
    }
  }

  private typealias Cell = ReportTable.Cell

  // MARK: - What was run

  var scorers: ReportTable {
    ReportTable(
      ["model", "parameters", "tokens", "training FLOPs", "scoring FLOPs", "held-out loss"],
      report.scorers.map {
        [
          .text($0.role), .whole($0.parameters), Self.short($0.tokens),
          .significant($0.trainingFLOPs, 3), .significant($0.scoringFLOPs, 3),
          .number($0.heldOutLoss, 3),
        ]
      })
  }

  var students: ReportTable {
    ReportTable(
      [.init("students", isText: true), .init("family", isText: true)]
        + ["parameters", "budget, tokens", "budget, FLOPs", "seeds"].map { .init($0) },
      groups.compactMap { group in
        let own = report.students.filter { $0.group == group }
        guard let first = own.first else { return nil }
        return [
          .text(group), .text(first.family.name), .whole(first.parameters),
          .whole(first.budgetTokens), .significant(first.flops.budget, 3),
          .whole(Set(own.map(\.seed)).count),
        ]
      })
  }

  // MARK: - What came out

  /// Losses and paired differences, of one row a group and arm.
  func losses(_ rows: [ArmComparison]) -> ReportTable {
    ReportTable(
      [.init("students", isText: true), .init("arm", isText: true)]
        + ["seeds", "loss", "interval", "difference", "interval of it"].map { .init($0) }
        + [.init("reading", isText: true)],
      rows.map { row in
        [
          .text(row.group ?? "mean of all"), .text(row.arm), .whole(row.loss.seeds),
          .number(row.loss.mean, 4), .plusMinus(row.loss.halfWidth, 4),
          .signed(row.difference?.mean, 4), .plusMinus(row.difference?.halfWidth, 4),
          .text(row.reading),
        ]
      })
  }

  /// Differences by source, over all students.
  func sources(_ rows: [ArmComparison]) -> ReportTable? {
    let compared = rows.filter { $0.difference != nil }
    let names = Set(compared.flatMap { $0.sources.keys }).sorted()
    guard names.count > 1 else { return nil }
    return ReportTable(
      ["arm"] + names.flatMap { [$0, "±"] },
      compared.map { row in
        [Cell.text(row.arm)]
          + names.flatMap { name -> [Cell] in
            let source = row.sources[name]
            return [.signed(source?.mean, 3), .number(source?.halfWidth, 3)]
          }
      })
  }

  /// Who computed what.
  var computation: ReportTable {
    var rows: [[Cell]] = []
    for group in groups {
      for arm in report.comparisons.filter({ $0.group == group }).map(\.arm) {
        guard
          let student = report.students.first(where: { $0.group == group && $0.arm == arm })
        else { continue }
        let full = report.fullCharges.first { $0.group == group && $0.arm == arm }
        let flops = student.flops
        rows.append([
          .text(group), .text(arm), .whole(student.steps), .significant(flops.training, 4),
          flops.scoring > 0 ? .significant(flops.scoring, 4) : .text("-"),
          .percent(flops.charged / flops.budget),
          full.map { .percent($0.shareOfBudget, 0) } ?? .text("-"),
          full.map { charge in
            charge.difference.map { .signed($0.mean, 4) } ?? .text("nothing left")
          } ?? .text("-"),
          full?.difference.map { .plusMinus($0.halfWidth, 4) } ?? .text("-"),
        ])
      }
    }
    return ReportTable(
      [.init("students", isText: true), .init("arm", isText: true)]
        + [
          "steps", "training FLOPs", "FLOPs before", "of the budget", "all before, of the budget",
          "difference if charged in full", "interval",
        ].map { .init($0) }, rows)
  }

  /// Laws of losses over computation; nil where there are too few sizes and budgets.
  var laws: ReportTable? {
    guard !report.laws.isEmpty else { return nil }
    func interval(_ interval: LawInterval?) -> Cell {
      guard let interval else { return .text("-") }
      func end(_ value: Double?) -> String { value.map { Number.significant($0, 3) } ?? "inf" }
      return .text("\(end(interval.low)) to \(end(interval.high))")
    }
    return ReportTable(
      [.init("family", isText: true), .init("arm", isText: true)]
        + ["students", "A", "alpha", "interval", "L_inf", "interval", "speed-up", "interval"]
        .map { .init($0) },
      report.laws.map { law in
        [
          .text(law.family.name), .text(law.arm), .whole(law.points), .significant(law.A, 3),
          .significant(law.alpha, 3), interval(law.alphaInterval), .significant(law.floor, 3),
          interval(law.floorInterval), .significant(law.speedUp?.factor, 3),
          interval(law.speedUp?.interval),
        ]
      })
  }

  // MARK: - What is kept

  var keepRates: ReportTable {
    let sources = Set(report.kept.flatMap { $0.sources.keys }).sorted()
    return ReportTable(
      ["arm", "tokens"] + sources,
      report.kept.map { kept in
        [.text(kept.arm), .whole(kept.tokens)]
          + sources.map { .percent(kept.sources[$0], 0) }
      })
  }

  /// nil for text that is not labelled.
  var damage: ReportTable? {
    let kinds = Set(report.kept.flatMap { $0.dropped.keys }).sorted()
    guard !kinds.isEmpty else { return nil }
    return ReportTable(
      ["arm"] + kinds.map { $0.replacing("_", with: " ") },
      report.kept.map { kept in
        [.text(kept.arm)] + kinds.map { .percent(kept.dropped[$0], 0) }
      })
  }

  // MARK: - For programs

  /// A row a student; behind the common columns the loss of every source. Lows and highs are the ends
  /// of 95 % intervals over held-out documents.
  var results: ReportTable {
    var sources: [String] = []
    for name in report.students.flatMap({ $0.losses.sources.map(\.name) })
    where !sources.contains(name) {
      sources.append(name)
    }
    let common = [
      "student", "method", "arm", "ratio", "family", "model", "parameters", "seed", "group",
      "budget_tokens", "tokens", "steps", "flops_budget", "flops_training", "flops_scoring",
      "flops_scoring_full", "loss", "loss_low", "loss_high", "loss_token_mean", "loss_source_mean",
      "bits_per_byte",
    ]
    return ReportTable(
      common
        + sources.flatMap { ["loss_\($0)", "low_\($0)", "high_\($0)"] },
      report.students.map { student in
        let all = student.losses.all
        let names = [student.student, student.method, student.arm].map(Cell.text)
        let shape: [Cell] = [
          .number(student.ratio, 2), .text(student.family.rawValue), .text(student.model),
          .whole(student.parameters), .text("\(student.seed)"), .text(student.group),
          .whole(student.budgetTokens), .whole(student.tokens), .whole(student.steps),
        ]
        let flops = [
          student.flops.budget, student.flops.training, student.flops.scoring,
          student.flops.fullScoring,
        ].map { Cell.number($0, 0) }
        let losses = [
          all.chunkMean, all.chunkMeanBand?.low, all.chunkMeanBand?.high, all.tokenMean,
          student.losses.macroLoss, all.bitsPerByte,
        ].map { Cell.number($0, 4) }
        return names + shape + flops + losses
          + sources.flatMap { name -> [Cell] in
            let source = student.losses.sources.first { $0.name == name }
            return [source?.chunkMean, source?.chunkMeanBand?.low, source?.chunkMeanBand?.high]
              .map { .number($0, 4) }
          }
      })
  }

  /// Held-out losses while students were trained.
  var curves: ReportTable {
    ReportTable(
      ["student", "arm", "group", "seed", "step", "tokens", "flops", "loss"],
      report.students.flatMap { student in
        student.curve.map { point in
          [
            .text(student.student), .text(student.arm), .text(student.group),
            .text("\(student.seed)"), .whole(point.step), .whole(point.tokens),
            .number(point.flops, 0), .number(point.loss, 4),
          ]
        }
      })
  }

  private static func short(_ value: Double?) -> Cell {
    Cell(
      shown: value.map(Number.short) ?? "given", exact: value.map { "\(Int($0.rounded()))" } ?? "")
  }
}

extension ArmComparison {
  /// Whether it can be told apart from conventional pre-training, in a word or two.
  var reading: String {
    guard let difference else { return "" }
    if difference.halfWidth == nil { return "one seed" }
    return difference.isTold ? (difference.mean < 0 ? "better" : "worse") : "not told apart"
  }
}
