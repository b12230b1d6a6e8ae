import LanguageModels
import Numerics

/// The report for people, as Markdown.
struct ReportText {
  let markdown: String
  /// What was found of each arm over all students, a sentence each.
  let findings: [String]

  init(_ report: ExperimentReport) {
    let overall = Self.overall(report)
    findings = overall.compactMap(Self.finding)
    let groups = report.students.reduce(into: [String]()) { names, student in
      if !names.contains(student.group) { names.append(student.group) }
    }
    var lines = ["# Experiment \(report.experiment)", ""]
    lines += Self.setting(report, groups)
    lines += ["", "## What was found", ""]
    lines += findings.isEmpty ? ["Nothing yet: no arm stands beside one without selection."] : []
    lines += findings.map { "- \($0)" }
    lines += [
      "",
      "Differences are of the held-out loss (nats a token, mean over chunks), arm less conventional, "
        + "paired by seed: below zero the arm is better. Intervals are 95 % by Student's t over "
        + "seeds, each by itself: of twenty that truly are zero, one is told apart by chance.", "",
      "## Held-out loss by model and budget",
    ]
    for group in groups { lines += Self.table(report, group) }
    if groups.count > 1 { lines += Self.table(report, nil) }
    lines += Self.sources(overall)
    lines += Self.computation(report, groups)
    lines += Self.kept(report)
    lines += [
      "", "## Files", "",
      "- `results.csv`: a row a student. `curves.csv`: its held-out loss while it was trained.",
      "- `results.json`: everything here, and more digits.", "",
    ]
    markdown = lines.joined(separator: "\n")
  }

  /// The comparisons over all groups; those of the only one, where there is one.
  private static func overall(_ report: ExperimentReport) -> [ArmComparison] {
    let all = report.comparisons.filter { $0.group == nil }
    return all.isEmpty ? report.comparisons : all
  }

  private static func finding(_ row: ArmComparison) -> String? {
    guard let difference = row.difference else { return nil }
    let figures = estimate(difference, signed: true)
    let seeds = "\(difference.seeds) seed\(difference.seeds == 1 ? "" : "s")"
    if difference.halfWidth == nil {
      return
        "\(row.arm): \(figures) with \(seeds), which gives no interval: nothing can be claimed."
    }
    guard difference.isTold else {
      return "\(row.arm): \(figures) with \(seeds): no difference from conventional can be told."
    }
    return "\(row.arm): \(figures) with \(seeds): "
      + (difference.mean < 0 ? "better" : "worse") + " than conventional."
  }

  private static func setting(_ report: ExperimentReport, _ groups: [String]) -> [String] {
    var lines = [
      "Students of equal computation, trained on text that is chosen in different ways: "
        + "\(Number.grouped(report.scoredChunks)) chunks, \(Number.grouped(report.scoredTokens)) "
        + "tokens to choose from, \(Number.grouped(report.heldOutTokens)) held-out tokens in "
        + "\(Number.grouped(report.heldOutChunks)) chunks. Scoring counts as computation, "
        + "\(report.charge): an arm that needs scores trains for fewer steps.", "",
    ]
    lines += markdownTable(
      ["model", "parameters", "trained on", "training FLOPs", "scoring FLOPs", "held-out loss"],
      report.scorers.map {
        [
          $0.role, Number.grouped($0.parameters), $0.tokens.map(Number.short) ?? "given",
          Number.significant($0.trainingFLOPs, 3), Number.significant($0.scoringFLOPs, 3),
          Number.fixed($0.heldOutLoss, 3),
        ]
      })
    lines += [""]
    lines += markdownTable(
      ["students", "parameters", "budget, tokens", "budget, FLOPs", "seeds"],
      groups.compactMap { group in
        let own = report.students.filter { $0.group == group }
        guard let first = own.first else { return nil }
        return [
          "\(first.model) (\(first.family.name))", Number.grouped(first.parameters),
          Number.grouped(first.budgetTokens), Number.significant(first.flops.budget, 3),
          "\(Set(own.map(\.seed)).count)",
        ]
      })
    return lines
  }

