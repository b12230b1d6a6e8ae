import Glibc
import LanguageModels
import Numerics
import TensorKit

/// Random weights of the usual sizes, filled by every thread.
///
/// Speed does not depend on the values as long as they are ordinary numbers; initial weights proper
/// come from one stream a tensor and would take minutes for the largest shape.
struct RandomWeights: TensorSource {
  let pool: ParallelPool
  /// Standard deviation of matrices.
  private static let deviation = 0.02

  /// Fills one tensor; equal for any number of threads.
  func fill(_ entry: ParameterTable.Entry, _ target: UnsafeMutablePointer<Float>) {
    let values = UnsafeMutableBufferPointer(start: target, count: entry.count)
    let source = RandomSource(seed: 10).split(entry.name)
    switch entry.name.split(separator: ".").suffix(2).joined(separator: ".") {
    case "mixer.A_log":
      let states = entry.shape.last ?? 1
      for index in values.indices { values[index] = logf(Float(index % states + 1)) }
    case "dt_proj.bias":
      // softplus of it is a time step of 0.01, inside the usual 0.001 ... 0.1.
      values.update(repeating: logf(expm1f(0.01)))
    default:
      if entry.shape.count == 1 {
        values.update(repeating: entry.name.hasSuffix("bias") ? 0 : 1)
      } else {
        uniform(values, source)
      }
    }
  }

  /// Uniform values with the deviation; a stream for every 64 Ki values.
  private func uniform(
    _ values: UnsafeMutableBufferPointer<Float>, _ source: RandomSource
  ) {
    let block = 1 << 16
    let scale = Float(Self.deviation * 12.0.squareRoot())
    pool.run((values.count + block - 1) / block) { index in
      var stream = source.split("\(index)")
      for place in index * block..<min(values.count, (index + 1) * block) {
        values[place] = (Float(stream.next() >> 40) * 0x1p-24 - 0.5) * scale
      }
    }
  }
}
