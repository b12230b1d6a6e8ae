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

  /// Reads one tensor; equal for any number of threads.
  func reader(of entry: ParameterTable.Entry) -> TensorReader {
    let source = RandomSource(seed: 10).split(entry.name)
    let states = entry.shape.last ?? 1
    var first = 0
    return { count, target in
      let values = UnsafeMutableBufferPointer(start: target, count: count)
      switch entry.name.split(separator: ".").suffix(2).joined(separator: ".") {
      case "mixer.A_log":
        for index in values.indices { values[index] = logf(Float((first + index) % states + 1)) }
      case "dt_proj.bias":
        // softplus of it is a time step of 0.01, inside the usual 0.001 ... 0.1.
        values.update(repeating: logf(expm1f(0.01)))
      default:
        if entry.shape.count == 1 {
          values.update(repeating: entry.name.hasSuffix("bias") ? 0 : 1)
        } else {
          uniform(values, from: first, source)
        }
      }
      first += count
    }
  }

  /// Uniform values with the deviation, those of a tensor from `first`; a stream for every 64 Ki
  /// values of the tensor.
  private func uniform(
    _ values: UnsafeMutableBufferPointer<Float>, from first: Int, _ source: RandomSource
  ) {
    let block = 1 << 16
    let end = first + values.count
    let scale = Float(Self.deviation * 12.0.squareRoot())
    let blocks = first / block..<(end + block - 1) / block
    pool.run(blocks.count) { index in
      let start = (blocks.lowerBound + index) * block
      var stream = source.split("\(blocks.lowerBound + index)")
      // A piece may begin inside a block.
      for _ in start..<max(start, first) { _ = stream.next() }
      for place in max(start, first)..<min(end, start + block) {
        values[place - first] = (Float(stream.next() >> 40) * 0x1p-24 - 0.5) * scale
      }
    }
  }
}
