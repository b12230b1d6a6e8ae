internal import CKernels
import Glibc
public import Numerics

/// Which tokens of a row's distribution stand for it.
public enum TokenChoice: Sendable, Equatable {
  /// So many draws; a token's weight is its share of them, whose expectation is its probability.
  case draws(Int)
  /// So many of the likeliest, of equal ones the first; their probabilities are made to sum to 1.
  case likeliest(Int)

  /// The most entries of a row.
  public var most: Int {
    switch self {
    case .draws(let count), .likeliest(let count): count
    }
  }
}

/// A few tokens of every distribution of a head; [tokens, V] logits never exist.
extension Ops {
  private static let tokensBlock = 128

  /// What stands for softmax(logits / temperature) over the first `columns` of the vocabulary, row by
  /// row. Entries of draws are in the order of their ids, the likeliest ones by probability.
  ///
  /// hidden: [tokens, d], weight: [vocabulary, d], in rows of one precision or packed.
  ///
  /// - Parameters:
  ///   - streams: random numbers of each row, as many as there are draws.
  ///   - scratch: `headTokensScratch` bytes.
  public func headTokens(
    _ choice: TokenChoice, hidden: Operand, weight: Operand, columns: Int, temperature: Float = 1,
    streams: [RandomSource], scratch: Arena
  ) throws -> WeightedTokens {
    precondition(streams.count == hidden.rows, "one stream a row")
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let columns = min(columns, weight.rows)
    let block = min(hidden.rows, Self.tokensBlock)
    let buffer = try scratch.floats(block * columns)
    let most = min(choice.most, columns)
    let ids = try scratch.integers(block * most)
    let weights = try scratch.floats(block * most)
    let entropies = try scratch.floats(block)
    let counts = try scratch.integers(block)
    var result = WeightedTokens(vocabulary: columns)
    for first in stride(from: 0, to: hidden.rows, by: block) {
      let logits = Matrix(buffer, rows: min(block, hidden.rows - first), columns: columns)
      linear(
        output: logits, input: hidden.rows(from: first, count: logits.rows),
        weight: weight.rows(from: 0, count: columns))
      pool.run(logits.rows) { row in
        entropies[row] = distribution(logits.row(row), columns, temperature)
        let values = UnsafeBufferPointer(start: logits.row(row), count: columns)
        let entries = (ids: ids + row * most, weights: weights + row * most)
        switch choice {
        case .draws(let count):
          counts[row] = Self.draw(count, values, entries, stream: streams[first + row])
        case .likeliest:
          counts[row] = Self.likeliest(most, values, entries)
          entropies[row] = Self.entropy(entries.weights, Int(counts[row]))
        }
      }
      for row in 0..<logits.rows {
        for entry in row * most..<row * most + Int(counts[row]) {
          result.tokens.append(ids[entry])
          result.weights.append(weights[entry])
        }
        result.offsets.append(result.tokens.count)
        result.entropies.append(entropies[row])
      }
    }
    return result
  }

  /// Bytes that ``headTokens`` takes.
  public static func headTokensScratch(
    tokens: Int, columns: Int, choice: TokenChoice
  ) -> Int {
    let block = min(tokens, tokensBlock)
    let entries = block * min(choice.most, columns)
    return Arena.byteCount(floats: [block * columns, entries, entries, block, block])
  }

  /// Overwrites a row of logits by their softmax; its entropy.
  private func distribution(
    _ row: UnsafeMutablePointer<Float>, _ columns: Int, _ temperature: Float
  ) -> Float {
    let table = kernels.table
    if temperature != 1 { table.pointee.scale(row, 1 / temperature, columns) }
    var (maximum, sum): (Float, Float) = (0, 0)
    table.pointee.log_sum_exp_tempered(&maximum, &sum, row, columns, 1)
    let whole = maximum + logf(sum)
    // The student's own distribution for a teacher's: its softmax alone is left.
    var shape = ck_distillation(
      inverse_temperature: 1, student_lse: whole, student_tempered_lse: whole,
      teacher_tempered_lse: whole, likelihood_weight: 1, divergence_slope: 0, mass: 1)
    var (divergence, entropy) = (0.0, 0.0)
    table.pointee.distillation_gradient(
      &divergence, &entropy, row, row, nil, &shape, columns)
    return Float(entropy)
  }

