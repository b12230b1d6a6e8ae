import TensorKit

/// The least token that a filter keeps: greater logits stay, and of equal ones those from an id on.
struct SamplingBorder: Equatable {
  let logit: Float
  let firstID: Int

  /// Keeps every token.
  static let none = SamplingBorder(logit: -.infinity, firstID: 0)

  func keeps(_ id: Int, _ value: Float) -> Bool {
    value > logit || value == logit && id >= firstID
  }
}

extension SamplingBorder {
  /// Top-k: the k greatest logits, and all that equal the last of them, as transformers does.
  init(topK: Int, of row: UnsafeBufferPointer<Float>) {
    guard topK < row.count else {
      self = .none
      return
    }
    // The k greatest so far in a heap with the least at the root.
    var heap = Array(row[..<topK])
    let least = heap.withUnsafeMutableBufferPointer { heap in
      for root in stride(from: topK / 2 - 1, through: 0, by: -1) { Self.sift(heap, root) }
      for index in topK..<row.count where row[index] > heap[0] {
        heap[0] = row[index]
        Self.sift(heap, 0)
      }
      return heap[0]
    }
    self.init(logit: least, firstID: 0)
  }

  /// Lets the value at `start` sink below smaller ones.
  private static func sift(_ heap: UnsafeMutableBufferPointer<Float>, _ start: Int) {
    var place = start
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < heap[place] else { return }
      heap.swapAt(place, child)
      place = child
    }
  }
}

extension SamplingBorder {
  private static let buckets = 1024
  /// Buckets of one nat below the greatest logit; the last one holds all the rest.
  private static let bucketsPerNat: Float = 32

  /// Top-p (nucleus): a token stays when those before it, the greatest first and of equal ones the
  /// higher id first, have together less than `topP` of the probability. Of the tokens that `outer`
  /// keeps, with weights exp((logit - highest) factor).
  ///
  /// Source: Holtzman et al., "The Curious Case of Neural Text Degeneration". One pass sums the
  /// weights in buckets of similar logits; only the bucket that the border falls into is sorted.
  init(
    topP: Double, of row: UnsafeBufferPointer<Float>, within outer: SamplingBorder,
    highest: Float, factor: Float, kernels: Kernels
  ) {
    func bucket(_ logit: Float) -> Int {
      let distance = (highest - logit) * factor * Self.bucketsPerNat
      return distance < Float(Self.buckets - 1) ? Int(distance) : Self.buckets - 1
    }
    func weight(_ logit: Float) -> Double {
      var value = logit
      return kernels.exponentials(&value, of: [logit], highest: highest, factor: factor, count: 1)
    }
    let masses = Self.masses(
      of: row, within: outer, highest: highest, factor: factor, kernels: kernels, bucket)
    let limit = topP * masses.reduce(0, +)
    var before = 0.0
    var index = 0
    while index + 1 < masses.count, before + masses[index] < limit {
      before += masses[index]
      index += 1
    }
    let inside = row.indices.filter { outer.keeps($0, row[$0]) && bucket(row[$0]) == index }
      .sorted { row[$0] != row[$1] ? row[$0] > row[$1] : $0 > $1 }
    var last = inside.first ?? 0
    for id in inside {
      if before >= limit { break }
      last = id
      before += weight(row[id])
    }
    self.init(logit: inside.isEmpty ? outer.logit : row[last], firstID: last)
  }

  /// The weights of the kept tokens, summed by bucket.
  private static func masses(
    of row: UnsafeBufferPointer<Float>, within outer: SamplingBorder, highest: Float,
    factor: Float, kernels: Kernels, _ bucket: (Float) -> Int
  ) -> [Double] {
    let block = 1024
    var masses = [Double](repeating: 0, count: buckets)
    masses.withUnsafeMutableBufferPointer { masses in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { weights in
        guard let memory = weights.baseAddress, let start = row.baseAddress else { return }
        for first in stride(from: 0, to: row.count, by: block) {
          let count = min(block, row.count - first)
          kernels.exponentials(
            memory, of: start + first, highest: highest, factor: factor, count: count)
          for index in 0..<count where outer.keeps(first + index, row[first + index]) {
            masses[bucket(row[first + index])] += Double(memory[index])
          }
        }
      }
    }
    return masses
  }
}
