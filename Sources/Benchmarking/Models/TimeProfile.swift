public import TensorKit

/// Where the time of passes or steps went, as shares of all threads' time; they add up to 1.
public struct TimeProfile: Encodable, Sendable, Equatable {
  /// One kind of work.
  public struct Part: Encodable, Sendable, Equatable {
    public var name: String
    /// Of the whole time of all threads.
    public var share: Double
    /// Share times the whole time: what the part would take with every thread at work.
    public var seconds: Double
    /// Calls in one pass or step.
    public var calls: Double
  }

  /// Seconds that were looked at: all measured repeats.
  public var seconds: Double
  /// The largest first.
  public var parts: [Part]

  /// What the pool's operations belong to; others appear under their own name.
  static let groups: [String: String] = [
    "multiply": "matrix products", "run": "matrix products", "packedLinear": "matrix products",
    "fewRowsLinear": "matrix products",
    "attention": "attention", "cachedAttention": "attention", "attendBlocks": "attention",
    "attentionBackward": "attention backward",
    "scan": "scan", "scanBackward": "scan backward", "mergeTokens": "scan backward",
    "convSiLU": "convolution", "convSiLUBackward": "convolution",
    "rmsNorm": "norms", "headNorm": "norms", "headNormBackward": "norms",
    "rmsNormBackward": "norms",
    "crossEntropy": "head and loss", "headLogProbabilities": "head and loss",
    "headLossBackward": "head and loss",
    "swiglu": "SwiGLU", "swigluBackward": "SwiGLU", "rotary": "rotary",
    "widen": "conversions", "narrow": "conversions", "round": "conversions",
    "adamW": "AdamW", "sumOfSquares": "gradient norm", "clear": "clearing",
    "addBias": "bias", "columnSum": "bias", "gatherRows": "embedding",
    "scatterAddRows": "embedding", "choose": "sampling",
  ]

  /// Of a pool's runs in `repeats` passes that took `seconds` on `threads` threads.
  public init(_ entries: [String: PoolProfile.Entry], seconds: Double, repeats: Int, threads: Int) {
    let whole = seconds * Double(threads)
    var grouped: [String: PoolProfile.Entry] = [:]
    for (name, entry) in entries {
      let group = Self.groups[name] ?? name
      grouped[group, default: PoolProfile.Entry()].runs += entry.runs
      grouped[group, default: PoolProfile.Entry()].busySeconds += entry.busySeconds
    }
    let wall = entries.values.reduce(0) { $0 + $1.wallSeconds }
    let busy = entries.values.reduce(0) { $0 + $1.busySeconds }
    // Inside runs a thread waits for work or for the others; between runs only one thread works.
    grouped["waiting in runs"] = PoolProfile.Entry(
      busySeconds: max(0, wall * Double(threads) - busy))
    grouped["between runs"] = PoolProfile.Entry(
      busySeconds: max(0, (seconds - wall) * Double(threads)))
    self.seconds = seconds
    parts = grouped.map { name, entry in
      Part(
        name: name, share: entry.busySeconds / whole,
        seconds: entry.busySeconds / Double(threads),
        calls: Double(entry.runs) / Double(repeats))
    }
    .sorted { ($1.share, $0.name) < ($0.share, $1.name) }
  }
}
