import EngineInterface

/// Table 1 of the MiniPLM paper (teacher Qwen1.5-1.8B, students trained on 50 billion tokens of the
/// Pile): zero-shot accuracy in per cent, acc_norm where a task has it, else acc.
enum PublishedTaskFigures {
  /// The order of the columns.
  private static let tasks = [
    "hellaswag", "lambada_openai", "winogrande", "openbookqa", "arc_easy", "arc_challenge", "piqa",
    "social_iqa", "storycloze_2018",
  ]

  private static let rows: [(size: String, method: String, values: [Double], mean: Double)] = [
    ("200M", "no KD", [31.1, 32.4, 49.9, 27.6, 38.9, 23.1, 61.8, 36.4, 58.1], 39.9),
    ("200M", "Vanilla KD", [30.4, 31.0, 51.4, 26.6, 40.1, 23.1, 62.2, 36.9, 57.3], 39.9),
    ("200M", "MiniLLM", [30.2, 29.4, 50.0, 26.6, 39.0, 21.3, 60.5, 36.6, 57.6], 39.0),
    ("200M", "SeqKD", [30.5, 31.0, 51.3, 27.4, 39.3, 22.4, 61.3, 36.9, 57.4], 39.7),
    ("200M", "MiniPLM", [32.7, 35.4, 51.4, 27.2, 40.6, 23.7, 63.3, 37.0, 60.0], 41.3),
    ("500M", "no KD", [35.8, 40.1, 51.0, 30.2, 41.7, 24.4, 65.4, 38.2, 61.4], 43.2),
    ("500M", "Vanilla KD", [37.0, 39.9, 51.7, 29.4, 45.1, 24.2, 65.8, 38.0, 61.6], 43.6),
    ("500M", "MiniLLM", [33.0, 35.4, 51.2, 27.5, 42.1, 24.2, 62.3, 37.3, 60.2], 41.5),
    ("500M", "SeqKD", [34.9, 37.9, 50.7, 28.6, 42.7, 23.6, 65.0, 38.4, 58.9], 42.3),
    ("500M", "MiniPLM", [39.0, 42.6, 52.2, 30.2, 45.8, 24.9, 67.0, 39.0, 62.2], 44.8),
    ("1.2B", "no KD", [39.4, 44.5, 51.8, 28.4, 46.0, 25.7, 67.0, 39.5, 62.2], 44.9),
    ("1.2B", "Vanilla KD", [40.7, 43.3, 53.2, 29.8, 46.1, 25.5, 67.3, 39.2, 63.5], 45.4),
    ("1.2B", "MiniLLM", [36.1, 42.5, 51.2, 28.5, 44.1, 25.3, 65.8, 37.9, 61.4], 43.6),
    ("1.2B", "SeqKD", [38.5, 41.4, 51.9, 29.2, 46.5, 25.1, 66.3, 39.0, 61.0], 44.3),
    ("1.2B", "MiniPLM", [42.8, 46.2, 53.3, 31.0, 46.8, 26.9, 68.3, 39.8, 64.0], 46.6),
  ]

  static var all: [PublishedTasks] {
    rows.map { row in
      PublishedTasks(
        method: row.method, size: row.size,
        values: Dictionary(
          zip(tasks, row.values.map { $0 / 100 }), uniquingKeysWith: { first, _ in first }),
        mean: row.mean / 100)
    }
  }
}
