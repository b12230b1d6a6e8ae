import LanguageModels
import Numerics
import TensorKit
import Testing

/// Token by token, in pieces and in batches: the same logits as one pass over the whole.
@Suite struct DecodingTests {
  /// A fixture of transformers, or a random model of a shape that no fixture has.
  enum Source: Sendable, CustomTestStringConvertible {
    case fixture(Fixture)
    case qwen(heads: Int, keyValueHeads: Int, hidden: Int, vocabulary: Int)
    case qwen3(heads: Int, keyValueHeads: Int, headSize: Int)
    case mamba(states: Int, taps: Int, hidden: Int)

    var testDescription: String {
      switch self {
      case .fixture(let fixture): fixture.name
      case .qwen(let heads, let shared, let hidden, let vocabulary):
        "qwen2 \(heads)/\(shared) heads, \(hidden) wide, \(vocabulary) tokens"
      case .qwen3(let heads, let shared, let size):
        "qwen3 \(heads)/\(shared) heads of \(size)"
      case .mamba(let states, let taps, let hidden):
        "mamba \(states) states, \(taps) taps, \(hidden) wide"
      }
    }

    func model(threads: Int = 2) throws -> any CausalLanguageModel {
      let configuration: ModelConfiguration
      switch self {
      case .fixture(let fixture): return try fixture.model(threads: threads)
      case .qwen(let heads, let shared, let hidden, let vocabulary):
        configuration = try ModelConfiguration(
          .qwen2,
          ModelSizes(
            vocabularySize: vocabulary, hiddenSize: hidden, intermediateSize: 3 * hidden / 2 + 1,
            layerCount: 2, headCount: heads, keyValueHeadCount: shared))
      case .qwen3(let heads, let shared, let size):
        configuration = try ModelConfiguration(
          .qwen3,
          ModelSizes(
            vocabularySize: 83, hiddenSize: 40, intermediateSize: 50, layerCount: 2,
            headCount: heads, keyValueHeadCount: shared, headDimension: size))
      case .mamba(let states, let taps, let hidden):
        configuration = try ModelConfiguration(
          .mamba,
          ModelSizes(
            vocabularySize: 67, hiddenSize: hidden, layerCount: 2, stateSize: states,
            convolutionTaps: taps))
      }
      return try LanguageModel.make(
        configuration, initialization: .seeded(RandomSource(seed: 3)),
        compute: Fixture.compute(threads: threads))
    }
  }

  static let sources =
    (Fixture.all + Fixture.windows).map(Source.fixture) + [
      .qwen(heads: 14, keyValueHeads: 2, hidden: 14 * 6, vocabulary: 131),
      .qwen(heads: 9, keyValueHeads: 1, hidden: 90, vocabulary: 77),
      .qwen3(heads: 16, keyValueHeads: 8, headSize: 4),
      .qwen3(heads: 2, keyValueHeads: 1, headSize: 128),
      .mamba(states: 8, taps: 3, hidden: 24), .mamba(states: 64, taps: 4, hidden: 17),
      .mamba(states: 1, taps: 1, hidden: 8),
    ]

  /// Sequences of random tokens.
  static func sequences(_ lengths: [Int], vocabulary: Int) -> [[Int32]] {
    var source = RandomSource(seed: 5)
    return lengths.map { length in
      (0..<length).map { _ in Int32(source.index(below: vocabulary)) }
    }
  }

  /// Logits of every position [tokens, V], from one whole pass.
  static func whole(
    _ model: any CausalLanguageModel, _ sequences: [[Int32]]
  ) throws -> [[Float]] {
    try sequences.map { tokens in
      let batch = PackedBatch(
        tokens: tokens, targets: tokens.map { _ in -1 }, weights: tokens.map { _ in 0 },
        sequenceOffsets: [0, tokens.count])
      let workspace = try Workspace(for: model, maximumTokens: tokens.count, purpose: .scoring)
      return try model.logits(batch, workspace: workspace)
    }
  }

  static func state(
    _ model: any CausalLanguageModel, sequences: Int, capacity: Int, passTokens: Int = 512
  ) throws -> DecodingState {
    try DecodingState(
      for: model,
      plan: DecodingPlan(
        configuration: model.configuration, sequences: sequences, capacity: capacity,
        passTokens: passTokens, compute: model.compute))
  }

  static func row(_ values: [Float], _ index: Int, of vocabulary: Int) -> ArraySlice<Float> {
    values[index * vocabulary..<(index + 1) * vocabulary]
  }