  private typealias Entries = (
    ids: UnsafeMutablePointer<Int32>, weights: UnsafeMutablePointer<Float>
  )

  /// Probabilities of one block are added up before a draw looks at them one by one.
  private static let drawBlock = 1024

  /// Draws by ascending places in the probabilities, in one pass over those that are met; how many
  /// tokens were drawn. None where a probability is not a number.
  private static func draw(
    _ count: Int, _ probabilities: UnsafeBufferPointer<Float>, _ entries: Entries,
    stream: RandomSource
  ) -> Int32 {
    var stream = stream
    let sums = stride(from: 0, to: probabilities.count, by: drawBlock).map {
      sum(probabilities, from: $0, to: min(probabilities.count, $0 + drawBlock))
    }
    let total = sums.reduce(0, +)
    guard total.isFinite else { return 0 }
    let places = (0..<count).map { _ in stream.uniform() * total }.sorted()
    var (block, before) = (0, 0.0)
    var found: Int32 = 0
    var next = 0
    while next < places.count {
      while block + 1 < sums.count, places[next] >= before + sums[block] {
        before += sums[block]
        block += 1
      }
      let isLast = block + 1 == sums.count
      let range =
        block * drawBlock..<min(probabilities.count, (block + 1) * drawBlock)
      var reached = before
      var last = range.lowerBound
      for index in range where probabilities[index] > 0 {
        last = index
        reached += Double(probabilities[index])
        let start = next
        while next < places.count, places[next] < reached { next += 1 }
        if next > start { add(Int32(index), next - start, of: count, entries, &found) }
        if next == places.count || !isLast && places[next] >= before + sums[block] { break }
      }
      // Rounding may leave places behind the last probability of a block: they are its last token's.
      let end = isLast ? .infinity : before + sums[block]
      let start = next
      while next < places.count, places[next] < end { next += 1 }
      if next > start { add(Int32(last), next - start, of: count, entries, &found) }
    }
    return found
  }

  /// Enters draws of a token; those of the token before it are joined.
  private static func add(
    _ token: Int32, _ draws: Int, of count: Int, _ entries: Entries, _ found: inout Int32
  ) {
    let share = Float(draws) / Float(count)
    if found > 0, entries.ids[Int(found) - 1] == token {
      entries.weights[Int(found) - 1] += share
      return
    }
    entries.ids[Int(found)] = token
    entries.weights[Int(found)] = share
    found += 1
  }

  /// A sum in sixteen parts whose order no instruction set changes.
  private static func sum(
    _ values: UnsafeBufferPointer<Float>, from start: Int, to end: Int
  ) -> Double {
    var parts = SIMD16<Float>()
    var index = start
    let bytes = UnsafeRawBufferPointer(values)
    while index + 16 <= end {
      parts += bytes.loadUnaligned(
        fromByteOffset: index * MemoryLayout<Float>.size, as: SIMD16<Float>.self)
      index += 16
    }
    var sum = 0.0
    for lane in 0..<16 { sum += Double(parts[lane]) }
    while index < end {
      sum += Double(values[index])
      index += 1
    }
    return sum
  }

  /// The likeliest tokens by descending probability, those with their sum made 1.
  private static func likeliest(
    _ count: Int, _ probabilities: UnsafeBufferPointer<Float>, _ entries: Entries
  ) -> Int32 {
    var found = 0
    for index in probabilities.indices {
      let own = probabilities[index]
      if found == count, own <= entries.weights[count - 1] { continue }
      // Sorted by insertion: few of a row are among the likeliest so far.
      var place = min(found, count - 1)
      while place > 0, entries.weights[place - 1] < own {
        entries.weights[place] = entries.weights[place - 1]
        entries.ids[place] = entries.ids[place - 1]
        place -= 1
      }
      entries.weights[place] = own
      entries.ids[place] = Int32(index)
      found = min(count, found + 1)
    }
    var sum = 0.0
    for entry in 0..<found { sum += Double(entries.weights[entry]) }
    for entry in 0..<found { entries.weights[entry] = Float(Double(entries.weights[entry]) / sum) }
    return Int32(found)
  }

  private static func entropy(_ weights: UnsafeMutablePointer<Float>, _ count: Int) -> Float {
    var sum = 0.0
    for entry in 0..<count where weights[entry] > 0 {
      sum -= Double(weights[entry]) * log(Double(weights[entry]))
    }
    return Float(sum)
  }
}
