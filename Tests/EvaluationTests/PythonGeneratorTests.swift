import Numerics
import Testing

/// The generator beside Python's `random`: `random.seed(n)`, then `random.random()`.
@Suite struct PythonGeneratorTests {
  @Test func unitsOfSeeds() {
    var zero = MersenneTwister(key: [0])
    #expect(zero.nextUnit() == 0.8444218515250481)
    #expect(zero.nextUnit() == 0.7579544029403025)
    // 2^40 + 7, as two words.
    var large = MersenneTwister(key: [7, 256])
    #expect(large.nextUnit() == 0.6137037779936511)
  }

  /// Drawn in blocks of any size, from any place, the stream is the same.
  @Test func blocksAreTheSameStream() {
    var single = MersenneTwister(key: [3])
    var block = single
    #expect(single.next32() == block.next32())
    for count in [1, 311, 312, 313, 1000] {
      let wanted = (0..<count).map { _ in single.nextUnit() }
      let found = [Double](unsafeUninitializedCapacity: count) { target, filled in
        block.fill(units: UnsafeMutableBufferPointer(rebasing: target[..<count]))
        filled = count
      }
      #expect(found == wanted)
    }
    #expect(single.next32() == block.next32())
  }
}
