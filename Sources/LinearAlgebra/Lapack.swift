import CLapack
import Synchronization

/// The door to LAPACK: one caller at a time, and sizes as its 32-bit integers.
enum Lapack {
  /// Builds of OpenBLAS without threads have no locks of their own around their buffers.
  private static let turn = Mutex(())

  /// Runs `body`, which calls LAPACK, while nobody else does.
  static func exclusively<Value>(_ body: () -> Value) -> Value {
    turn.withLock { _ in body() }
  }

  /// The processor whose kernels OpenBLAS runs.
  static var kernels: String {
    openblas_get_corename().map { String(cString: $0) } ?? "an unknown processor"
  }

  /// A size as LAPACK takes it.
  static func size(_ value: Int) throws(LinearAlgebraError) -> Int32 {
    guard let size = Int32(exactly: value) else {
      throw .sizes(found: "\(value)", expected: "at most \(Int32.max)")
    }
    return size
  }

  /// - Throws: what a routine's `info` means, where that is a failure.
  static func require(_ info: Int32, _ routine: String) throws(LinearAlgebraError) {
    guard info == 0 else { throw .noConvergence(routine: routine, info: Int(info)) }
  }

  /// - Throws: `LinearAlgebraError.wrongResult` where `error` is no number or above `allowed`.
  static func require(
    error: Double, atMost allowed: Double, _ routine: String
  ) throws(LinearAlgebraError) {
    guard error <= allowed else {
      throw .wrongResult(routine: routine, kernels: kernels, error: error, allowed: allowed)
    }
  }
}
