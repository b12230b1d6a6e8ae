import Glibc

/// Causal attention of one sequence and one head in double precision.
struct AttentionReference {
  var length: Int
  var headSize: Int
  var scale: Double
  var q: [Double]
  var k: [Double]
  var v: [Double]
  /// Keys that a query sees, its own the last of them.
  var window = Int.max

  private func dot(_ x: [Double], _ i: Int, _ y: [Double], _ j: Int) -> Double {
    var sum = 0.0
    for e in 0..<headSize { sum += x[i * headSize + e] * y[j * headSize + e] }
    return sum
  }

  /// Row t: weights of keys 0...t, zero outside of the window, and log sum exp of the scaled scores.
  func weights(_ t: Int) -> (p: [Double], logSumExp: Double) {
    let scores = (0...t).map { t - $0 < window ? dot(q, t, k, $0) * scale : -.infinity }
    let top = scores.max() ?? 0
    let sum = scores.reduce(0) { $0 + exp($1 - top) }
    let logSumExp = top + log(sum)
    return (scores.map { exp($0 - logSumExp) }, logSumExp)
  }

  func output() -> [Double] {
    var out = [Double](repeating: 0, count: length * headSize)
    for t in 0..<length {
      for (j, p) in weights(t).p.enumerated() {
        for e in 0..<headSize { out[t * headSize + e] += p * v[j * headSize + e] }
      }
    }
    return out
  }

  func gradients(_ dout: [Double]) -> (q: [Double], k: [Double], v: [Double]) {
    let zeros = [Double](repeating: 0, count: length * headSize)
    var (dq, dk, dv) = (zeros, zeros, zeros)
    for t in 0..<length {
      let p = weights(t).p
      let dp = p.indices.map { dot(dout, t, v, $0) }
      var inner = 0.0
      for j in p.indices { inner += p[j] * dp[j] }
      for j in p.indices {
        let ds = p[j] * (dp[j] - inner) * scale
        for e in 0..<headSize {
          dv[j * headSize + e] += p[j] * dout[t * headSize + e]
          dq[t * headSize + e] += ds * k[j * headSize + e]
          dk[j * headSize + e] += ds * q[t * headSize + e]
        }
      }
    }
    return (dq, dk, dv)
  }
}