  static func worst(_ found: Matrix, _ row: Int, _ expected: ArraySlice<Float>) -> Float {
    zip(UnsafeBufferPointer(start: found.row(row), count: found.columns), expected)
      .map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test(arguments: sources) func stepByStepEqualsTheWhole(_ source: Source) throws {
    let model = try source.model()
    let vocabulary = model.configuration.vocabularySize
    let tokens = Self.sequences([90], vocabulary: vocabulary)[0]
    let expected = try Self.whole(model, [tokens])[0]
    let state = try Self.state(model, sequences: 3, capacity: 90)
    for (index, token) in tokens.enumerated() {
      let logits = try model.nextLogits(
        [DecodingPiece(slot: 1, tokens: [token])], state: state)
      #expect(logits.rows == 1)
      let worst = Self.worst(logits, 0, Self.row(expected, index, of: vocabulary))
      #expect(worst < 1e-5, "token \(index)")
    }
    #expect(state.length(1) == 90)
  }

  @Test(arguments: sources, [1, 2, 7, 64, 65])
  func piecesEqualTheWhole(_ source: Source, piece: Int) throws {
    let model = try source.model()
    let vocabulary = model.configuration.vocabularySize
    let tokens = Self.sequences([150], vocabulary: vocabulary)[0]
    let expected = try Self.whole(model, [tokens])[0]
    let state = try Self.state(model, sequences: 1, capacity: 150)
    for first in stride(from: 0, to: tokens.count, by: piece) {
      let end = min(tokens.count, first + piece)
      let logits = try model.nextLogits(
        [DecodingPiece(slot: 0, tokens: Array(tokens[first..<end]))], state: state)
      #expect(Self.worst(logits, 0, Self.row(expected, end - 1, of: vocabulary)) < 1e-5)
    }
  }

  /// Prompts of other lengths in one pass, then steps of all, of some, and of some with pieces of
  /// others between them.
  @Test(arguments: sources) func mixedBatchesEqualOneByOne(_ source: Source) throws {
    let model = try source.model()
    let vocabulary = model.configuration.vocabularySize
    let sequences = Self.sequences([30, 71, 9, 44, 100], vocabulary: vocabulary)
    let expected = try Self.whole(model, sequences)
    let state = try Self.state(model, sequences: 5, capacity: 100)
    let rounds: [[Int]] = [
      [20, 65, 1, 2, 33], [1, 1, 1, 1, 1], [0, 1, 0, 1, 1], [3, 1, 0, 1, 40], [1, 0, 1, 0, 1],
    ]
    var done = [0, 0, 0, 0, 0]
    for round in rounds {
      let pieces = round.enumerated().filter { $0.element > 0 }.reversed().map { slot, count in
        DecodingPiece(
          slot: slot, tokens: Array(sequences[slot][done[slot]..<done[slot] + count]),
          wantsLogits: slot != 3)
      }
      let logits = try model.nextLogits(pieces, state: state)
      for (slot, count) in round.enumerated() { done[slot] += count }
      let wanted = pieces.filter(\.wantsLogits)
      #expect(logits.rows == wanted.count)
      for (row, piece) in wanted.enumerated() {
        let place = Self.row(expected[piece.slot], done[piece.slot] - 1, of: vocabulary)
        #expect(Self.worst(logits, row, place) < 1e-5, "slot \(piece.slot)")
      }
    }
  }

  /// Rounded products: a step rounds the same values as the whole, up to the last bits before it.
  @Test(arguments: Fixture.all, [Precision.bf16, .int8])
  func stepsEqualTheWholeInReducedPrecision(_ fixture: Fixture, precision: Precision) throws {
    let model = try LanguageModel.load(
      folder: fixture.folder, precision: precision, purpose: .scoring, compute: Fixture.compute())
    let vocabulary = model.configuration.vocabularySize
    let tokens = Self.sequences([80], vocabulary: vocabulary)[0]
    let batch = PackedBatch(
      tokens: tokens, targets: tokens.map { _ in -1 }, weights: tokens.map { _ in 0 },
      sequenceOffsets: [0, tokens.count])
    let workspace = try Workspace(for: model, maximumTokens: 80, purpose: .scoring)
    let expected = try model.logits(batch, workspace: workspace)
    let largest = expected.map(abs).max() ?? 0
    let state = try DecodingState(
      for: model,
      plan: DecodingPlan(
        configuration: model.configuration, sequences: 2, capacity: 80, precision: precision,
        compute: model.compute))
    for (index, token) in tokens.enumerated() {
      let logits = try model.nextLogits(
        [DecodingPiece(slot: 1, tokens: [token])], state: state)
      let worst = Self.worst(logits, 0, Self.row(expected, index, of: vocabulary))
      #expect(worst < 0.02 * largest, "token \(index)")
    }
  }

  @Test(arguments: sources) func aSlotStartsAgain(_ source: Source) throws {
    let model = try source.model()
    let vocabulary = model.configuration.vocabularySize
    let sequences = Self.sequences([50, 20], vocabulary: vocabulary)
    let expected = try Self.whole(model, [sequences[1]])[0]
    let state = try Self.state(model, sequences: 1, capacity: 50)
    _ = try model.nextLogits([DecodingPiece(slot: 0, tokens: sequences[0])], state: state)
    state.reset(0)
    let logits = try model.nextLogits(
      [DecodingPiece(slot: 0, tokens: sequences[1])], state: state)
    #expect(Self.worst(logits, 0, Self.row(expected, 19, of: vocabulary)) < 1e-5)
  }

  @Test(arguments: sources) func threadsChangeNoBit(_ source: Source) throws {
    func bits(threads: Int) throws -> [UInt32] {
      let model = try source.model(threads: threads)
      let sequences = Self.sequences(
        [40, 3, 77], vocabulary: model.configuration.vocabularySize)
      let state = try Self.state(model, sequences: 3, capacity: 80)
      var bits: [UInt32] = []
      for pieces in [
        sequences.indices.map { DecodingPiece(slot: $0, tokens: sequences[$0]) },
        sequences.indices.map { DecodingPiece(slot: $0, tokens: [1]) },
      ] {
        let logits = try model.nextLogits(pieces, state: state)
        for row in 0..<logits.rows {
          bits += (0..<logits.columns).map { logits.row(row)[$0].bitPattern }
        }
      }
      return bits
    }
    let one = try bits(threads: 1)
    #expect(try bits(threads: 2) == one)
    #expect(try bits(threads: 5) == one)
  }

  @Test func piecesThatDoNotFitAreRefused() throws {
    let model = try Fixture.all[0].model()
    let state = try Self.state(model, sequences: 2, capacity: 10, passTokens: 8)
    func refused(_ pieces: [DecodingPiece]) {
      #expect(throws: ModelError.self) { try model.nextLogits(pieces, state: state) }
    }
    refused([])
    refused([DecodingPiece(slot: 2, tokens: [1])])
    refused([DecodingPiece(slot: -1, tokens: [1])])
    refused([DecodingPiece(slot: 0, tokens: [])])
    refused([DecodingPiece(slot: 0, tokens: [1]), DecodingPiece(slot: 0, tokens: [1])])
    refused([DecodingPiece(slot: 0, tokens: [99])])
    refused([DecodingPiece(slot: 0, tokens: [-1])])
    refused([DecodingPiece(slot: 0, tokens: Array(repeating: 1, count: 9))])
    _ = try model.nextLogits(
      [DecodingPiece(slot: 0, tokens: Array(repeating: 1, count: 8))], state: state)
    refused([DecodingPiece(slot: 0, tokens: [1, 1, 1])])
    #expect(state.length(0) == 8)
    #expect(throws: ModelError.self) {
      try Fixture.all[3].model().nextLogits([DecodingPiece(slot: 0, tokens: [1])], state: state)
    }
  }

