import Glibc

func exponential(_ x: Double) -> Double { exp(x) }
func cosine(_ x: Double) -> Double { cos(x) }
func sine(_ x: Double) -> Double { sin(x) }

/// Plain double-precision forms of the row and elementwise operations.
enum Reference {
  static func silu(_ x: Double) -> Double { x * sigmoid(x) }
  static func siluSlope(_ x: Double) -> Double { sigmoid(x) * (1 + x * (1 - sigmoid(x))) }

  /// Rows of `size`; the reciprocal root mean square of each row.
  static func rstd(_ x: [Double], size: Int, epsilon: Double) -> [Double] {
    stride(from: 0, to: x.count, by: size).map { first in
      var sum = 0.0
      for index in first..<first + size { sum += x[index] * x[index] }
      return 1 / (sum / Double(size) + epsilon).squareRoot()
    }
  }

  static func rmsNorm(_ x: [Double], _ w: [Double], epsilon: Double) -> [Double] {
    let scales = rstd(x, size: w.count, epsilon: epsilon)
    return x.indices.map { x[$0] * scales[$0 / w.count] * w[$0 % w.count] }
  }

  static func rmsNormBackward(
    _ dy: [Double], _ x: [Double], _ w: [Double], epsilon: Double
  ) -> (dx: [Double], dw: [Double]) {
    let size = w.count
    let scales = rstd(x, size: size, epsilon: epsilon)
    var dx = x
    var dw = [Double](repeating: 0, count: size)
    for row in scales.indices {
      var mean = 0.0
      for i in 0..<size {
        let place = row * size + i
        mean += w[i] * dy[place] * x[place] * scales[row] / Double(size)
        dw[i] += dy[place] * x[place] * scales[row]
      }
      for i in 0..<size {
        let place = row * size + i
        dx[place] = scales[row] * (w[i] * dy[place] - x[place] * scales[row] * mean)
      }
    }
    return (dx, dw)
  }

  /// One sequence of [T, channels]; w is [taps, channels].
  static func convSiLU(
    _ x: [Double], _ w: [Double], _ bias: [Double], channels: Int, taps: Int
  ) -> [Double] {
    convolution(x, w, bias, channels: channels, taps: taps).map(silu)
  }

  static func convolution(
    _ x: [Double], _ w: [Double], _ bias: [Double], channels: Int, taps: Int
  ) -> [Double] {
    x.indices.map { place in
      let t = place / channels
      let c = place % channels
      var sum = bias[c]
      for k in 0..<taps where t - taps + 1 + k >= 0 {
        sum += w[k * channels + c] * x[(t - taps + 1 + k) * channels + c]
      }
      return sum
    }
  }

  static func convSiLUBackward(
    _ dy: [Double], _ x: [Double], _ w: [Double], _ bias: [Double], channels: Int, taps: Int
  ) -> (dx: [Double], dw: [Double], dbias: [Double]) {
    let before = convolution(x, w, bias, channels: channels, taps: taps)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var dbias = [Double](repeating: 0, count: channels)
    for place in x.indices {
      let t = place / channels
      let c = place % channels
      let g = dy[place] * siluSlope(before[place])
      dbias[c] += g
      for k in 0..<taps where t - taps + 1 + k >= 0 {
        let source = (t - taps + 1 + k) * channels + c
        dx[source] += g * w[k * channels + c]
        dw[k * channels + c] += g * x[source]
      }
    }
    return (dx, dw, dbias)
  }
}
