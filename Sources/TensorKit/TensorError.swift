public import Store

/// What can go wrong with memory and processors.
public enum TensorError: ActionableError, Equatable {
  /// The system has not enough free memory, both in bytes.
  case memory(needed: Int, available: Int)
  /// An arena is too small for what is asked of it, all in bytes.
  case arenaExhausted(needed: Int, free: Int, capacity: Int)
  /// The system refused to map memory.
  case mapping(bytes: Int, reason: String)
  /// A worker thread could not be started.
  case thread(reason: String)
  /// The library of matrix products cannot do what is asked.
  case product(reason: String)

  public var message: String {
    switch self {
    case .memory(let needed, let available):
      "\(Self.mebibytes(needed)) MiB of memory are needed, \(Self.mebibytes(available)) MiB are free."
    case .arenaExhausted(let needed, let free, let capacity):
      "An arena of \(capacity) bytes has \(free) free, \(needed) are needed."
    case .mapping(let bytes, let reason):
      "Cannot map \(Self.mebibytes(bytes)) MiB of memory: \(reason)."
    case .thread(let reason):
      "Cannot start a worker thread: \(reason)."
    case .product(let reason):
      "No matrix product: \(reason)."
    }
  }

  public var hint: String {
    switch self {
    case .memory, .mapping:
      "Lower the tokens per step, choose a smaller model, or close other programs."
    case .arenaExhausted:
      "Give fewer tokens per step."
    case .thread:
      "Lower the number of threads, or raise the limit of processes (ulimit -u)."
    case .product:
      "Use f32, or another build of oneDNN."
    }
  }

  private static func mebibytes(_ bytes: Int) -> Int {
    bytes >> 20 + (bytes & 0xFFFFF == 0 ? 0 : 1)
  }
}
