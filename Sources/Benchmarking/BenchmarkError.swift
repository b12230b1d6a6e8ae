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
  /// A size out of its range.
  case size(name: String, found: Int, most: Int = BenchmarkError.mostSize)
  /// Too few new tokens for one decoding step.
  case newTokens(Int)
  /// More memory than there is, in bytes.
  case memory(shape: String, needed: Int, available: Int)
  /// No text to encode.
  case noText(paths: [String])

  /// No product of two sizes overflows, nor what a plan makes of it.
  public static let mostSize = 1 << 20

  /// Refuses sizes that nothing can be planned with.
  static func check(_ sizes: [(name: String, value: Int)]) throws(BenchmarkError) {
    for (name, value) in sizes where !(1...mostSize).contains(value) {
      throw .size(name: name, found: value)
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
    case .size(let name, let found, let most):
      "\(name) is \(found); expected 1 to \(most)."
    case .newTokens(let found):
      "--new-tokens is \(found); expected 2 to \(Self.mostSize)."
    case .memory(let shape, let needed, let available):
      "\(shape) needs \(needed >> 20) MiB of memory, \(available >> 20) MiB are free."
    case .noText(let paths):
      "There is no text in \(paths.joined(separator: " or "))."
    }
  }

  public var hint: String {
    switch self {
    case .unknownShape: "Choose one of them, \"all\", or give a config.json with --config."
    case .vocabulary, .size, .newTokens: "Give another number."
    case .precision: "Choose one of these."
    case .memory: "Lower --batch or --chunk-length, or choose a smaller shape."
    case .noText: "Name a text file or a folder with --text."
    }
  }
}
