import Glibc
import LanguageModels
import Numerics
import TensorKit

/// Random weights of the usual sizes, filled by every thread.
///
/// Speed does not depend on the values as long as they are ordinary numbers; initial weights proper
/// come from one stream a tensor and would take minutes for the largest shape.
enum RandomWeights {
  /// Standard deviation of matrices.
  static let deviation = 0.02

  /// Fills the weights of `model`; equal for any number of threads.
  static func fill(_ model: any CausalLanguageModel) throws {
    let source = RandomSource(seed: 10)
    for entry in model.parameters.table.entries where entry.tiedTo == nil {
      guard let values = try model.parameters.values(of: entry.name, .weights) else { continue }
      fill(values, entry, source.split(entry.name), model.compute.pool)
    }
  }

  private static func fill(
    _ values: UnsafeMutableBufferPointer<Float>, _ entry: ParameterTable.Entry,
    _ source: RandomSource, _ pool: ParallelPool
  ) {
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
        uniform(values, source, pool)
      }
    }
  }

  /// Uniform values with the deviation; a stream for every 64 Ki values.
  private static func uniform(
    _ values: UnsafeMutableBufferPointer<Float>, _ source: RandomSource, _ pool: ParallelPool
  ) {
    let block = 1 << 16
    let scale = Float(deviation * 12.0.squareRoot())
    pool.run((values.count + block - 1) / block) { index in
      var stream = source.split("\(index)")
      for place in index * block..<min(values.count, (index + 1) * block) {
        values[place] = (Float(stream.next() >> 40) * 0x1p-24 - 0.5) * scale
      }
    }
  }
}
