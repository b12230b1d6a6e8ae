internal import CKernels

extension Kernels {
  /// output[i] = exp((input[i] - highest) factor), and their sum. For one task: runs in the calling
  /// thread.
  @discardableResult
  public func exponentials(
    _ output: UnsafeMutablePointer<Float>, of input: UnsafePointer<Float>, highest: Float,
    factor: Float, count: Int
  ) -> Double {
    table.pointee.exponentials(output, input, highest, factor, count)
  }
}
