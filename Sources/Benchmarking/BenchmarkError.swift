public import Store
public import TensorKit

/// What can be wrong with a benchmark that somebody asked for.
public enum BenchmarkError: ActionableError, Equatable {
  /// A shape that has no name here.
  case unknownShape(String)
  /// A vocabulary that is no vocabulary.
  case vocabulary(Int)
  /// A precision that this benchmark has not.
  case precision(Precision, benchmark: String, available: [Precision])
  /// Instructions that this processor has not.
  case instructionSet(InstructionSet, available: [InstructionSet])
  /// A size out of its range.
  case size(name: String, found: Int, least: Int = 1, most: Int = BenchmarkError.mostSize)
  /// More memory than there is, in bytes.
  case memory(shape: String, needed: Int, available: Int)
  /// No text to encode.
  case noText(paths: [String])

  /// No product of two sizes overflows, nor what a plan makes of it.
  public static let mostSize = 1 << 20

  /// Refuses sizes that nothing can be planned with.
  static func check(_ sizes: [(name: String, value: Int)]) throws(BenchmarkError) {
    for (name, value) in sizes { try check(name, value) }
  }

  /// Refuses a size out of its range.
  static func check(
    _ name: String, _ value: Int, least: Int = 1, most: Int = BenchmarkError.mostSize
  ) throws(BenchmarkError) {
    guard value >= least, value <= most else {
      throw .size(name: name, found: value, least: least, most: most)
    }
  }

  public var message: String {
    switch self {
    case .unknownShape(let name):
      "There is no shape \"\(name)\"; the shapes are \(BenchmarkShape.names.joined(separator: ", "))."
    case .vocabulary(let size):
      "A vocabulary has 1 to \(1 << 24) tokens, not \(size)."
    case .precision(let precision, let benchmark, let available):
      "bench \(benchmark) has no precision \(precision.rawValue); it has "
        + available.map(\.rawValue).joined(separator: ", ") + "."
    case .instructionSet(let set, let available):
      "This processor cannot run \(set.rawValue); it has "
        + available.map(\.rawValue).joined(separator: ", ") + "."
    case .size(let name, let found, let least, let most):
      "\(name) is \(found); expected \(least) to \(most)."
    case .memory(let shape, let needed, let available):
      "\(shape) needs \(needed >> 20) MiB of memory, \(available >> 20) MiB are free."
    case .noText(let paths):
      "There is no text in \(paths.joined(separator: " or "))."
    }
  }

  public var hint: String {
    switch self {
    case .unknownShape: "Choose one of them, \"all\", or give a config.json with --config."
    case .vocabulary, .size: "Give another number."
    case .precision, .instructionSet: "Choose one of these."
    case .memory: "Lower --batch or --chunk-length, or choose a smaller shape."
    case .noText: "Name a text file or a folder with --text."
    }
  }
}
