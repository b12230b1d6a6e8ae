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
  /// A size below one.
  case size(name: String, found: Int)
  /// More memory than there is, in bytes.
  case memory(shape: String, needed: Int, available: Int)
  /// No text to encode.
  case noText(paths: [String])

  public var message: String {
    switch self {
    case .unknownShape(let name):
      "There is no shape \"\(name)\"; the shapes are \(BenchmarkShape.names.joined(separator: ", "))."
    case .vocabulary(let size):
      "A vocabulary has 1 to \(1 << 24) tokens, not \(size)."
    case .precision(let precision, let benchmark, let available):
      "bench \(benchmark) has no precision \(precision.rawValue); it has "
        + available.map(\.rawValue).joined(separator: ", ") + "."
    case .size(let name, let found):
      "\(name) is \(found); expected at least 1."
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
    case .precision: "Choose one of these."
    case .memory: "Lower --batch or --chunk-length, or choose a smaller shape."
    case .noText: "Name a text file or a folder with --text."
    }
  }
}
