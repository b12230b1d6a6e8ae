import Numerics

/// The order of the chunks inside a shard. Written as text: `none`, `seeded:7`, `numpy:233`.
public enum ShardShuffle: Sendable, Equatable {
  /// As they were packed.
  case none
  /// Fisher-Yates over `RandomSource(seed:).split("shard k")`: every shard has a stream of its own.
  case seeded(UInt64)
  /// `numpy.random.shuffle` after `numpy.random.seed(seed)`, the stream running on from shard to
  /// shard; the published code does this with seed 233.
  case numpy(UInt32)

  /// Reads the written form; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    switch (parts.first, parts.count) {
    case ("none", 1): self = .none
    case ("seeded", 2):
      guard let seed = UInt64(parts[1]) else { return nil }
      self = .seeded(seed)
    case ("numpy", 2):
      guard let seed = UInt32(parts[1]) else { return nil }
      self = .numpy(seed)
    default: return nil
    }
  }

  /// The written form.
  public var text: String {
    switch self {
    case .none: "none"
    case .seeded(let seed): "seeded:\(seed)"
    case .numpy(let seed): "numpy:\(seed)"
    }
  }
}

extension ShardShuffle: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let shuffle = ShardShuffle(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\(text) is no shuffle; expected none, seeded:N or numpy:N"))
    }
    self = shuffle
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Gives the order of one shard after the other.
struct ShardOrder {
  private let shuffle: ShardShuffle
  private var twister: MersenneTwister?

  /// The order behind `shards` shards of `size` chunks each.
  init(_ shuffle: ShardShuffle, after shards: Int = 0, size: Int = 0) {
    self.shuffle = shuffle
    if case .numpy(let seed) = shuffle {
      var twister = MersenneTwister(seed: seed)
      for _ in 0..<shards { twister.skipShuffle(of: size) }
      self.twister = twister
    }
  }

  /// Where each chunk of shard `number` comes from; nil if they stay as they are.
  mutating func next(shard number: Int, count: Int) -> [Int]? {
    switch shuffle {
    case .none: return nil
    case .seeded(let seed):
      var order = Array(0..<count)
      var random = RandomSource(seed: seed).split("shard \(number)")
      random.shuffle(&order)
      return order
    case .numpy:
      var order = Array(0..<count)
      twister?.shuffle(&order)
      return order
    }
  }
}
