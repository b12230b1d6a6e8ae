import LanguageModels
import Numerics
import Reports
import Store

/// An experiment's report as a document.
struct ReportText {
  let document: ReportDocument
  /// What was found of each arm over all students, a sentence each.
  let findings: [String]

  init(_ report: ExperimentReport) throws {
    let tables = ReportTables(report)
    let pictures = ReportPictures(report)
    let overall = Self.overall(report)
    let findings = overall.compactMap(Self.finding)
    self.findings = findings
    var sections = [Self.found(findings, tables, pictures, overall)]
    sections.append(
      ReportSection(
        "Held-out loss by students",
        [
          .paragraph(
            "A student is a model and the input tokens of its budget; the arm says how it was "
              + "taught. Losses are nats a token, mean over chunks; intervals are over seeds."),
          .table(
            tables.losses(report.comparisons.filter { $0.group != nil }), file: "losses.csv"),
        ]))
    if let sources = tables.sources(overall) {
      sections.append(
        ReportSection(
          "Differences by source",
          [
            .paragraph("Arm less conventional, mean over all students, with 95 % intervals."),
            .table(sources, file: "sources.csv"),
          ]))
    }
    sections.append(
      ReportSection(
        "While they were trained",
        tables.groups.compactMap { group in
          pictures.curves(group).map {
            .picture(
              svg: $0, file: "curves-\(group).svg",
              words: "Held-out loss over computation of \(group), a curve an arm")
          }
        }))
    if let scaling = Self.scaling(report, tables, pictures) { sections.append(scaling) }
    sections.append(Self.computation(tables))
    if !report.kept.isEmpty { sections.append(Self.kept(tables)) }
    sections.append(
      ReportSection(
        "Files",
        [
          .list([
            "\(ExperimentReport.resultsName): a row a student.",
            "curves.csv: its held-out loss while it was trained.",
            "results.json: everything here.",
          ])
        ]))
    document = ReportDocument(
      title: "Experiment \(report.experiment)", lead: Self.setting(report, tables),
      sections: sections,
      attachments: [
        ExperimentReport.resultsName: CSVText.text(of: tables.results),
        "curves.csv": CSVText.text(of: tables.curves),
        "results.json": try JSONFile.text(of: report) + "\n",
      ])
  }

  /// The comparisons over all groups; those of the only one, where there is one.
  private static func overall(_ report: ExperimentReport) -> [ArmComparison] {
    let all = report.comparisons.filter { $0.group == nil }
    return all.isEmpty ? report.comparisons : all
  }

  private static func finding(_ row: ArmComparison) -> String? {
    guard let difference = row.difference else { return nil }
    let figures =
      Number.signed(difference.mean, 4)
      + (difference.halfWidth.map { " ± \(Number.fixed($0, 4))" } ?? "")
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

  private static func setting(
    _ report: ExperimentReport, _ tables: ReportTables
  ) -> [ReportSection.Block] {
    [
      .paragraph(
        "Students of equal computation, trained in different ways: "
          + "\(Number.grouped(report.scoredChunks)) chunks, \(Number.grouped(report.scoredTokens)) "
          + "tokens to learn from, \(Number.grouped(report.heldOutTokens)) held-out tokens in "
          + "\(Number.grouped(report.heldOutChunks)) chunks. A teacher's work counts as computation. "
          + "Scores, and text that it writes, are \(report.charge); its passes beside a student are "
          + "the student's own. Who needs any of it trains for fewer steps."),
      .paragraph(
        report.heldOutRepeated == 0
          ? "No held-out chunk stands, token for token, in the text that models are trained on."
          : "Held-out chunks that stand, token for token, in the text that models are trained on: "
            + "\(Number.grouped(report.heldOutRepeated)) of "
            + "\(Number.grouped(report.heldOutChunks)). What they lose there is partly what they "
            + "remember."
      ),
      .table(tables.scorers, file: nil), .table(tables.students, file: nil),
    ]
  }

  private static func found(
    _ findings: [String], _ tables: ReportTables, _ pictures: ReportPictures,
    _ overall: [ArmComparison]
  ) -> ReportSection {
    guard !findings.isEmpty else {
      return ReportSection(
        "What was found",
        [.paragraph("Nothing yet: no arm stands beside one without selection.")])
    }
    var blocks: [ReportSection.Block] = [
      .list(findings),
      .paragraph(
        "Differences are of the held-out loss, arm less conventional, paired by seed, so that weights "
          + "and data order start alike; with several models or budgets, of each seed's mean over "
          + "them. Below zero the arm is better. Intervals are 95 % by Student's t over seeds, each "
          + "by itself: of twenty differences that truly are zero, one is told apart by chance."),
      .table(tables.losses(overall), file: "overall.csv"),
    ]
    if let svg = pictures.differences(overall) {
      blocks.append(
        .picture(
          svg: svg, file: "differences.svg",
          words: "Difference of every arm from conventional pre-training, with intervals"))
    }
    if let svg = pictures.ratios(overall) {
      blocks.append(
        .picture(
          svg: svg, file: "ratios.svg", words: "Difference from conventional pre-training by ratio")
      )
    }
    return ReportSection("What was found", blocks)
  }

  private static func scaling(
    _ report: ExperimentReport, _ tables: ReportTables, _ pictures: ReportPictures
  ) -> ReportSection? {
    guard let laws = tables.laws else { return nil }
    let families = report.laws.reduce(into: [Family]()) { list, law in
      if !list.contains(law.family) { list.append(law.family) }
    }
    return ReportSection(
      "Scaling",
      [
        .paragraph(
          "L(C) = A / C^alpha + L_inf over the sizes and budgets of a family, fitted to the losses after "
            + "the last step; intervals are of a bootstrap over students. The speed-up is the "
            + "computation of the largest conventional student over that with which the arm's law "
            + "reaches its loss. Few sizes determine such a law loosely: what lies beyond the largest "
            + "one is no measurement."),
        .table(laws, file: "laws.csv"),
      ]
        + families.compactMap { family in
          pictures.scaling(family).map {
            .picture(
              svg: $0, file: "scaling-\(family.rawValue).svg",
              words: "Held-out loss over computation of \(family.name) with fitted laws")
          }
        })
  }

  private static func computation(_ tables: ReportTables) -> ReportSection {
    ReportSection(
      "Computation",
      [
        .paragraph(
          "Forward and backward, with the teacher's passes beside a student, and what is computed before "
            + "(scores, text that the teacher writes); a multiplication and an addition as two. "
            + "Evaluation is not counted, nor is the training of teacher and reference, which the first "
            + "table states. The share of the budget is of training and of what the arm is charged with."
        ),
        .paragraph(
          "A single student that shared scores or text with nobody would pay all of them. The last columns "
            + "say what would be left of the arm then: the difference from conventional where the "
            + "student's own training has used what they leave of the budget, read from its "
            + "curve. The learning rate is not at its end there, so this is a bound against the arm."
        ),
        .table(tables.computation, file: "computation.csv"),
      ])
  }

  private static func kept(_ tables: ReportTables) -> ReportSection {
    var blocks: [ReportSection.Block] = [
      .paragraph("Share of the chunks of each source that is kept:"),
      .table(tables.keepRates, file: "kept.csv"),
    ]
    if let damage = tables.damage {
      blocks += [
        .paragraph("Share of the tokens that is dropped, by planted damage:"),
        .table(damage, file: "damage.csv"),
      ]
    }
    return ReportSection("What is kept", blocks)
  }
}
