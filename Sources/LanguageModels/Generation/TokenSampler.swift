import Glibc
public import Numerics
public import TensorKit

/// Draws the next token of each row of logits.
///
/// Every row is one task and draws from its own stream: the result depends neither on the other rows
/// nor on the number of threads.
public struct TokenSampler {
  /// A token and its log-probability under the model itself, before temperature and filters.
  public struct Choice: Sendable, Equatable {
    public var token: Int32
    public var logProbability: Float
  }

  public let settings: SamplingSettings
  private let pool: ParallelPool
  private let kernels: Kernels

  public init(_ settings: SamplingSettings, compute: Compute) {
    self.settings = settings
    pool = compute.pool
    kernels = compute.kernels
  }

  /// One choice a row of `logits` [rows, V]; advances each row's stream by one number, or by none when
  /// the temperature is 0.
  ///
  /// - Throws: `ModelError.logitsNotFinite` when a row has no finite distribution.
  public func choose(
    _ logits: Matrix, streams: inout [RandomSource]
  ) throws(ModelError) -> [Choice] {
    precondition(streams.count == logits.rows, "one stream a row")
    let numbers = streams.indices.map { row in
      settings.temperature == 0 ? 0 : streams[row].uniform()
    }
    var choices = [Choice](
      repeating: Choice(token: -1, logProbability: .nan), count: logits.rows)
    choices.withUnsafeMutableBufferPointer { choices in
      guard let choices = choices.baseAddress else { return }
      pool.run(logits.rows) { row in
        choices[row] = choose(
          UnsafeBufferPointer(start: logits.row(row), count: logits.columns),
          number: numbers[row])
      }
    }
    if choices.contains(where: { !$0.logProbability.isFinite }) { throw .logitsNotFinite }
    return choices
  }

  /// The tokens that temperature and filters leave in a row of logits, ascending, and their
  /// probabilities; for tests and inspection.
  public func candidates(_ logits: [Float]) -> [(token: Int32, probability: Double)] {
    logits.withUnsafeBufferPointer { row in
      let likeliest = Self.likeliest(row)
      if settings.temperature == 0 { return [(Int32(likeliest), 1)] }
      let left = candidates(row, highest: row[likeliest])
      return left.tokens.indices.map {
        (left.tokens[$0], Double(left.weights[$0]) / left.total)
      }
    }
  }

  private func choose(_ row: UnsafeBufferPointer<Float>, number: Double) -> Choice {
    let likeliest = Self.likeliest(row)
    let highest = row[likeliest]
    let sum = sums(row, highest: highest, factor: 1).reduce(0, +)
    guard highest.isFinite, sum.isFinite else {
      return Choice(token: Int32(likeliest), logProbability: .nan)
    }
    let token =
      if settings.temperature == 0 {
        likeliest
      } else if settings.topK ?? row.count < row.count || settings.topP < 1 {
        drawFiltered(row, highest: highest, number: number)
      } else {
        draw(row, highest: highest, number: number)
      }
    return Choice(
      token: Int32(token), logProbability: row[token] - highest - Float(log(sum)))
  }

  /// The first of the greatest logits.
  private static func likeliest(_ row: UnsafeBufferPointer<Float>) -> Int {
    var best = 0
    for index in row.indices where row[index] > row[best] { best = index }
    return best
  }

  private var factor: Float { Float(1 / settings.temperature) }

  // MARK: without filters

  private static let block = 1024

  /// Sums of exp((logit - highest) factor), one a block of tokens.
  private func sums(
    _ row: UnsafeBufferPointer<Float>, highest: Float, factor: Float
  ) -> [Double] {
    stride(from: 0, to: row.count, by: Self.block).map { first in
      weights(row, block: first, highest: highest, factor: factor) { $1 }
    }
  }

  /// Gives `body` the weights of the block from `first`, and their sum.
  private func weights<Result>(
    _ row: UnsafeBufferPointer<Float>, block first: Int, highest: Float, factor: Float,
    _ body: (UnsafeBufferPointer<Float>, Double) -> Result
  ) -> Result {
    let part = UnsafeBufferPointer(rebasing: row[first..<min(row.count, first + Self.block)])
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.block) { memory in
      var sum = 0.0
      if let output = memory.baseAddress, let input = part.baseAddress {
        sum = kernels.exponentials(
          output, of: input, highest: highest, factor: factor, count: part.count)
      }
      return body(UnsafeBufferPointer(rebasing: memory[..<part.count]), sum)
    }
  }

  /// The token at `number` of the way through the probabilities in order of ids.
  private func draw(_ row: UnsafeBufferPointer<Float>, highest: Float, number: Double) -> Int {
    let sums = sums(row, highest: highest, factor: factor)
    var place = number * sums.reduce(0, +)
    var index = 0
    while index + 1 < sums.count, place >= sums[index] {
      place -= sums[index]
      index += 1
    }
    let first = index * Self.block
    return weights(row, block: first, highest: highest, factor: factor) { weights, _ in
      first + Self.index(at: place, in: weights)
    }
  }

  /// The first index whose weights up to and with its own exceed `place`; rounding may leave none,
  /// then the last that has a weight.
  private static func index(at place: Double, in weights: UnsafeBufferPointer<Float>) -> Int {
    var left = place
    var last = 0
    for index in weights.indices where weights[index] > 0 {
      last = index
      left -= Double(weights[index])
      if left < 0 { return index }
    }
    return last
  }

  // MARK: with filters

  private struct Candidates {
    var tokens: [Int32]
    var weights: [Float]
    var total: Double
  }

  private func drawFiltered(
    _ row: UnsafeBufferPointer<Float>, highest: Float, number: Double
  ) -> Int {
    let left = candidates(row, highest: highest)
    return left.weights.withUnsafeBufferPointer {
      Int(left.tokens[Self.index(at: number * left.total, in: $0)])
    }
  }

  private func candidates(_ row: UnsafeBufferPointer<Float>, highest: Float) -> Candidates {
    var border = SamplingBorder.none
    if let topK = settings.topK { border = SamplingBorder(topK: topK, of: row) }
    if settings.topP < 1 {
      border = SamplingBorder(
        topP: settings.topP, of: row, within: border, highest: highest, factor: factor,
        kernels: kernels)
    }
    let tokens = row.indices.filter { border.keeps($0, row[$0]) }
    var weights = tokens.map { row[$0] }
    let total = weights.withUnsafeMutableBufferPointer { weights in
      guard let start = weights.baseAddress else { return 0.0 }
      return kernels.exponentials(
        start, of: start, highest: highest, factor: factor, count: weights.count)
    }
    return Candidates(tokens: tokens.map(Int32.init), weights: weights, total: total)
  }
}