  private static func table(_ report: ExperimentReport, _ group: String?) -> [String] {
    let rows = report.comparisons.filter { $0.group == group }
    let title = group ?? "All of them: mean over models and budgets"
    return ["", "### \(title)", ""]
      + markdownTable(
        ["arm", "seeds", "loss", "difference", "reading"],
        rows.map { row in
          [
            row.arm, "\(row.loss.seeds)", estimate(row.loss, signed: false),
            row.difference.map { estimate($0, signed: true) } ?? "-", reading(row),
          ]
        })
  }

  private static func reading(_ row: ArmComparison) -> String {
    guard let difference = row.difference else { return "" }
    if difference.halfWidth == nil { return "one seed" }
    return difference.isTold ? (difference.mean < 0 ? "better" : "worse") : "not told apart"
  }

  private static func sources(_ rows: [ArmComparison]) -> [String] {
    let compared = rows.filter { $0.difference != nil }
    let names = Set(compared.flatMap { $0.sources.keys }).sorted()
    guard names.count > 1 else { return [] }
    return ["", "## Differences by source", ""]
      + markdownTable(
        ["arm"] + names,
        compared.map { row in
          [row.arm] + names.map { row.sources[$0].map { estimate($0, signed: true) } ?? "-" }
        })
  }

  private static func computation(_ report: ExperimentReport, _ groups: [String]) -> [String] {
    var rows: [[String]] = []
    for group in groups {
      for arm in report.comparisons.filter({ $0.group == group }).map(\.arm) {
        guard
          let student = report.students.first(where: { $0.group == group && $0.arm == arm })
        else { continue }
        let full = report.fullCharges.first { $0.group == group && $0.arm == arm }
        let flops = student.flops
        rows.append([
          group, arm, Number.grouped(student.steps), Number.significant(flops.training, 3),
          flops.scoring > 0 ? Number.significant(flops.scoring, 3) : "-",
          Number.percent(flops.charged / flops.budget, 1),
          full.map { Number.percent($0.shareOfBudget) } ?? "-",
          full.map { charge in
            charge.difference.map { estimate($0, signed: true) } ?? "more than the budget"
          } ?? "-",
        ])
      }
    }
    return [
      "", "## Computation", "",
      "Forward, backward and scoring, a multiplication and an addition as two; evaluation is not "
        + "counted. *Charged* is training and the share of the scoring, over the budget. *Scoring in "
        + "full* is what one student would pay who shared it with nobody; the last column is the "
        + "difference from conventional in that case, read from the curve where that much less was "
        + "trained. The learning rate is not at its end there, so it is a bound against the arm.",
      "",
    ]
      + markdownTable(
        [
          "students", "arm", "steps", "training", "scoring", "charged", "scoring in full",
          "difference if in full",
        ], rows)
  }

  private static func kept(_ report: ExperimentReport) -> [String] {
    guard !report.kept.isEmpty else { return [] }
    let sources = Set(report.kept.flatMap { $0.sources.keys }).sorted()
    let kinds = Set(report.kept.flatMap { $0.dropped.keys }).sorted()
    var lines = ["", "## What is kept", "", "Share of the chunks of each source:", ""]
    lines += markdownTable(
      ["arm", "tokens"] + sources,
      report.kept.map { kept in
        [kept.arm, Number.grouped(kept.tokens)] + sources.map { Number.percent(kept.sources[$0]) }
      })
    guard !kinds.isEmpty else { return lines }
    lines += ["", "Share of the tokens that is dropped, by planted damage:", ""]
    return lines
      + markdownTable(
        ["arm"] + kinds.map { $0.replacing("_", with: " ") },
        report.kept.map { kept in [kept.arm] + kinds.map { Number.percent(kept.dropped[$0]) } })
  }

  /// "-0.047 +- 0.018".
  private static func estimate(_ value: SeedEstimate, signed: Bool) -> String {
    let mean = signed ? Number.signed(value.mean, 4) : Number.fixed(value.mean, 4)
    return mean + (value.halfWidth.map { " +- \(Number.fixed($0, 4))" } ?? "")
  }

  /// The first column is text, the others are figures.
  private static func markdownTable(_ header: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String {
      "| "
        + cells.map { String($0.map { $0 == "|" || $0.isNewline ? "/" : $0 }) }
        .joined(separator: " | ") + " |"
    }
    let rule = header.indices.map { $0 == 0 ? "---" : "---:" }
    return [line(header), "|\(rule.joined(separator: "|"))|"] + rows.map(line)
  }
}
