public import TensorKit

/// What a pass over stems and branches has beside that over plain sequences.
struct BranchPass {
  let offsets: BranchOffsets
  /// Memory of the operations on branches.
  let memory: Arena

  init(_ offsets: BranchOffsets, _ configuration: ModelConfiguration, _ compute: Compute) throws {
    self.offsets = offsets
    memory = try Arena(
      byteCount: configuration.architecture.branchBytes(offsets, compute))
  }

  /// Lets positions go on behind the stems.
  func movePositions(_ positions: UnsafeMutablePointer<Int32>) {
    for branch in offsets.branches {
      let past = Int32(offsets.stems.range(branch.stem).count)
      for row in branch.rows { positions[row] += past }
    }
  }
}

extension ModelConfiguration {
  /// Whether what two texts begin with is the same computation in both: not where rotations depend on
  /// a text's whole length.
  public var sharesBeginnings: Bool { architecture.sharesBeginnings }
}

extension MemoryPlan {
  /// Bytes that a pass over branches takes beside its workspace, at most: for sequences of `longest`
  /// tokens, stems included, and of `maximumTokens` together. Any numbers give a plan.
  public static func branchBytes(
    _ configuration: ModelConfiguration, maximumTokens: Int, maximumSequences: Int, longest: Int,
    compute: Compute
  ) -> Int {
    // A stem without rows: its branches alone are the most that any measure looks at.
    let offsets = BranchOffsets(
      stems: [0],
      branches: (0..<max(1, maximumSequences)).map { (0, $0 == 0 ? longest : 0) })
    let operations = configuration.architecture.branchBytes(offsets, compute)
    // The rows of the head's targets, of which a pass takes no more at once than it has positions.
    let rows = max(0, maximumTokens).multipliedReportingOverflow(
      by: configuration.hiddenSize * MemoryLayout<Float>.size)
    let sum = operations.addingReportingOverflow(rows.overflow ? .max : rows.partialValue)
    return sum.overflow ? .max : sum.partialValue
  }
}

extension PackedBatch {
  /// The rows of a branched batch, without targets.
  init(_ batch: BranchedBatch) {
    let stems = batch.offsets.stems.starts
    self.init(
      tokens: batch.tokens, targets: Array(repeating: -1, count: batch.tokens.count),
      weights: Array(repeating: 0, count: batch.tokens.count),
      sequenceOffsets: stems + batch.offsets.branches.map(\.rows.upperBound))
  }
}

extension OutputHead {
  /// log p of each target, and whether it is the greatest of its row.
  func scores(_ pass: Pass, _ targets: [BranchedBatch.Target]) throws -> [TokenScore] {
    let weight = readWeight(pass)
    let stream = pass.matrix(pass.stream.output, columns: projection.inputs)
    var scores: [TokenScore] = []
    scores.reserveCapacity(targets.count)
    // A row may have several targets: more of them than the pass has rows are taken in turn.
    for first in stride(from: 0, to: targets.count, by: pass.tokens) {
      let part = targets[first..<min(targets.count, first + pass.tokens)]
      let gathered = try Buffer(floats: part.count * projection.inputs)
      let rows = Matrix(
        gathered.start.bindMemory(to: Float.self, capacity: part.count * projection.inputs),
        rows: part.count, columns: projection.inputs)
      for (row, target) in part.enumerated() {
        rows.row(row).update(from: stream.row(target.row), count: projection.inputs)
      }
      let hidden = pass.rows(
        pass.stream.operand, columns: projection.inputs, precision: weight.inputPrecision
      ).rows(from: 0, count: part.count)
      pass.ops.rmsNorm(
        to: hidden, input: rows.pointer, weight: pass.weights[norm], epsilon: Float(epsilon))
      var logProbabilities = [Float](repeating: 0, count: part.count)
      var greatest = [Bool](repeating: false, count: part.count)
      let tokens = part.map(\.token)
      try tokens.withUnsafeBufferPointer { tokens in
        try logProbabilities.withUnsafeMutableBufferPointer { output in
          try greatest.withUnsafeMutableBufferPointer { greatest in
            guard let tokens = tokens.baseAddress, let output = output.baseAddress else { return }
            try pass.ops.headLogProbabilities(
              output, hidden: hidden, weight: weight, targets: tokens,
              isGreatest: greatest.baseAddress, scratch: pass.scratch)
          }
        }
      }
      scores += zip(logProbabilities, greatest).map {
        TokenScore(logProbability: $0, isGreedy: $1)
      }
    }
    return scores
  }
}
