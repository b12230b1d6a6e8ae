internal import CKernels
import Glibc

/// A policy that is drawn to a teacher along its own samples, in the blocks of the head: log q and log p
/// of sampled tokens, the reverse KL divergence at their positions, and the gradients of a policy
/// loss. Logits of both models exist for one block of tokens only, and for no position without a
/// sampled token.
extension Ops {
  /// What ``headPolicy`` writes for every token, in nats; 0 where the target is negative. p and q are
  /// softmaxes at the temperature over the columns that both vocabularies have.
  public struct PolicyOutput {
    /// log q(target).
    public let logProbabilities: UnsafeMutablePointer<Float>
    /// log p(target).
    public let teacherLogProbabilities: UnsafeMutablePointer<Float>
    /// KL(q || p).
    public let divergences: UnsafeMutablePointer<Float>

    public init(
      logProbabilities: UnsafeMutablePointer<Float>,
      teacherLogProbabilities: UnsafeMutablePointer<Float>,
      divergences: UnsafeMutablePointer<Float>
    ) {
      self.logProbabilities = logProbabilities
      self.teacherLogProbabilities = teacherLogProbabilities
      self.divergences = divergences
    }
  }

  /// The loss of a token, weight (clipped ratio's loss + divergence KL(q || p)), and where its
  /// gradients go.
  public struct PolicyGradient {
    /// [tokens, d], overwritten.
    public let hidden: Matrix
    /// [vocabulary, d], added to.
    public let weight: Matrix
    public let ratio: ClippedRatio
    /// Factor of the divergence.
    public let divergence: Float
    /// Of every token [tokens].
    public let tokenWeights: UnsafePointer<Float>
    public let advantages: UnsafePointer<Float>
    /// log q(target) when the target was drawn.
    public let oldLogProbabilities: UnsafePointer<Float>
    public let importanceWeights: UnsafePointer<Float>

    public init(
      hidden: Matrix, weight: Matrix, ratio: ClippedRatio, divergence: Float,
      tokenWeights: UnsafePointer<Float>, advantages: UnsafePointer<Float>,
      oldLogProbabilities: UnsafePointer<Float>, importanceWeights: UnsafePointer<Float>
    ) {
      self.hidden = hidden
      self.weight = weight
      self.ratio = ratio
      self.divergence = divergence
      self.tokenWeights = tokenWeights
      self.advantages = advantages
      self.oldLogProbabilities = oldLogProbabilities
      self.importanceWeights = importanceWeights
    }
  }

  /// Looks at sampled tokens, and forms gradients where those are asked for. Products of the student are
  /// in the precision of `hidden`.
  ///
  /// With l the logits, c the token's weight, g = d loss / d log q(target) and b the factor of the
  /// divergence, d loss / d l = c / T (g ([column == target] - q) + b q (log(q / p) - KL)) in the
  /// shared columns, and 0 in others.
  ///
  /// - Parameters:
  ///   - hidden: [tokens, d].
  ///   - weight: [vocabulary, d].
  ///   - targets: sampled tokens, ids of shared columns; negative where none was.
  ///   - teacher: states [tokens, d'] and projection [vocabulary', d'].
  ///   - scratch, teacherScratch: as ``headDistillationBackward`` takes them.
  public func headPolicy(
    _ output: PolicyOutput, hidden: Operand, weight: Matrix, targets: UnsafePointer<Int32>,
    teacher: (hidden: Operand, weight: Operand), temperature: Float,
    gradient: PolicyGradient? = nil, scratch: Arena, teacherScratch: Arena
  ) throws {
    let marks = (scratch.mark(), teacherScratch.mark())
    defer {
      scratch.release(to: marks.0)
      teacherScratch.release(to: marks.1)
    }
    let tokens = hidden.rows
    let block = min(tokens, Self.distillationBlock(hidden.precision))
    let shared = min(weight.rows, teacher.weight.rows)
    let buffer = try scratch.floats(block * weight.rows)
    let teacherBuffer = try teacherScratch.floats(block * shared)
    let blocks = try HeadBlocks(self, hidden: hidden, weight: weight, scratch: scratch)
    for pointer in [
      output.logProbabilities, output.teacherLogProbabilities, output.divergences,
    ] { pointer.update(repeating: 0, count: tokens) }
    if let gradient { clear(gradient.hidden.pointer, count: tokens * gradient.hidden.columns) }
    for run in Self.runs(of: targets, count: tokens) {
      for first in stride(from: run.lowerBound, to: run.upperBound, by: block) {
        let count = min(block, run.upperBound - first)
        let logits = Matrix(buffer, rows: count, columns: weight.rows)
        let teacherLogits = Matrix(teacherBuffer, rows: count, columns: shared)
        blocks.form(logits, first: first)
        linear(
          output: teacherLogits, input: teacher.hidden.rows(from: first, count: count),
          weight: teacher.weight.rows(from: 0, count: shared))
        let rows = PolicyRows(
          ops: self, temperature: temperature, logits: logits, teacherLogits: teacherLogits,
          gradient: gradient, precision: hidden.precision)
        pool.run(count, caller: "headPolicy") { row in
          let token = first + row
          let found = rows.look(row, target: targets[token], token: token)
          output.logProbabilities[token] = found.logProbability
          output.teacherLogProbabilities[token] = found.teacherLogProbability
          output.divergences[token] = found.divergence
        }
        if let gradient {
          blocks.backward(
            self.gradient(logits, hidden.precision), first: first,
            hiddenGradient: gradient.hidden, weightGradient: gradient.weight)
        }
      }
    }
  }

