/// Which chunks each step reads: a pure function of the seed and the step, so that a resumed run
/// needs no replay.
///
/// An epoch has `chunkCount / chunksPerStep` steps; the chunks that do not fill a step are dropped.
public struct BatchPlan: Codable, Sendable, Equatable {
  /// Chunks of the corpus.
  public let chunkCount: Int
  /// Chunks of one step.
  public let chunksPerStep: Int
  public let order: ChunkOrder
  public let seed: UInt64

  /// A plan over `chunkCount` chunks.
  ///
  /// - Throws: `TrainingError.corpusTooSmall` when the chunks do not fill one step.
  public init(
    chunkCount: Int, chunksPerStep: Int, order: ChunkOrder, seed: UInt64
  ) throws(TrainingError) {
    guard chunksPerStep > 0, chunkCount >= chunksPerStep else {
      throw .corpusTooSmall(chunks: chunkCount, chunksPerStep: chunksPerStep)
    }
    self.chunkCount = chunkCount
    self.chunksPerStep = chunksPerStep
    self.order = order
    self.seed = seed
  }

  /// Steps of one pass over the corpus.
  public var stepsPerEpoch: Int { chunkCount / chunksPerStep }

  /// Chunks that fill no step: they are left out of every pass; of a shuffled one other chunks each
  /// time.
  public var chunksLeftOut: Int { chunkCount - stepsPerEpoch * chunksPerStep }

  /// Whether a pass over the corpus ends with the last of `steps` steps.
  public func isEpochBorder(afterSteps steps: Int) -> Bool {
    steps > 0 && steps % stepsPerEpoch == 0
  }

  /// Steps of so many passes, at least one: what `epochs` of a corpus come to.
  public func steps(ofEpochs epochs: Double) -> Int {
    max(1, Int((epochs * Double(stepsPerEpoch)).rounded(.down)))
  }

  /// The epoch (from 0) of a step (from 0).
  public func epoch(ofStep step: Int) -> Int { step / stepsPerEpoch }

  /// Every chunk that the first `steps` steps read, once and ascending; all of the corpus where that
  /// is a whole epoch or more.
  func chunks(ofSteps steps: Int) -> [Int] {
    guard steps < stepsPerEpoch else { return Array(0..<chunkCount) }
    return (0..<steps).flatMap { chunks(ofStep: $0) }.sorted()
  }

  /// The chunks of a step (from 0), in reading order.
  public func chunks(ofStep step: Int) -> [Int] {
    let first = (step % stepsPerEpoch) * chunksPerStep
    let places = first..<(first + chunksPerStep)
    switch order {
    case .sequential:
      return Array(places)
    case .shuffled:
      let permutation = IndexPermutation(
        count: chunkCount, seed: seed, stream: UInt64(epoch(ofStep: step)))
      return places.map { permutation[$0] }
    }
  }
}

/// A pseudo-random permutation of `0..<count` that is computed index by index, without a table.
///
/// A Feistel network on the smallest even number of bits that holds `count`, walked until it lands
/// inside (Black and Rogaway, "Ciphers with arbitrary finite domains"): constant memory for a corpus
/// of any size, and on average fewer than four walks an index.
struct IndexPermutation {
  private let count: UInt64
  private let halfBits: UInt64
  private let keys: [UInt64]

  init(count: Int, seed: UInt64, stream: UInt64) {
    self.count = UInt64(count)
    let bits = UInt64(UInt64.bitWidth - max(self.count, 2).advanced(by: -1).leadingZeroBitCount)
    halfBits = (bits + 1) / 2
    var state = Self.mix(seed &+ Self.mix(stream &+ 0x9E37_79B9_7F4A_7C15))
    keys = (0..<6).map { _ in
      state = Self.mix(state)
      return state
    }
  }

  subscript(index: Int) -> Int {
    let mask = (UInt64(1) << halfBits) - 1
    var value = UInt64(index)
    repeat {
      var left = value >> halfBits, right = value & mask
      for key in keys {
        (left, right) = (right, left ^ (Self.mix(right &+ key) & mask))
      }
      value = left << halfBits | right
    } while value >= count
    return Int(value)
  }

  /// The finaliser of SplitMix64.
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
