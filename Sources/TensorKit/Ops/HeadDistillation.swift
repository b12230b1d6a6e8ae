internal import CKernels
import Glibc

/// Likelihood and forward KL divergence from a teacher, with their gradients, by blocks of tokens: the
/// logits of teacher and student exist for one block only.
extension Ops {
  /// Tokens of one block. As in ``headLossBackward``, but for bf16 half of it: there are two blocks of
  /// logits here.
  static func distillationBlock(_ precision: Precision) -> Int {
    precision == .f32 ? 128 : 256
  }

  /// What ``headDistillationBackward`` writes for every token, in nats; 0 where the target is negative.
  public struct DistillationOutput {
    /// log p(target).
    public let logProbabilities: UnsafeMutablePointer<Float>
    /// KL(p || q) at the temperature; from weighted tokens an estimate of it.
    public let divergences: UnsafeMutablePointer<Float>
    /// Of the teacher's distribution at the temperature.
    public let entropies: UnsafeMutablePointer<Float>

    public init(
      logProbabilities: UnsafeMutablePointer<Float>, divergences: UnsafeMutablePointer<Float>,
      entropies: UnsafeMutablePointer<Float>
    ) {
      self.logProbabilities = logProbabilities
      self.divergences = divergences
      self.entropies = entropies
    }
  }

  /// Losses of every token, and the gradients of their sum with `tokenWeights`: hiddenGradient
  /// [tokens, d] is overwritten, weightGradient[vocabulary, d] is added to. Products of the student are
  /// in the precision of `hidden`.
  ///
  /// With l the logits, d loss / d l = tokenWeight ((1 - ratio) (q_1 - [column == target])
  /// + ratio T (q - p)), the second term in the shared columns only.
  ///
  /// - Parameters:
  ///   - divergenceGradient: [tokens, d], receives the part of hiddenGradient that is the divergence's,
  ///     for one product more.
  ///   - teacherScratch: ``distillationScratch`` bytes beside `scratch`.
  public func headDistillationBackward(
    _ output: DistillationOutput, hiddenGradient: Matrix, weightGradient: Matrix, hidden: Operand,
    weight: Matrix, targets: UnsafePointer<Int32>, tokenWeights: UnsafePointer<Float>,
    teacher: HeadTeacher, loss: HeadDistillation, divergenceGradient: Matrix? = nil,
    scratch: Arena, teacherScratch: Arena
  ) throws {
    let marks = (scratch.mark(), teacherScratch.mark())
    defer {
      scratch.release(to: marks.0)
      teacherScratch.release(to: marks.1)
    }
    let block = min(hidden.rows, Self.distillationBlock(hidden.precision))
    let shared = min(weight.rows, teacher.vocabulary)
    let buffer = try scratch.floats(block * weight.rows)
    let teacherBuffer = try teacherScratch.floats(block * shared)
    let blocks = try HeadBlocks(self, hidden: hidden, weight: weight, scratch: scratch)
    for first in stride(from: 0, to: hidden.rows, by: block) {
      let count = min(block, hidden.rows - first)
      let logits = Matrix(buffer, rows: count, columns: weight.rows)
      let teacherLogits = Matrix(teacherBuffer, rows: count, columns: shared)
      blocks.form(logits, first: first)
      if case .head(let states, let projection) = teacher {
        linear(
          output: teacherLogits, input: states.rows(from: first, count: count),
          weight: projection.rows(from: 0, count: shared))
      }
      let rows = DistillationRows(
        ops: self, loss: loss, logits: logits, teacherLogits: teacherLogits,
        keepsPart: divergenceGradient != nil, precision: hidden.precision)
      pool.run(count, caller: "headDistillation") { row in
        let token = first + row
        let values =
          switch teacher {
          case .head:
            rows.distill(row, target: targets[token], weight: tokenWeights[token])
          case .tokens(let tokens):
            rows.distill(
              row, target: targets[token], weight: tokenWeights[token], tokens,
              of: token)
          }
        output.logProbabilities[token] = values.logProbability
        output.divergences[token] = values.divergence
        output.entropies[token] = values.entropy
      }
      if let divergenceGradient {
        blocks.hiddenGradient(
          divergenceGradient, of: gradient(teacherLogits, hidden.precision), first: first)
      }
      blocks.backward(
        gradient(logits, hidden.precision), first: first, hiddenGradient: hiddenGradient,
        weightGradient: weightGradient)
    }
  }

  /// Bytes that ``headDistillationBackward`` takes beside the scratch of ``headLossBackward``.
  public static func distillationScratch(
    tokens: Int, vocabulary: Int, precision: Precision
  ) -> Int {
    Arena.byteCount(floats: [min(tokens, distillationBlock(precision)) * vocabulary])
  }
}

