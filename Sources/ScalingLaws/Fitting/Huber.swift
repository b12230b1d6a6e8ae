/// Huber's loss: half the square up to `delta`, linear beyond, so that a point that lies far off pulls
/// no harder than one at `delta`.
struct Huber: Sendable {
  let delta: Double

  /// Its value with the first and second derivative.
  func at(_ residual: Double) -> (value: Double, slope: Double, curvature: Double) {
    if residual.magnitude <= delta { return (residual * residual / 2, residual, 1) }
    let sign: Double = residual < 0 ? -1 : 1
    return (delta * (residual.magnitude - delta / 2), sign * delta, 0)
  }
}
