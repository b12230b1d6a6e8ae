import Experiments
import Numerics

/// The plan of an experiment as lines, or as JSON.
struct PlanTable: Encodable {
  struct Row: Encodable {
    var part: String
    var needs: [String]
    var isDone: Bool
    var steps: Int
    var tokens: Double
    var flops: Double
    var seconds: Double?
  }

  var experiment: String
  var folder: String
  /// Whether the corpus is packed already, so that its size is not guessed.
  var isMeasured: Bool
  var parts: [Row]
  var total: ExperimentPart.Cost
  /// Of the parts that are not done.
  var left: ExperimentPart.Cost

  init(_ plan: ExperimentPlan) throws {
    experiment = plan.recipe.name
    folder = plan.folder.path
    isMeasured = plan.isMeasured
    parts = try plan.parts.map {
      Row(
        part: $0.name, needs: $0.needs, isDone: try plan.isDone($0), steps: $0.cost.steps,
        tokens: $0.cost.tokens, flops: $0.cost.flops, seconds: $0.cost.seconds)
    }
    total = plan.total
    left = try plan.left()
  }

  /// A line a part, and the sums.
  var lines: [String] {
    let done = parts.count { $0.isDone }
    var cells = [["part", "steps", "tokens", "FLOPs", "time", ""]]
    cells += parts.map { row in
      [
        row.part, row.steps > 0 ? Number.grouped(row.steps) : "-",
        row.tokens > 0 ? Number.short(row.tokens) : "-",
        row.flops > 0 ? Number.significant(row.flops, 3) : "-", Number.duration(row.seconds),
        row.isDone ? "done" : "",
      ]
    }
    cells.append([
      "total", Number.grouped(total.steps), Number.short(total.tokens),
      Number.significant(total.flops, 3), Number.duration(total.seconds), "",
    ])
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let table = cells.map { row in
      let padded = zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 || column == 5 ? cell.0 + space : space + cell.0
      }
      return padded.joined(separator: "  ").trimmingSuffix()
    }
    return table + [
      "experiment \(experiment) in \(folder): \(parts.count) parts, \(done) done, "
        + "\(Number.duration(left.seconds)) to go",
      isMeasured
        ? "tokens and steps are those of the packed corpus"
        : "tokens and steps are guessed from bytes until the corpus is packed",
    ]
  }
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }
}
