import Numerics

extension LongChunks {
  /// Chunks against what is taken of them, and what the models were made for.
  func check() throws -> CheckRow {
    let notes = try notes(option: "positions")
    guard !notes.isEmpty else {
      return CheckRow(.length, .ok, "\(Number.grouped(longest)) tokens at most in a chunk")
    }
    // Rotary positions go beyond what a model was made for: its losses get worse there, but both
    // models' are compared at the same places. The teacher's probe shows what it comes to.
    return CheckRow(.length, .warning, notes.joined(separator: "; "))
  }
}
