/// Which targets of a chunk count, in a score as in a loss.
///
/// A target counts unless its input is the padding token, and padding is the end-of-text token:
/// predicting end-of-text counts, predicting the first token of the next document does not, and the
/// first token of a chunk is never a target (thu-coai/MiniPLM, data_utils/lm_datasets.py).
public struct LossMask: Sendable, Equatable {
  /// The end-of-text (and padding) token; nil where every target counts.
  public let endOfText: Int32?

  public init(endOfText: Int32?) { self.endOfText = endOfText }

  /// Counts every target.
  public static let none = LossMask(endOfText: nil)

  /// Whether predicting the token after `input` counts.
  public func counts(input: Int32) -> Bool { input != endOfText }

  /// The masked mean NLL of a chunk and the number of counted tokens; 0 and 0 if none counts.
  ///
  /// `logProbabilities[t]` is log p of token t + 1 of `tokens`. The sum is formed in double precision
  /// in the order of the tokens, so it is the same on every machine.
  public func meanNLL(
    tokens: some Sequence<Int32>, logProbabilities: [Float]
  ) -> (nll: Float, counted: Int) {
    var sum = 0.0
    var counted = 0
    for (input, logProbability) in zip(tokens, logProbabilities) where counts(input: input) {
      sum -= Double(logProbability)
      counted += 1
    }
    return (counted == 0 ? 0 : Float(sum / Double(counted)), counted)
  }
}
