import LanguageModels
import Training

/// Results as CSV (RFC 4180), a row a student or a point of a curve.
enum ResultTables {
  /// The students; after the common columns, loss and standard error of every source.
  static func students(_ results: [StudentResult]) -> String {
    var sources: [String] = []
    for result in results {
      for source in result.losses.sources.map(\.name) where !sources.contains(source) {
        sources.append(source)
      }
    }
    var rows = [
      [
        "student", "method", "arm", "ratio", "family", "model", "parameters", "seed", "group",
        "budget_tokens", "tokens", "steps", "flops_budget", "flops_training", "flops_scoring",
        "flops_scoring_full", "loss", "loss_standard_error", "loss_token_mean",
        "loss_source_mean", "bits_per_byte",
      ] + sources.flatMap { ["loss_\($0)", "standard_error_\($0)"] }
    ]
    for result in results {
      let all = result.losses.all
      rows.append(
        [
          result.student, result.method, result.arm, text(result.ratio), result.family.rawValue,
          result.model, "\(result.parameters)", "\(result.seed)", result.group,
          "\(result.budgetTokens)", "\(result.tokens)", "\(result.steps)",
          text(result.flops.budget), text(result.flops.training), text(result.flops.scoring),
          text(result.flops.fullScoring), text(all.chunkMean), text(all.standardError),
          text(all.tokenMean), text(result.losses.macroLoss), text(all.bitsPerByte),
        ]
          + sources.flatMap { name in
            let source = result.losses.sources.first { $0.name == name }
            return [text(source?.chunkMean), text(source?.standardError)]
          })
    }
    return csv(rows)
  }

  /// Held-out losses while students were trained.
  static func curves(_ results: [StudentResult]) -> String {
    var rows = [["student", "arm", "group", "seed", "step", "tokens", "flops", "loss"]]
    for result in results {
      for point in result.curve {
        rows.append([
          result.student, result.arm, result.group, "\(result.seed)", "\(point.step)",
          "\(point.tokens)", text(point.flops), text(point.loss),
        ])
      }
    }
    return csv(rows)
  }

  /// The shortest digits that give the same number; empty where there is none.
  private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private static func csv(_ rows: [[String]]) -> String {
    rows.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  private static func quoted(_ cell: String) -> String {
    cell.contains { "\",".contains($0) || $0.isNewline }
      ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
  }
}
