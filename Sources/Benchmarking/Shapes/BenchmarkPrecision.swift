/// What matrix products are computed in.
public enum BenchmarkPrecision: String, Sendable, CaseIterable, Codable {
  case f32
  case bf16
  case int8
}
