public import TensorKit

/// One measured kernel: a line of `bench kernels`.
public struct KernelMeasurement: Encodable, Sendable {
  public var bench = "kernels"
  /// What it computes, such as "attention backward".
  public var kernel: String
  /// The model shape that the sizes come from.
  public var shape: String
  /// Its sizes in letters: T tokens, d hidden size, f intermediate size, and so on.
  public var size: String
  public var precision: Precision
  public var threads: Int
  public var repeats: Int
  /// Of the best and of the middle repeat.
  public var seconds: Double
  public var secondsMedian: Double
  /// 10^9 operations a second, for products and attention.
  public var gigaflops: Double?
  /// 10^9 bytes a second if every input is read and every result written once, for kernels that
  /// memory limits.
  public var gigabytesPerSecond: Double?
  /// Nanoseconds for one token, channel and state of a scan.
  public var nanosecondsPerState: Double?
  public var machine: MachineDescription
}
