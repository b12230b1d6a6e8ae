/// What the softmax of a head is drawn to, token by token: a teacher's distributions over the first
/// columns of the vocabulary. What is over in the larger vocabulary is left out of the divergence on
/// both sides, and each side is a distribution over what they share.
public enum HeadTeacher {
  /// The head of another model, whose logits are formed block by block.
  /// hidden: [tokens, d'], weight: [vocabulary', d'] in rows of one precision or packed.
  case head(hidden: Operand, weight: Operand)
  /// Some tokens of each distribution.
  case tokens(WeightedTokens)

  /// Columns that the teacher knows.
  public var vocabulary: Int {
    switch self {
    case .head(_, let weight): weight.rows
    case .tokens(let tokens): tokens.vocabulary
    }
  }
}

/// A few tokens of each row's distribution with weights that stand for their probabilities: draws, whose
/// expected weights are the probabilities, or the likeliest ones.
public struct WeightedTokens: Sendable, Equatable {
  /// Columns that the distributions are over.
  public var vocabulary: Int
  /// First entry of each row, then their number [rows + 1].
  public var offsets: [Int]
  /// Ids below `vocabulary` [entries]; no id twice in a row.
  public var tokens: [Int32]
  /// [entries].
  public var weights: [Float]
  /// Entropy of each row's distribution in nats [rows].
  public var entropies: [Float]

  public init(
    vocabulary: Int, offsets: [Int] = [0], tokens: [Int32] = [], weights: [Float] = [],
    entropies: [Float] = []
  ) {
    self.vocabulary = vocabulary
    self.offsets = offsets
    self.tokens = tokens
    self.weights = weights
    self.entropies = entropies
  }

  /// Rows.
  public var count: Int { entropies.count }

  /// Entries of a row.
  public func entries(of row: Int) -> Range<Int> { offsets[row]..<offsets[row + 1] }
}

/// How likelihood and divergence make one loss of a token, with p and q the softmax of teacher and
/// student at `temperature` T: (1 - ratio) (-log q_1(target)) + ratio T^2 KL(p || q).
///
/// The factor T^2 keeps the size of the divergence's gradient when T changes (Hinton et al. 2015); at
/// T = 1 the loss is MiniPLM's but for the teacher's entropy, which has no gradient.
public struct HeadDistillation: Sendable, Equatable {
  public var ratio: Float
  public var temperature: Float

  public init(ratio: Float, temperature: Float = 1) {
    self.ratio = ratio
    self.temperature = temperature
  }
}
