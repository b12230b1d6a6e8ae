/// The generator behind NumPy's legacy `numpy.random` functions (MT19937), for orders that must
/// equal those of a program that uses them.
///
/// Source: Matsumoto and Nishimura, "Mersenne Twister" (1998); the single-seed initialisation of
/// 2002, which `numpy.random.seed` uses for one whole number.
public struct MersenneTwister: Sendable {
  private var state: [UInt32]
  /// What is handed out of `state`.
  private var words = [UInt32](repeating: 0, count: size)
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

  /// The next numbers of `nextUnit`, as many as `target` takes.
  public mutating func fill(units target: UnsafeMutableBufferPointer<Double>) {
    var done = 0
    while done < target.count {
      if position >= Self.size - 1 {
        target[done] = nextUnit()
        done += 1
        continue
      }
      let count = min(target.count - done, (Self.size - position) / 2)
      words.withUnsafeBufferPointer { words in
        for index in 0..<count {
          let place = position + 2 * index
          let (high, low) = (words[place] >> 5, words[place + 1] >> 6)
          target[done + index] = (Double(high) * 67_108_864 + Double(low)) * 0x1p-53
        }
      }
      position += 2 * count
      done += count
    }
  }

  /// The next 32 bits.
  public mutating func next32() -> UInt32 {
    if position == Self.size { refill() }
    defer { position += 1 }
    return words[position]
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

  /// The next `size` words of the stream, all at once: the recurrence, then what hides it.
  private mutating func refill() {
    let shift = Self.size - Self.middle
    state.withUnsafeMutableBufferPointer { state in
      for index in 0..<shift {
        state[index] = Self.step(state[index], state[index + 1], state[index + Self.middle])
      }
      for index in shift..<Self.size - 1 {
        state[index] = Self.step(state[index], state[index + 1], state[index - shift])
      }
      let last = Self.size - 1
      state[last] = Self.step(state[last], state[0], state[last - shift])
      words.withUnsafeMutableBufferPointer { words in
        for index in 0..<Self.size {
          var word = state[index]
          word ^= word >> 11
          word ^= (word << 7) & 0x9D2C_5680
          word ^= (word << 15) & 0xEFC6_0000
          words[index] = word ^ (word >> 18)
        }
      }
    }
    position = 0
  }

  private static func step(_ word: UInt32, _ next: UInt32, _ far: UInt32) -> UInt32 {
    let mixed = (word & 0x8000_0000) | (next & 0x7FFF_FFFF)
    return far ^ (mixed >> 1) ^ (0 &- (mixed & 1)) & 0x9908_B0DF
  }
}
