/// How one long text is read in overlapping windows, as the perplexity of models of a fixed length is
/// usually published.
///
/// A window takes `window` tokens, the next one begins `stride` further on. Every token but the first is
/// a target once, in the first window that holds it: each has at least `window - stride` tokens before
/// it, but for those of the first window. Source: the documentation of transformers, "Perplexity of
/// fixed-length models", whose windows these are.
public struct StridedWindows: Codable, Sendable, Equatable {
  /// Tokens of a window; the last one is a target alone.
  public let window: Int
  /// Tokens from the start of one window to the next: below `window`, so that no target is without
  /// context.
  public let stride: Int

  /// - Throws: `TrainingError.invalidSetting`.
  public init(window: Int, stride: Int) throws(TrainingError) {
    guard (2...1 << 24).contains(window) else {
      throw .invalidSetting(field: "window", found: "\(window)", expected: "2 to \(1 << 24)")
    }
    guard (1..<window).contains(stride) else {
      throw .invalidSetting(
        field: "stride", found: "\(stride)", expected: "1 to \(window - 1), below the window")
    }
    self.window = window
    self.stride = stride
  }

  /// One pass over a part of a text.
  public struct Pass: Sendable, Equatable {
    /// Places in the text: inputs, and the last target.
    public var tokens: Range<Int>
    /// The first place that counts as a target here.
    public var firstTarget: Int
  }

  /// Calls `body` with the windows over a text of `count` tokens, in order.
  ///
  /// - Parameter firstTarget: the first place that counts at all, at least 1.
  public func forEach(over count: Int, firstTarget: Int, _ body: (Pass) throws -> Void) rethrows {
    var (begin, counted) = (0, max(1, firstTarget))
    while counted < count {
      let end = min(begin + window, count)
      if counted < end {
        try body(Pass(tokens: begin..<end, firstTarget: counted))
        counted = end
      }
      begin += max(1, stride)
    }
  }
}
