import Evaluation
import Numerics
import Pipeline

/// What models come to on tasks, as lines.
enum TaskLines {
  static func of(_ result: TasksResult) -> [String] {
    var models: [String] = []
    for row in result.tasks where !models.contains(row.model) { models.append(row.model) }
    var lines: [String] = []
    for model in models {
      if models.count > 1 { lines.append("\(model):") }
      lines += result.results(of: model).map(line)
      if let average = result.averages.first(where: { $0.model == model })?.value,
        average.tasks > 1
      {
        lines.append(
          "average of \(average.tasks) tasks: \(share(average.mean, average.standardError)) "
            + "(acc_norm where a task has it, else acc)")
      }
    }
    lines += result.comparisons.map(line)
    return lines
  }

  private static func line(_ result: TaskResult) -> String {
    var parts: [String] = []
    if let acc = result.acc { parts.append("acc \(share(acc, result.accStandardError))") }
    if let norm = result.accNorm {
      parts.append("acc_norm \(share(norm, result.accNormStandardError))")
    }
    if let perplexity = result.perplexity {
      parts.append("perplexity \(Number.fixed(perplexity, 2))")
    }
    return "\(result.task.title): \(parts.joined(separator: ", ")), "
      + "\(Number.grouped(result.items)) items"
  }

  private static func line(_ row: OfModel<TasksResult.Comparison>) -> String {
    let found = row.value.comparison
    return "\(found.task.title), \(row.model) - \(row.value.baseline): "
      + "\(Number.signed(100 * found.difference, 2))"
      + (found.standardError.map { " +- \(Number.fixed(100 * $0, 2))" } ?? "")
      + " (\(found.metric.rawValue); alone right: \(found.wins) and \(found.losses), "
      + "p \(Number.fixed(found.exactP, 4)); \(Number.fixed(100 * found.smallestDetectable, 2)) "
      + "is the least that so many items show)"
  }

  /// In percent, with its standard error.
  private static func share(_ value: Double, _ error: Double?) -> String {
    "\(Number.fixed(100 * value, 2))" + (error.map { " +- \(Number.fixed(100 * $0, 2))" } ?? "")
  }
}
