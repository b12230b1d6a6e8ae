/// Numbers of the MiniPLM paper (Gu et al., arXiv 2410.17215), as reference rows: models of 200M to
/// 1.2B parameters, 50B tokens of the Pile, a teacher of 1.8B. They are quoted, not measured here.
public enum PublishedResults {
  /// The zero-shot tasks of table 1, by the names that lm-evaluation-harness has for them.
  public static let tasks = [
    "hellaswag", "lambada_openai", "winogrande", "openbookqa", "arc_easy", "arc_challenge", "piqa",
    "social_iqa", "storycloze_2018",
  ]

  /// Table 1: accuracy of three sizes by five methods.
  public static let accuracies: [TaskTable.Model] = [
    row("200M Pre-Train w/o KD", [31.1, 32.4, 49.9, 27.6, 38.9, 23.1, 61.8, 36.4, 58.1]),
    row("200M Vanilla KD", [30.4, 31.0, 51.4, 26.6, 40.1, 23.1, 62.2, 36.9, 57.3]),
    row("200M MiniLLM", [30.2, 29.4, 50.0, 26.6, 39.0, 21.3, 60.5, 36.6, 57.6]),
    row("200M SeqKD", [30.5, 31.0, 51.3, 27.4, 39.3, 22.4, 61.3, 36.9, 57.4]),
    row("200M MiniPLM", [32.7, 35.4, 51.4, 27.2, 40.6, 23.7, 63.3, 37.0, 60.0]),
    row("500M Pre-Train w/o KD", [35.8, 40.1, 51.0, 30.2, 41.7, 24.4, 65.4, 38.2, 61.4]),
    row("500M Vanilla KD", [37.0, 39.9, 51.7, 29.4, 45.1, 24.2, 65.8, 38.0, 61.6]),
    row("500M MiniLLM", [33.0, 35.4, 51.2, 27.5, 42.1, 24.2, 62.3, 37.3, 60.2]),
    row("500M SeqKD", [34.9, 37.9, 50.7, 28.6, 42.7, 23.6, 65.0, 38.4, 58.9]),
    row("500M MiniPLM", [39.0, 42.6, 52.2, 30.2, 45.8, 24.9, 67.0, 39.0, 62.2]),
    row("1.2B Pre-Train w/o KD", [39.4, 44.5, 51.8, 28.4, 46.0, 25.7, 67.0, 39.5, 62.2]),
    row("1.2B Vanilla KD", [40.7, 43.3, 53.2, 29.8, 46.1, 25.5, 67.3, 39.2, 63.5]),
    row("1.2B MiniLLM", [36.1, 42.5, 51.2, 28.5, 44.1, 25.3, 65.8, 37.9, 61.4]),
    row("1.2B SeqKD", [38.5, 41.4, 51.9, 29.2, 46.5, 25.1, 66.3, 39.0, 61.0]),
    row("1.2B MiniPLM", [42.8, 46.2, 53.3, 31.0, 46.8, 26.9, 68.3, 39.8, 64.0]),
  ]

  /// The averages of table 1 as they are printed, 0...1, by the name of the row.
  public static let means: [String: Double] = Dictionary(
    uniqueKeysWithValues: zip(
      accuracies.map(\.name),
      [
        39.9, 39.9, 39.0, 39.7, 41.3, 43.2, 43.6, 41.5, 42.3, 44.8, 44.9, 45.4, 43.6, 44.3, 46.6,
      ].map { $0 / 100 }))

  /// Tables 1 and 3 as tables of a report, with what they are.
  public static var blocks: [ReportSection.Block] {
    let first = ReportTable(
      ["published: accuracy (%)"] + tasks + ["mean"],
      accuracies.map { model in
        [.text(model.name)]
          + tasks.map { .number(model.scores[$0].map { 100 * $0.value }, 1) }
          + [.number(means[model.name].map { 100 * $0 }, 1)]
      })
    let third = ReportTable(
      [
        "published: other families (212M)", "Llama 3.1 accuracy (%)", "Llama 3.1 loss",
        "Mamba accuracy (%)", "Mamba loss",
      ],
      [
        ("Pre-Train w/o KD", 41.0, 3.52, 41.6, 3.24), ("SeqKD", 40.8, 3.54, 41.0, 3.27),
        ("MiniPLM", 41.8, 3.43, 42.6, 3.15),
      ].map {
        [.text($0.0), .number($0.1, 1), .number($0.2, 2), .number($0.3, 1), .number($0.4, 2)]
      }
    )
    return [
      .paragraph(
        "These numbers are quoted from the MiniPLM paper (Gu et al., arXiv 2410.17215): models of "
          + "200M to 1.2B parameters, trained on 50B tokens of the Pile, teacher of 1.8B. They are no "
          + "results of this project, and models of other sizes and texts do not compare with them."
      ),
      .table(first, file: "published-accuracy.csv"), .table(third, file: "published-families.csv"),
    ]
  }

  private static func row(_ name: String, _ percents: [Double]) -> TaskTable.Model {
    TaskTable.Model(
      name,
      Dictionary(
        uniqueKeysWithValues: zip(tasks, percents.map { TaskTable.Score($0 / 100) })),
      isPublished: true)
  }
}
