import Glibc
public import Numerics
public import TensorKit

/// Draws the next token of each row from the mixture (1 - share) q + share p of a student and a teacher:
/// softmaxes of logits over a temperature, over the columns that both vocabularies have.
///
/// Every row is one task with its own stream, as in ``TokenSampler``.
public struct MixedTokenSampler {
  /// Share of the teacher, 0...1.
  public let share: Double
  public let temperature: Double
  /// Columns that tokens are drawn from.
  public let columns: Int
  private let pool: ParallelPool
  private let kernels: Kernels

  /// - Parameter columns: at most those of either model.
  public init(share: Double, temperature: Double = 1, columns: Int, compute: Compute) {
    self.share = share
    self.temperature = temperature
    self.columns = columns
    pool = compute.pool
    kernels = compute.kernels
  }

  /// One choice a row, with its log-probability under q; advances each row's stream by one number.
  ///
  /// - Parameters:
  ///   - logits: the student's [rows, V].
  ///   - others: the teacher's [rows, V']; nil where its share is 0.
  /// - Throws: `ModelError.logitsNotFinite` when a row has no finite distribution.
  public func choose(
    _ logits: Matrix, others: Matrix?, streams: inout [RandomSource]
  ) throws(ModelError) -> [TokenSampler.Choice] {
    precondition(streams.count == logits.rows, "one stream a row")
    precondition(columns <= logits.columns && columns <= others?.columns ?? columns)
    let numbers = streams.indices.map { streams[$0].uniform() }
    var choices = [TokenSampler.Choice](
      repeating: TokenSampler.Choice(token: -1, logProbability: .nan), count: logits.rows)
    choices.withUnsafeMutableBufferPointer { choices in
      guard let choices = choices.baseAddress else { return }
      pool.run(logits.rows) { row in
        choices[row] = choose(logits.row(row), others?.row(row), number: numbers[row])
      }
    }
    if choices.contains(where: { !$0.logProbability.isFinite }) { throw .logitsNotFinite }
    return choices
  }

  private static let block = 1024

  /// A row of one model: its highest logit and sums of exp((logit - highest) / T), one a block.
  private struct Row {
    let logits: UnsafePointer<Float>
    let highest: Float
    let sums: [Double]
    let total: Double
    /// What a sum is worth in the mixture.
    let factor: Double
  }

  private func row(_ logits: UnsafePointer<Float>, share: Double) -> Row {
    var highest = -Float.infinity
    for column in 0..<columns where !(logits[column] <= highest) { highest = logits[column] }
    let sums = stride(from: 0, to: columns, by: Self.block).map { first in
      weights(logits, highest, first) { $1 }
    }
    let total = sums.reduce(0, +)
    return Row(
      logits: logits, highest: highest, sums: sums, total: total, factor: share / total)
  }

  /// Gives `body` the weights of the block from `first`, and their sum.
  private func weights<Result>(
    _ logits: UnsafePointer<Float>, _ highest: Float, _ first: Int,
    _ body: (UnsafeBufferPointer<Float>, Double) -> Result
  ) -> Result {
    let count = min(columns - first, Self.block)
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.block) { memory in
      var sum = 0.0
      if let output = memory.baseAddress {
        sum = kernels.exponentials(
          output, of: logits + first, highest: highest, factor: Float(1 / temperature),
          count: count)
      }
      return body(UnsafeBufferPointer(rebasing: memory[..<count]), sum)
    }
  }

  private func choose(
    _ logits: UnsafePointer<Float>, _ others: UnsafePointer<Float>?, number: Double
  ) -> TokenSampler.Choice {
    let own = row(logits, share: others == nil ? 1 : 1 - share)
    let other = others.map { row($0, share: share) }
    guard own.highest.isFinite, own.total.isFinite, other?.highest.isFinite ?? true,
      other?.total.isFinite ?? true
    else { return TokenSampler.Choice(token: 0, logProbability: .nan) }
    let sums = own.sums.indices.map { index in
      own.factor * own.sums[index] + (other.map { $0.factor * $0.sums[index] } ?? 0)
    }
    var place = number * sums.reduce(0, +)
    var index = 0
    while index + 1 < sums.count, place >= sums[index] {
      place -= sums[index]
      index += 1
    }
    let token = token(at: place, inBlock: index * Self.block, own, other)
    return TokenSampler.Choice(
      token: Int32(token),
      logProbability: (logits[token] - own.highest) / Float(temperature) - Float(log(own.total)))
  }

  /// The first token of a block whose weights up to and with its own exceed `place`; rounding may leave
  /// none, then the last that has a weight.
  private func token(at place: Double, inBlock first: Int, _ own: Row, _ other: Row?) -> Int {
    weights(own.logits, own.highest, first) { ownWeights, _ in
      func find(_ weight: (Int) -> Double) -> Int {
        var (left, last) = (place, 0)
        for index in ownWeights.indices {
          let own = weight(index)
          guard own > 0 else { continue }
          last = index
          left -= own
          if left < 0 { break }
        }
        return first + last
      }
      guard let other else { return find { own.factor * Double(ownWeights[$0]) } }
      return weights(other.logits, other.highest, first) { weights, _ in
        find { own.factor * Double(ownWeights[$0]) + other.factor * Double(weights[$0]) }
      }
    }
  }
}
