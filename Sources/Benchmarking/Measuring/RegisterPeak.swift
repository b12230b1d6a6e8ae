import CRegisterPeak
import TensorKit

/// The multiply-adds of every thread with all factors in registers: the limit of the processor.
enum RegisterPeak {
  /// 10^9 operations a second on all threads; nil where the processor has none in this precision.
  static func gigaflops(_ precision: Precision, compute: Ops) -> Double? {
    // What the products compute in: bf16 weights may be read with f32 arithmetic.
    let arithmetic =
      precision == .int8 ? precision : compute.capability.inputPrecision(of: precision)
    let type =
      switch arithmetic {
      case .f32: RP_F32
      case .bf16: RP_BF16
      case .int8: RP_INT8
      }
    let bits: Int32 =
      switch compute.kernels.instructionSet {
      case .baseline: 128
      case .avx2: 256
      case .avx512: 512
      }
    let rounds: Int64 = 500_000
    let threads = compute.pool.threads
    let operations = rp_run(type, bits, 1)
    guard operations > 0 else { return nil }
    // A task a thread; each takes some milliseconds, so that no thread gets two.
    let timing = Timing.measure(RepeatPolicy(repeats: 6, seconds: 0.5)) {
      compute.pool.run(threads) { _ in _ = rp_run(type, bits, rounds) }
    }
    return Double(operations) * Double(rounds) * Double(threads) / timing.best * 1e-9
  }
}