  @Test func refusalsNameWhatFits() throws {
    let configuration = try Fixture.all[1].model().configuration
    let compute = try Fixture.compute()
    func check(_ sequences: Int, _ capacity: Int, _ limit: Int) throws -> DecodingPlan {
      try DecodingPlan.check(
        configuration: configuration, sequences: sequences, capacity: capacity,
        compute: compute, limitBytes: limit)
    }
    let plan = try check(6, 300, 1 << 30)
    #expect(plan.totalBytes == plan.weightBytes + plan.cacheBytes + plan.activationBytes)
    // 2 layers, 3 heads of 10 padded to 16, keys and values.
    #expect(plan.cacheBytes >= 6 * 300 * 2 * 3 * 16 * 2 * 4)
    #expect(try check(6, 300, plan.totalBytes) == plan)
    let error = try #require(throws: ModelError.self) {
      try check(12, 300, plan.totalBytes)
    }
    #expect(error.hint.hasPrefix("6 sequences of 300 tokens fit; 12 were asked for"))
    let one = try #require(throws: ModelError.self) {
      try check(1, 1 << 40, plan.totalBytes)
    }
    #expect(one.hint.contains("One sequence of"))
    let none = try #require(throws: ModelError.self) { try check(1, 100, 1000) }
    #expect(none.hint.contains("weights alone"))
    #expect(throws: ModelError.self) { try check(0, 100, 1 << 30) }
  }
}
