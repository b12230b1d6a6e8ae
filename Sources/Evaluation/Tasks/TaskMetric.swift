/// What lm-evaluation-harness measures on a task; the raw values are its names.
public enum TaskMetric: String, Sendable, Codable, CaseIterable {
  /// Share of items whose right choice has the highest log-probability; LAMBADA: whose last word is
  /// what the model would write itself, token by token.
  case acc
  /// As `acc`, with each log-probability divided by the characters of the bare choice.
  case accNorm = "acc_norm"
  /// exp of the mean negative log-probability of the last word.
  case perplexity
}
