import Glibc
import Numerics
import TensorKit

/// Smooths what int8 products read behind norms.
///
/// A channel of activations that is much larger than its neighbours takes the scale of their block, and
/// they lose their bits. So a norm's weight is divided by a factor for every channel, and the columns of
/// the maps behind it are multiplied by the same: channels become alike, and part of their range moves
/// to the weights, which have a scale of their own for every output (Xiao et al. 2022, SmoothQuant,
/// alpha = 1/2). Factors are powers of two, so that the function stays the same to the last bit before
/// bytes are made.
///
/// What activations are like is seen in a short pass over random tokens: channels stand out whatever
/// the text, and a model's bytes depend on nothing but the model.
package enum NormSmoothing {
  /// Sequences of the pass, and tokens of each.
  static let sequences = 4
  static let length = 32

  /// The tokens of the pass: the same for every model of a vocabulary.
  static func probe(vocabularySize: Int) -> PackedBatch {
    var random = RandomSource(seed: 0).split("int8 smoothing")
    let count = sequences * length
    return PackedBatch(
      tokens: (0..<count).map { _ in Int32(random.index(below: vocabularySize)) },
      targets: Array(repeating: -1, count: count), weights: Array(repeating: 0, count: count),
      sequenceOffsets: (0...sequences).map { $0 * length })
  }

  /// Factors of two [channels]: 2^round(log2(sqrt(rms of the input / rms of the column))), measured
  /// from their mean. A channel or column of zeros, or one that is not finite, keeps its range.
  ///
  /// - Parameters:
  ///   - inputs: sums of squares of the norm's output, channel by channel, over the same rows.
  ///   - columns: sums of squares of the maps' weights, column by column.
  package static func factors(inputs: [Double], columns: [Double]) -> [Float] {
    let exponents = zip(inputs, columns).map { input, column in
      input > 0 && column > 0 && input.isFinite && column.isFinite
        ? log2(input / column) / 4 : .nan
    }
    let counted = exponents.filter { !$0.isNaN }
    let mean = counted.reduce(0, +) / Double(max(1, counted.count))
    return exponents.map { exponent in
      exponent.isNaN ? 1 : Float(exp2((exponent - mean).rounded().clamped(to: -30...30)))
    }
  }
}

/// Sums of squares of what norms give, channel by channel, over a pass.
final class NormObserver {
  /// By the offset of the norm's weight.
  private(set) var sums: [Int: [Double]] = [:]

  /// Takes the rows of `input` [rows, d] as the norm at `place` with `weight` [d] gives them.
  func note(
    _ place: TensorPlace, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, rows: Int,
    epsilon: Double
  ) {
    let size = place.count
    var channels = sums[place.offset] ?? Array(repeating: 0, count: size)
    for row in 0..<rows {
      let values = UnsafeBufferPointer(start: input + row * size, count: size)
      let square = values.reduce(0.0) { $0 + Double($1) * Double($1) }
      let scale = 1 / (square / Double(size) + epsilon)
      for (channel, value) in values.enumerated() {
        let weighted = Double(value) * Double(weight[channel])
        channels[channel] += weighted * weighted * scale
      }
    }
    sums[place.offset] = channels
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
