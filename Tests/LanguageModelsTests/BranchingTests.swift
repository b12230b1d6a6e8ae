import LanguageModels
import Numerics
import TensorKit
import Testing

/// Texts with a common beginning: the same log-probabilities as of each whole text.
@Suite struct BranchingTests {
  /// Groups that share much, little, nothing, all but the last token, and one alone.
  static func groups(vocabulary: Int) -> [[ScoredSequence]] {
    var source = RandomSource(seed: 11)
    func tokens(_ count: Int) -> [Int32] {
      (0..<count).map { _ in Int32(source.index(below: vocabulary)) }
    }
    let long = tokens(70)
    let short = tokens(2)
    let same = tokens(5)
    return [
      [
        ScoredSequence(tokens: long + tokens(9), scored: 9),
        ScoredSequence(tokens: long + tokens(1), scored: 1),
        ScoredSequence(tokens: long + tokens(80), scored: 80),
        // Scored from within what is shared.
        ScoredSequence(tokens: long, scored: 4),
      ],
      [ScoredSequence(tokens: tokens(12), scored: 5)],
      [
        ScoredSequence(tokens: [1] + short, scored: 1),
        ScoredSequence(tokens: [2] + tokens(30), scored: 3),
      ],
      [
        ScoredSequence(tokens: same + [4], scored: 1),
        ScoredSequence(tokens: same + [5], scored: 1),
        ScoredSequence(tokens: same + [4], scored: 2),
      ],
    ]
  }

  /// The same of one whole pass a text.
  static func whole(
    _ model: any CausalLanguageModel, _ sequence: ScoredSequence
  ) throws -> ContinuationScore {
    let count = sequence.tokens.count - 1
    let first = count - sequence.scored
    let inputs = Array(sequence.tokens.dropLast())
    let targets = (0..<count).map { $0 < first ? -1 : sequence.tokens[$0 + 1] }
    let batch = PackedBatch(
      tokens: inputs, targets: targets, weights: targets.map { _ in 1 },
      sequenceOffsets: [0, count])
    let workspace = try Workspace(for: model, maximumTokens: count, purpose: .scoring)
    let values = try model.logProbabilities(batch, workspace: workspace)
    let logits = try model.logits(batch, workspace: workspace)
    let size = model.configuration.vocabularySize
    let greedy = (first..<count).allSatisfy { row in
      let values = logits[row * size..<(row + 1) * size]
      return values.max() == values[row * size + Int(targets[row])]
    }
    return ContinuationScore(
      logProbability: values.reduce(0) { $0 + Double($1) }, isGreedy: greedy)
  }

