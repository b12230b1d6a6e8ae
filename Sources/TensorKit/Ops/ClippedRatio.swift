import Glibc

/// How far a policy may go from the one that drew a token before nothing more is gained by it: the
/// clipped objective of PPO (Schulman et al. 2017), negated to be a loss.
///
/// With r = weight q / q_old and A the advantage, the loss is max(-A r, -A clip(r, 1 - width,
/// 1 + width)).
public struct ClippedRatio: Sendable, Equatable {
  /// Distance from 1 at which ratios are clipped.
  public var width: Float

  public init(width: Float) { self.width = width }

  /// The loss of a token.
  public struct Loss: Sendable, Equatable {
    public var value: Double
    /// d value / d log q.
    public var slope: Double
    public var ratio: Double
    /// Whether the clipped side is the larger one, so that there is no gradient.
    public var isClipped: Bool
  }

  /// - Parameters:
  ///   - logProbability: log q of the token now.
  ///   - old: log q when it was drawn.
  ///   - weight: of the token, for another distribution that it was drawn from.
  public func loss(
    logProbability: Float, old: Float, advantage: Float, weight: Float
  ) -> Loss {
    let ratio = exp(Double(logProbability) - Double(old)) * Double(weight)
    let least = 1 - Double(width), most = 1 + Double(width)
    // min and max would swallow a ratio that is no number.
    let clipped = ratio < least ? least : ratio > most ? most : ratio
    let free = -Double(advantage) * ratio
    let bounded = -Double(advantage) * clipped
    let isClipped = bounded > free
    return Loss(
      value: isClipped ? bounded : free, slope: isClipped ? 0 : free, ratio: ratio,
      isClipped: isClipped)
  }
}
