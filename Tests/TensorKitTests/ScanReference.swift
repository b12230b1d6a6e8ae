import Glibc

/// The selective scan of one sequence in double precision, without chunks: Mamba, algorithm 2.
struct ScanReference {
  var length: Int
  var channels: Int
  var states: Int
  var u: [Double]
  var dt: [Double]
  var z: [Double]
  var b: [Double]
  var c: [Double]
  /// [states, channels], negative.
  var a: [Double]
  var skip: [Double]
  var bias: [Double]

  private func delta(_ place: Int, _ channel: Int) -> Double {
    log1p(exp(dt[place] + bias[channel]))
  }

  /// State after token t, at [t + 1][n * channels + d]; entry 0 is `initial`.
  func statePath(from initial: [Double]? = nil) -> [[Double]] {
    var path = [initial ?? [Double](repeating: 0, count: states * channels)]
    for t in 0..<length {
      var state = path[t]
      for d in 0..<channels {
        let step = delta(t * channels + d, d)
        for n in 0..<states {
          let place = n * channels + d
          state[place] =
            exp(step * a[place]) * state[place] + step * u[t * channels + d] * b[t * states + n]
        }
      }
      path.append(state)
    }
    return path
  }

  private func beforeGate(_ path: [[Double]]) -> [Double] {
    var y = [Double](repeating: 0, count: length * channels)
    for t in 0..<length {
      for d in 0..<channels {
        var sum = skip[d] * u[t * channels + d]
        for n in 0..<states { sum += path[t + 1][n * channels + d] * c[t * states + n] }
        y[t * channels + d] = sum
      }
    }
    return y
  }

  func output(from initial: [Double]? = nil) -> [Double] {
    let y = beforeGate(statePath(from: initial))
    return y.indices.map { y[$0] * Reference.silu(z[$0]) }
  }

  struct Gradients {
    var u: [Double]
    var dt: [Double]
    var z: [Double]
    var b: [Double]
    var c: [Double]
    var a: [Double]
    var skip: [Double]
    var bias: [Double]
  }

  func gradients(_ dout: [Double]) -> Gradients {
    let path = statePath()
    let y = beforeGate(path)
    func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
    var g = Gradients(
      u: zeros(u.count), dt: zeros(u.count), z: zeros(u.count), b: zeros(b.count),
      c: zeros(b.count), a: zeros(a.count), skip: zeros(channels), bias: zeros(channels))
    for d in 0..<channels {
      var carried = zeros(states)
      for t in (0..<length).reversed() {
        let place = t * channels + d
        let step = delta(place, d)
        let gy = dout[place] * Reference.silu(z[place])
        g.z[place] = dout[place] * y[place] * Reference.siluSlope(z[place])
        g.skip[d] += gy * u[place]
        g.u[place] += gy * skip[d]
        var stepGradient = 0.0
        for n in 0..<states {
          let s = n * channels + d
          let decay = exp(step * a[s])
          carried[n] += gy * c[t * states + n]
          g.c[t * states + n] += gy * path[t + 1][s]
          g.b[t * states + n] += carried[n] * step * u[place]
          g.u[place] += carried[n] * step * b[t * states + n]
          stepGradient += carried[n] * (u[place] * b[t * states + n] + decay * a[s] * path[t][s])
          g.a[s] += carried[n] * decay * step * path[t][s]
          carried[n] *= decay
        }
        g.dt[place] = stepGradient * sigmoid(dt[place] + bias[d])
        g.bias[d] += g.dt[place]
      }
    }
    return g
  }
}