  static func compare(
    _ model: any CausalLanguageModel, sharing: Bool = true, tolerance: Double = 2e-5
  ) throws {
    let groups = groups(vocabulary: model.configuration.vocabularySize)
    let batch = try BranchedBatch(groups, sharing: sharing)
    #expect(
      batch.tokenCount
        == groups.reduce(0) { $0 + BranchedBatch.tokenCount(of: $1, sharing: sharing) })
    let workspace = try Workspace(
      for: model, maximumTokens: batch.tokenCount, maximumSequences: batch.sequenceCount,
      purpose: .scoring)
    let found = try model.scores(batch, workspace: workspace)
    #expect(found.map(\.count) == groups.map(\.count))
    for (group, scores) in zip(groups, found) {
      for (sequence, score) in zip(group, scores) {
        let expected = try whole(model, sequence)
        #expect(
          abs(score.logProbability - expected.logProbability)
            < tolerance * Double(sequence.scored + 1))
        #expect(score.isGreedy == expected.isGreedy)
      }
    }
  }

  @Test(arguments: DecodingTests.sources) func sharedBeginnings(_ source: DecodingTests.Source)
    throws
  {
    try Self.compare(try source.model())
  }

  @Test func nothingShared() throws {
    try Self.compare(try Fixture.all[0].model(), sharing: false)
    let groups = Self.groups(vocabulary: 50)
    let shared = groups.map { BranchedBatch.tokenCount(of: $0) }
    let whole = groups.map { BranchedBatch.tokenCount(of: $0, sharing: false) }
    #expect(whole[0] == 78 + 70 + 149 + 69)
    #expect(shared[0] == 69 + (78 - 69) + (70 - 69) + (149 - 69))
    #expect(shared[1] == whole[1])
    #expect(shared[2] == whole[2])
  }

  @Test(arguments: Fixture.rotations) func rotationsOfTheWholeLength(_ fixture: Fixture) throws {
    let model = try fixture.model()
    try Self.compare(model, sharing: model.configuration.sharesBeginnings)
    if !model.configuration.sharesBeginnings {
      #expect(throws: ModelError.self) { try Self.compare(model) }
    }
  }

  @Test(arguments: [Precision.bf16, .int8]) func reducedPrecision(_ precision: Precision) throws {
    for fixture in Fixture.all {
      let model = try LanguageModel.load(
        folder: fixture.folder, precision: precision, purpose: .scoring,
        compute: Fixture.compute())
      try Self.compare(model, tolerance: 1e-3)
    }
  }

  @Test func threadsChangeNothing() throws {
    for fixture in Fixture.all {
      let scores = try [1, 3].map { threads in
        let model = try fixture.model(threads: threads)
        let batch = try BranchedBatch(Self.groups(vocabulary: 50))
        return try model.scores(
          batch,
          workspace: Workspace(
            for: model, maximumTokens: batch.tokenCount, maximumSequences: batch.sequenceCount,
            purpose: .scoring))
      }
      #expect(scores[0] == scores[1])
    }
  }

  @Test func whatCannotBeScored() throws {
    for scored in [0, 3, 4] {
      #expect(throws: ModelError.self) {
        try BranchedBatch([[ScoredSequence(tokens: [1, 2, 3], scored: scored)]])
      }
    }
    let model = try Fixture.all[0].model()
    let workspace = try Workspace(for: model, maximumTokens: 64, purpose: .scoring)
    let size = Int32(model.configuration.vocabularySize)
    for tokens in [[1, size], [size, 1], [1, -1], [-1, 1]] as [[Int32]] {
      #expect(throws: ModelError.self) {
        try model.scores(
          BranchedBatch([[ScoredSequence(tokens: tokens, scored: 1)]]), workspace: workspace)
      }
    }
    #expect(throws: ModelError.self) {
      try model.scores(
        BranchedBatch([[ScoredSequence(tokens: Array(repeating: 1, count: 70), scored: 1)]]),
        workspace: workspace)
    }
    #expect(try model.scores(BranchedBatch([]), workspace: workspace).isEmpty)
  }

  /// Of equal logits the first is the greedy one, as torch's argmax has it: here all are equal, over
  /// several tiles of the head.
  @Test(arguments: [Precision.f32, .int8]) func ofEqualLogitsTheFirstIsGreedy(
    _ precision: Precision
  ) throws {
    let configuration = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 3000, hiddenSize: 64, intermediateSize: 64, layerCount: 1, headCount: 1,
        keyValueHeadCount: 1))
    let model = try LanguageModel.make(
      configuration, initialization: .zeros, precision: precision, purpose: .scoring,
      compute: Fixture.compute())
    let workspace = try Workspace(for: model, maximumTokens: 64, purpose: .scoring)
    let targets: [Int32] = [0, 1, 700, 1024, 2000, 2999]
    let scores = try model.scores(
      BranchedBatch([targets.map { ScoredSequence(tokens: [5, $0], scored: 1) }]),
      workspace: workspace)
    #expect(scores[0].map(\.isGreedy) == targets.map { $0 == 0 })
  }

  /// The memory that is planned for branches is what a pass takes at most.
  @Test(arguments: Fixture.all) func plannedMemory(_ fixture: Fixture) throws {
    let model = try fixture.model()
    let bytes = MemoryPlan.branchBytes(
      model.configuration, maximumTokens: 0, maximumSequences: 40, longest: 100,
      compute: model.compute)
    let more = MemoryPlan.branchBytes(
      model.configuration, maximumTokens: 0, maximumSequences: 80, longest: 200,
      compute: model.compute)
    #expect(bytes > 0 && more > bytes)
    // The rows of the head's targets come on top.
    let rows = MemoryPlan.branchBytes(
      model.configuration, maximumTokens: 64, maximumSequences: 40, longest: 100,
      compute: model.compute)
    #expect(rows == bytes + 64 * 4 * model.configuration.hiddenSize)
    #expect(
      MemoryPlan.branchBytes(
        model.configuration, maximumTokens: .max, maximumSequences: 1, longest: 1,
        compute: model.compute) == .max)
  }
}
