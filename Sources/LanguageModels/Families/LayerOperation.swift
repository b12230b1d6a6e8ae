/// One operation of a layer with its sizes: what a benchmark measures and a count of products adds
/// up, without knowing the family.
public enum LayerOperation: Sendable, Equatable {
  /// A linear map of `inputs` to `outputs` columns.
  case linear(name: String, inputs: Int, outputs: Int)
  /// Causal attention of queries to shared keys and values.
  case attention(heads: Int, keyValueHeads: Int, headSize: Int)
  /// RMSNorm of every head of queries or keys.
  case headNorm(heads: Int, headSize: Int)
  /// Rotary positions of queries and keys.
  case rotary(heads: Int, headSize: Int)
  /// The gated activation of an MLP.
  case swiglu(width: Int)
  /// A causal convolution of each channel, with its activation.
  case convolution(channels: Int, taps: Int)
  /// The selective scan of a state space.
  case scan(channels: Int, states: Int)
}
