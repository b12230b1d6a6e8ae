import EngineInterface
import TerminalUI

/// What the rows of other lists than the chunks can be filtered by.
enum RowFields {
  /// Sources of a comparison.
  static let sources = RowFilter<ComparisonSnapshot.Row>(
    [
      .init("source", "the source's name", .names { [$0.name] }),
      .init(
        "better", "B is better beyond chance", .flag { $0.isBeyondChance && $0.difference < 0 }),
      .init("worse", "B is worse beyond chance", .flag { $0.isBeyondChance && $0.difference > 0 }),
      .init("a", "loss of A, nats/token", .number { $0.a }),
      .init("b", "loss of B, nats/token", .number { $0.b }),
      .init("diff", "B - A, nats/token", .number { $0.difference }),
      .init("keep", "kept share of its chunks, %", .number { $0.keepRate.map { $0 * 100 } }),
      .init("chunks", "held-out chunks", .number { Double($0.chunks) }),
    ], text: { $0.name })

  /// Events of trainings.
  static let events = RowFilter<RunEvent>(
    [
      .init("run", "the run's name", .names { [$0.run] }),
      .init("kind", "what happened", .names { [$0.kind.rawValue] }),
      .init("warning", "a warning", .flag { $0.level == .warning }),
      .init("error", "an error", .flag { $0.level == .error }),
      .init("step", "the step that it is about", .number { $0.step.map(Double.init) }),
    ], text: { $0.text })

  /// Models of this machine.
  static let models = RowFilter<ModelListSnapshot.Row>(
    [
      .init("name", "the model's name", .names { [$0.name] }),
      .init("family", "its architecture", .names { $0.family.map { [$0] } ?? [] }),
      .init("place", "where it lies", .names { [$0.place] }),
      .init("weights", "element types", .names { [$0.weights] }),
      .init("usable", "can be chosen", .flag { $0.obstacle == nil }),
      .init("fits", "fits into memory", .flag { $0.fits }),
      .init("params", "parameters", .number { $0.parameters.map(Double.init) }),
      .init("bytes", "on the disk", .number { Double($0.bytes) }),
      .init("memory", "bytes that scoring takes", .number { $0.memory.map(Double.init) }),
      .init("vocabulary", "tokens", .number { $0.vocabulary.map(Double.init) }),
    ], text: { "\($0.name) \($0.family ?? "") \($0.place) \($0.weights)" })
}
