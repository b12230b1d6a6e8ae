/// The generator behind NumPy's legacy `numpy.random` functions (MT19937), for orders that must
/// equal those of a program that uses them.
///
/// Source: Matsumoto and Nishimura, "Mersenne Twister" (1998); the single-seed initialisation of
/// 2002, which `numpy.random.seed` uses for one whole number.
public struct MersenneTwister: Sendable {
  private var state: [UInt32]
  private var position: Int
  private static let size = 624
  private static let middle = 397

  /// The stream of `numpy.random.seed(seed)`.
  public init(seed: UInt32) {
    state = []
    state.reserveCapacity(Self.size)
    var word = seed
    for index in 0..<Self.size {
      state.append(word)
      word = 1_812_433_253 &* (word ^ (word >> 30)) &+ UInt32(index + 1)
    }
    position = Self.size
  }

  /// The stream of a key of several words: Python's `random.seed(number)` with the number's 32-bit
  /// words, the lowest first (initialisation by array, 2002).
  public init(key: [UInt32]) {
    self.init(seed: 19_650_218)
    let key = key.isEmpty ? [0] : key
    var (index, place) = (1, 0)
    for _ in 0..<max(Self.size, key.count) {
      let word = state[index] ^ (mixed(before: index) &* 1_664_525)
      state[index] = word &+ key[place] &+ UInt32(place)
      advance(&index)
      place = (place + 1) % key.count
    }
    for _ in 1..<Self.size {
      let word = state[index] ^ (mixed(before: index) &* 1_566_083_941)
      state[index] = word &- UInt32(index)
      advance(&index)
    }
    state[0] = 0x8000_0000
  }

  private func mixed(before index: Int) -> UInt32 {
    state[index - 1] ^ (state[index - 1] >> 30)
  }

  private mutating func advance(_ index: inout Int) {
    index += 1
    if index == Self.size {
      state[0] = state[Self.size - 1]
      index = 1
    }
  }

  /// The next number in [0, 1) with 53 bits, as Python's `random.random` draws it.
  public mutating func nextUnit() -> Double {
    let (high, low) = (next32() >> 5, next32() >> 6)
    return (Double(high) * 67_108_864 + Double(low)) * 0x1p-53
  }

  /// The next 32 bits.
  public mutating func next32() -> UInt32 {
    if position == Self.size { refill() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  /// Uniform in `0...bound`, as NumPy's `random_interval` draws it: 32 bits under the smallest
  /// mask that covers `bound`, drawn again while they exceed it.
  public mutating func interval(to bound: UInt32) -> UInt32 {
    if bound == 0 { return 0 }
    let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
    while true {
      let value = next32() & mask
      if value <= bound { return value }
    }
  }

  /// Swaps as `numpy.random.shuffle` does for a list; `values` has at most 2^32 elements.
  public mutating func shuffle<T>(_ values: inout [T]) {
    guard values.count > 1 else { return }
    for index in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(index, Int(interval(to: UInt32(index))))
    }
  }

  /// Draws what a shuffle of `count` elements would draw, without the elements.
  public mutating func skipShuffle(of count: Int) {
    guard count > 1 else { return }
    for index in stride(from: count - 1, to: 0, by: -1) { _ = interval(to: UInt32(index)) }
  }

  private mutating func refill() {
    state.withUnsafeMutableBufferPointer { words in
      for index in 0..<Self.size {
        let next = words[(index + 1) % Self.size]
        let mixed = (words[index] & 0x8000_0000) | (next & 0x7FFF_FFFF)
        let odd: UInt32 = mixed & 1 == 1 ? 0x9908_B0DF : 0
        words[index] = words[(index + Self.middle) % Self.size] ^ (mixed >> 1) ^ odd
      }
    }
    position = 0
  }
}