/// Rows of logits of one block that become gradients, each by itself.
private struct DistillationRows {
  let ops: Ops
  let loss: HeadDistillation
  /// The student's, overwritten by the gradient in `precision`.
  let logits: Matrix
  /// The teacher's, overwritten by the divergence's part of the gradient if that is kept.
  let teacherLogits: Matrix
  let keepsPart: Bool
  let precision: Precision

  typealias Losses = (logProbability: Float, divergence: Float, entropy: Float)

  private var table: UnsafePointer<ck_kernels> { ops.kernels.table }
  private var isTempered: Bool { loss.temperature != 1 }

  /// A row beside the teacher's logits.
  func distill(_ row: Int, target: Int32, weight: Float) -> Losses {
    guard target >= 0 else { return uncounted(row) }
    let teacher = teacherLogits.row(row)
    var shape = shape(row, weight: weight)
    shape.teacher_tempered_lse = temperedSum(teacher)
    let logProbability = logits.row(row)[Int(target)] - shape.student_lse
    var (divergence, entropy) = (0.0, 0.0)
    table.pointee.distillation_gradient(
      &divergence, &entropy, logits.row(row), teacher, keepsPart ? teacher : nil, &shape,
      teacherLogits.columns)
    finish(row, shape, target: target)
    return (logProbability, Float(divergence), Float(entropy))
  }

  /// A row beside some tokens of the teacher's distribution.
  func distill(
    _ row: Int, target: Int32, weight: Float, _ teacher: WeightedTokens, of token: Int
  ) -> Losses {
    guard target >= 0 else { return uncounted(row) }
    let values = logits.row(row)
    let part = teacherLogits.row(row)
    var shape = shape(row, weight: weight)
    let logProbability = values[Int(target)] - shape.student_lse
    let entries = teacher.entries(of: token)
    var (mass, crossEntropy) = (0.0, 0.0)
    for entry in entries {
      let own = Double(teacher.weights[entry])
      mass += own
      let logit = values[Int(teacher.tokens[entry])] * shape.inverse_temperature
      crossEntropy += own * Double(shape.student_tempered_lse - logit)
    }
    shape.mass = Float(mass)
    table.pointee.distillation_gradient(
      nil, nil, values, nil, keepsPart ? part : nil, &shape, teacherLogits.columns)
    for entry in entries {
      let place = Int(teacher.tokens[entry])
      let pull = shape.divergence_slope * teacher.weights[entry]
      values[place] -= pull
      if keepsPart { part[place] -= pull }
    }
    finish(row, shape, target: target)
    let entropy = teacher.entropies[token]
    return (logProbability, Float(crossEntropy - Double(entropy)), entropy)
  }

  private func shape(_ row: Int, weight: Float) -> ck_distillation {
    let values = logits.row(row)
    var (maximum, sum): (Float, Float) = (0, 0)
    table.pointee.log_sum_exp_tempered(&maximum, &sum, values, logits.columns, 1)
    let whole = maximum + logf(sum)
    let sharesAll = teacherLogits.columns == logits.columns
    return ck_distillation(
      inverse_temperature: 1 / loss.temperature, student_lse: whole,
      student_tempered_lse: sharesAll && !isTempered ? whole : temperedSum(values),
      teacher_tempered_lse: 0, likelihood_weight: weight * (1 - loss.ratio),
      divergence_slope: weight * loss.ratio * loss.temperature, mass: 1)
  }

  /// log sum exp(logit / T) over the shared columns.
  private func temperedSum(_ values: UnsafePointer<Float>) -> Float {
    var (maximum, sum): (Float, Float) = (0, 0)
    table.pointee.log_sum_exp_tempered(
      &maximum, &sum, values, teacherLogits.columns, 1 / loss.temperature)
    return maximum / loss.temperature + logf(sum)
  }

  /// The columns that the teacher has not, the target, and the precision of the products.
  private func finish(_ row: Int, _ shape: ck_distillation, target: Int32) {
    let values = logits.row(row)
    let shared = teacherLogits.columns
    if shared < logits.columns {
      var (none, sum, weight): (Int32, Float, Float) = (
        -1, shape.student_lse, shape.likelihood_weight
      )
      table.pointee.cross_entropy_tile_gradient(
        values + shared, logits.stride, &none, &sum, &weight, 1, logits.columns - shared, shared)
    }
    values[Int(target)] -= shape.likelihood_weight
    ops.narrowRow(values, logits, precision)
    if keepsPart { ops.narrowRow(teacherLogits.row(row), teacherLogits, precision) }
  }

  private func uncounted(_ row: Int) -> Losses {
    logits.row(row).update(repeating: 0, count: logits.columns)
    if keepsPart {
      teacherLogits.row(row).update(repeating: 0, count: teacherLogits.columns)
    }
    return (0, 0, 0)
  }
}
