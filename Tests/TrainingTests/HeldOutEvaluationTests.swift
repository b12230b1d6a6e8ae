import Corpus
import Foundation
import LanguageModels
import Testing
import Training

@Suite struct HeldOutEvaluationTests {
  private let chunks = ChunkList(
    chunks: [
      [4, 9, 0, 7, 1], [0, 5], [8, 8, 8, 8, 8, 8, 8, 8], [3, 2, 6], [7], [12, 0, 0, 13, 14],
    ],
    sourceOfChunk: [0, 0, 1, 1, 0, 1], sources: ["prose", "code"])

  /// Log-probabilities from logits, in double, one chunk at a time.
  private func expected(
    _ model: any CausalLanguageModel, _ workspace: Workspace, chunk: Int, length: Int
  ) throws -> (nll: Double, targets: [Int32]) {
    let tokens = try Array(chunks.tokens(of: chunk).prefix(length))
    let batch = PackedBatch(
      tokens: Array(tokens.dropLast()), targets: Array(tokens.dropFirst()),
      weights: Array(repeating: 1, count: tokens.count - 1),
      sequenceOffsets: [0, tokens.count - 1])
    let logits = try model.logits(batch, workspace: workspace)
    var nll = 0.0
    var targets: [Int32] = []
    for (position, target) in tokens.dropFirst().enumerated()
    where tokens[position] != Tiny.endOfSequence {
      let row = logits[position * Tiny.vocabularySize..<(position + 1) * Tiny.vocabularySize]
      let sum = row.reduce(0.0) { $0 + exp(Double($1)) }
      nll += log(sum) - Double(row[row.startIndex + Int(target)])
      targets.append(target)
    }
    return (nll, targets)
  }

  @Test(arguments: Tiny.Family.allCases)
  func everyChunkEqualsTheSoftmaxOfItsLogits(family: Tiny.Family) throws {
    let model = try Tiny.model(family, compute: try Tiny.compute())
    let workspace = try Workspace(for: model, maximumTokens: 40, purpose: .training)
    let bytes = (0..<Tiny.vocabularySize).map { 1 + $0 % 5 }
    let evaluation = HeldOutEvaluation(
      chunks: chunks, chunkTokens: 6, endOfSequenceToken: Tiny.endOfSequence, chunksPerBatch: 3,
      tokenByteCounts: bytes)
    var progress: [Int] = []
    let result = try #require(
      try evaluation.run(model, workspace: workspace) { done, count in
        #expect(count == 6)
        progress.append(done)
        return true
      })
    // Chunk 1 has its only target after an end of sequence, chunk 4 has no target.
    let counted = [0, 2, 3, 5]
    #expect(result.chunks.count == counted.count)
    #expect(result.chunks.map(\.source) == [0, 1, 1, 1])
    for (found, chunk) in zip(result.chunks, counted) {
      let wanted = try expected(model, workspace, chunk: chunk, length: 6)
      #expect(found.tokens == wanted.targets.count)
      #expect(abs(found.nllSum - wanted.nll) < 1e-4)
      // An end of sequence is predicted, but it stands for no text.
      let text = wanted.targets.filter { $0 != Tiny.endOfSequence }
      #expect(found.bytes == text.reduce(0) { $0 + bytes[Int($1)] })
    }
    #expect(progress.last == 6)
  }

  @Test func withoutMaskEveryTargetCounts() throws {
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    let workspace = try Workspace(for: model, maximumTokens: 40, purpose: .scoring)
    let evaluation = HeldOutEvaluation(
      chunks: chunks, endOfSequenceToken: nil, chunksPerBatch: 2)
    let result = try #require(try evaluation.run(model, workspace: workspace))
    #expect(result.chunks.map(\.tokens) == [4, 1, 7, 2, 4])
    #expect(result.chunks.allSatisfy { $0.bytes == nil })
  }

  @Test func aPrefixIsEvaluatedAlone() throws {
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    let workspace = try Workspace(for: model, maximumTokens: 40, purpose: .scoring)
    func run(_ chunks: any ChunkSource) throws -> EvaluationResult? {
      try HeldOutEvaluation(
        chunks: chunks, endOfSequenceToken: Tiny.endOfSequence, chunksPerBatch: 1
      ).run(model, workspace: workspace)
    }
    let all = try #require(try run(chunks))
    let some = try #require(try run(ChunkPrefix(chunks, limit: 3)))
    #expect(some.chunks == Array(all.chunks.prefix(2)))
    #expect(some.sourceNames == all.sourceNames)
  }

  @Test func cancellingGivesNoResult() throws {
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    let workspace = try Workspace(for: model, maximumTokens: 40, purpose: .scoring)
    let evaluation = HeldOutEvaluation(
      chunks: chunks, endOfSequenceToken: 0, chunksPerBatch: 1)
    var calls = 0
    let result = try evaluation.run(model, workspace: workspace) { _, _ in
      calls += 1
      return calls < 2
    }
    #expect(result == nil)
    #expect(calls == 2)
  }

  @Test func lossesThatAreNotFiniteAreNamed() throws {
    let model = try Tiny.model(.qwen2, compute: try Tiny.compute())
    let workspace = try Workspace(for: model, maximumTokens: 40, purpose: .scoring)
    try model.parameters.values(.weights).update(repeating: .nan)
    let evaluation = HeldOutEvaluation(chunks: chunks, endOfSequenceToken: 0, chunksPerBatch: 8)
    #expect(throws: TrainingError.lossNotFinite(chunk: 0)) {
      try evaluation.run(model, workspace: workspace)
    }
  }
}
