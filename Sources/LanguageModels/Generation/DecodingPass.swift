import TensorKit

/// The next tokens of the sequence in one slot of a decoding state.
public struct DecodingPiece: Sendable, Equatable {
  public var slot: Int
  public var tokens: [Int32]
  /// Whether the logits of the token after these are needed.
  public var wantsLogits: Bool
  /// Tokens of the prompt that these are a piece of; nil where they end the sequence so far. Some
  /// rotations depend on it.
  public var promptLength: Int?

  public init(
    slot: Int, tokens: [Int32], wantsLogits: Bool = true, promptLength: Int? = nil
  ) {
    self.slot = slot
    self.tokens = tokens
    self.wantsLogits = wantsLogits
    self.promptLength = promptLength
  }
}

/// One pass over new tokens of some sequences of a decoding state.
struct DecodingPass {
  let state: DecodingState
  /// Slot of each sequence of the pass.
  let places: [Int]
  /// Tokens that each sequence held before the pass.
  let past: [Int]
  /// Tokens that each sequence holds with the whole of what is being read.
  let lengths: [Int]

  /// Checks `pieces` against the state.
  init(_ pieces: [DecodingPiece], state: DecodingState) throws(ModelError) {
    guard !pieces.isEmpty else { throw .batch(found: "no sequences", expected: "at least one") }
    var seen = Set<Int>()
    for piece in pieces {
      guard (0..<state.plan.sequences).contains(piece.slot), seen.insert(piece.slot).inserted
      else {
        throw .batch(
          found: "slot \(piece.slot)",
          expected: "each slot once, below \(state.plan.sequences), as planned")
      }
      let length = state.length(piece.slot) + piece.tokens.count
      if piece.tokens.isEmpty || length > state.plan.capacity {
        throw .batch(
          found: "a sequence of \(state.length(piece.slot)) and \(piece.tokens.count) new tokens",
          expected: "at least one new token and at most \(state.plan.capacity), as planned")
      }
    }
    self.state = state
    places = pieces.map(\.slot)
    past = pieces.map { state.length($0.slot) }
    lengths = pieces.map {
      max($0.promptLength ?? 0, state.length($0.slot) + $0.tokens.count)
    }
  }

  /// Lets positions go on where each sequence stands.
  func movePositions(_ positions: UnsafeMutablePointer<Int32>, offsets: SequenceOffsets) {
    for (sequence, past) in past.enumerated() {
      for token in offsets.range(sequence) { positions[token] += Int32(past) }
    }
  }
}

extension PackedBatch {
  /// New tokens without targets.
  init(_ pieces: [DecodingPiece]) {
    let tokens = pieces.flatMap(\.tokens)
    var offsets = [0]
    for piece in pieces { offsets.append((offsets.last ?? 0) + piece.tokens.count) }
    self.init(
      tokens: tokens, targets: Array(repeating: -1, count: tokens.count),
      weights: Array(repeating: 0, count: tokens.count), sequenceOffsets: offsets)
  }
}

extension OutputHead {
  /// Logits of the token after each piece that wants them, in the state's memory.
  func nextLogits(_ pass: Pass, pieces: [DecodingPiece], state: DecodingState) -> Matrix {
    let stream = pass.matrix(pass.stream.output, columns: projection.inputs)
    let rows = pieces.indices.filter { pieces[$0].wantsLogits }
      .map { pass.offsets.range($0).upperBound - 1 }
    let last = state.hidden(rows: rows.count)
    for (row, token) in rows.enumerated() {
      last.row(row).update(from: stream.row(token), count: projection.inputs)
    }
    let weight = readWeight(pass)
    let hidden = pass.rows(
      pass.stream.operand, columns: projection.inputs, precision: weight.inputPrecision
    )
    .rows(from: 0, count: rows.count)
    pass.ops.rmsNorm(
      to: hidden, input: last.pointer, weight: pass.weights[norm], epsilon: Float(epsilon))
    let logits = state.logits(rows: rows.count)
    pass.ops.linear(output: logits, input: hidden, weight: weight)
    state.advance(pieces)
    return logits
  }
}
