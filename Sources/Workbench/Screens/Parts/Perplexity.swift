import Foundation

/// exp(loss), for losses in nats per token.
enum Perplexity {
  static func of(_ loss: Double) -> Double { exp(loss) }
}
