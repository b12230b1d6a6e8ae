/// What a model is given of a chunk: its first tokens, every one an id of the model's vocabulary, and
/// how many of its targets count.
///
/// The door between a corpus and a model: here, and nowhere behind it, ids are compared with the
/// vocabulary and targets are counted, in one pass.
public struct ChunkWindow: Sendable, Equatable {
  /// The chunk's number in its corpus.
  public let number: Int
  /// The inputs and the last target.
  public let tokens: ArraySlice<Int32>
  /// Which of the targets count.
  public let mask: LossMask
  /// How many do.
  public let countedTargets: Int
  /// The vocabulary that every token is in: ids below it.
  public let vocabularySize: Int

  /// The first `length` tokens of a chunk.
  ///
  /// - Throws: `ModelError.tokenOutOfRange` for a token that the model has not.
  public init(
    _ tokens: [Int32], number: Int, length: Int = .max, mask: LossMask, vocabularySize: Int
  ) throws(ModelError) {
    let window = tokens.prefix(length)
    // As unsigned numbers negative ids are too large as well.
    let limit = UInt32(clamping: vocabularySize)
    var (counted, foreign) = (0, false)
    for token in window {
      foreign = foreign || UInt32(bitPattern: token) >= limit
      counted += mask.counts(input: token) ? 1 : 0
    }
    if foreign, let token = window.first(where: { UInt32(bitPattern: $0) >= limit }) {
      throw .tokenOutOfRange(chunk: number, token: Int(token), vocabularySize: vocabularySize)
    }
    // The last token is a target only.
    if let last = window.last, mask.counts(input: last) { counted -= 1 }
    self.number = number
    self.tokens = window
    self.mask = mask
    countedTargets = counted
    self.vocabularySize = vocabularySize
  }

  /// Positions of a model's pass over it.
  public var inputCount: Int { max(0, tokens.count - 1) }
}
