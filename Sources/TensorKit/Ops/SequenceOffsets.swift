/// Where the sequences of a packed batch start: sequence i is tokens starts[i] ..< starts[i + 1].
public struct SequenceOffsets: Sendable, Equatable {
  /// Count + 1 offsets, the first 0, the last the number of tokens.
  public let starts: [Int]

  /// Sequences of these lengths, one after another.
  public init(lengths: [Int]) {
    var starts = [0]
    starts.reserveCapacity(lengths.count + 1)
    for length in lengths {
      precondition(length >= 0, "a sequence's length is negative")
      starts.append((starts.last ?? 0) + length)
    }
    self.starts = starts
  }

  /// One sequence of `tokens` tokens.
  public init(tokens: Int) { self.init(lengths: [tokens]) }

  /// The number of sequences.
  public var count: Int { starts.count - 1 }

  /// Tokens of all sequences together.
  public var tokens: Int { starts.last ?? 0 }

  /// The tokens of sequence `index`.
  public func range(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// Length of the longest sequence.
  public var longest: Int { (0..<count).map { range($0).count }.max() ?? 0 }

  /// The sequences cut into blocks of at most `size` tokens: (sequence, first token in it).
  func blocks(of size: Int) -> [(sequence: Int, start: Int)] {
    (0..<count).flatMap { sequence in
      stride(from: 0, to: range(sequence).count, by: size).map { (sequence, $0) }
    }
  }

  /// Writes each token's position in its own sequence, `tokens` values.
  public func writePositions(to positions: UnsafeMutablePointer<Int32>) {
    for sequence in 0..<count {
      let tokens = range(sequence)
      for token in tokens { positions[token] = Int32(token - tokens.lowerBound) }
    }
  }
}