  /// Ranges of positions that have a target.
  private static func runs(of targets: UnsafePointer<Int32>, count: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for place in 0...count {
      let isCounted = place < count && targets[place] >= 0
      if isCounted, start == nil { start = place }
      if !isCounted, let first = start {
        runs.append(first..<place)
        start = nil
      }
    }
    return runs
  }
}

/// Rows of logits of one block, each by itself.
private struct PolicyRows {
  let ops: Ops
  let temperature: Float
  /// The student's, overwritten by the gradient in `precision` where one is asked for.
  let logits: Matrix
  let teacherLogits: Matrix
  let gradient: Ops.PolicyGradient?
  let precision: Precision

  typealias Found = (logProbability: Float, teacherLogProbability: Float, divergence: Float)

  private var table: UnsafePointer<ck_kernels> { ops.kernels.table }

  func look(_ row: Int, target: Int32, token: Int) -> Found {
    let (own, others) = (logits.row(row), teacherLogits.row(row))
    let shared = teacherLogits.columns
    var shape = ck_policy(
      inverse_temperature: 1 / temperature, student_lse: temperedSum(own),
      teacher_lse: temperedSum(others), offset: 0, slope: 0)
    let divergence = table.pointee.reverse_divergence(own, others, &shape, shared)
    let place = Int(target)
    let found: Found = (
      own[place] / temperature - shape.student_lse, others[place] / temperature - shape.teacher_lse,
      Float(divergence)
    )
    guard let gradient else { return found }
    let loss = gradient.ratio.loss(
      logProbability: found.logProbability, old: gradient.oldLogProbabilities[token],
      advantage: gradient.advantages[token], weight: gradient.importanceWeights[token])
    let factor = Double(gradient.tokenWeights[token]) / Double(temperature)
    let slope = factor * Double(gradient.divergence)
    let pull = factor * loss.slope
    shape.slope = Float(slope)
    shape.offset = Float(-pull - slope * divergence)
    table.pointee.policy_gradient(own, others, &shape, shared)
    own[place] += Float(pull)
    if shared < logits.columns {
      (own + shared).update(repeating: 0, count: logits.columns - shared)
    }
    ops.narrowRow(own, logits, precision)
    return found
  }

  /// log sum exp(logit / T) over the shared columns.
  private func temperedSum(_ values: UnsafePointer<Float>) -> Float {
    var (maximum, sum): (Float, Float) = (0, 0)
    table.pointee.log_sum_exp_tempered(
      &maximum, &sum, values, teacherLogits.columns, 1 / temperature)
    return maximum / temperature + logf(sum)
  }
}
