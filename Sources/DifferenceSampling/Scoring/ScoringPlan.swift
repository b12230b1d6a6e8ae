import Numerics

/// Which chunk is scored when: a pure function of the settings and the number of chunks.
struct ScoringPlan: Sendable {
  let blockCount: Int
  private let order: [UInt32]?
  private let chunkCount: Int
  private let settings: ScoringSettings

  init(chunkCount: Int, settings: ScoringSettings) {
    self.chunkCount = chunkCount
    self.settings = settings
    blockCount = (chunkCount + settings.blockSize - 1) / settings.blockSize
    switch settings.order {
    case .sequential: order = nil
    case .random:
      var order = (0..<chunkCount).map { UInt32($0) }
      var random = RandomSource(seed: settings.seed).split("scoring order")
      random.shuffle(&order)
      self.order = order
    }
  }

  /// The chunks of `block`, in the order of scoring.
  func chunks(ofBlock block: Int) -> [Int64] {
    let start = block * settings.blockSize
    let positions = start..<min(chunkCount, start + settings.blockSize)
    guard let order else { return positions.map { Int64($0) } }
    return positions.map { Int64(order[$0]) }
  }

  /// Cuts a block into batches of at most `tokensPerBatch` inputs, in order, without padding.
  func batches(_ chunks: [Int64], inputs: (Int) -> Int) -> [Range<Int>] {
    var batches: [Range<Int>] = []
    var start = 0
    var tokens = 0
    for (position, chunk) in chunks.enumerated() {
      let count = inputs(Int(chunk))
      if position > start, tokens + count > settings.tokensPerBatch {
        batches.append(start..<position)
        start = position
        tokens = 0
      }
      tokens += count
    }
    if start < chunks.count { batches.append(start..<chunks.count) }
    return batches
  }
}
