/// Stable least-significant-digit radix sort of float keys, descending.
enum RadixSort {
  /// The indices of `keys` from the highest to the lowest key; equal keys by ascending index.
  ///
  /// Keys must be numbers (no NaN); -0 and 0 are equal. Three passes of 11 bits: 10^7 keys take a
  /// fraction of the second that a comparison sort takes.
  static func descendingOrder(_ keys: [Float]) -> [UInt32] {
    let count = keys.count
    var digits = keys.map(descendingBits)
    var order = [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count { buffer[index] = UInt32(truncatingIfNeeded: index) }
      initialized = count
    }
    var nextDigits = [UInt32](repeating: 0, count: count)
    var nextOrder = nextDigits
    for shift in [UInt32(0), 11, 22] {
      distribute(
        shift: shift, digits: digits, order: order, into: &nextDigits, and: &nextOrder)
      swap(&digits, &nextDigits)
      swap(&order, &nextOrder)
    }
    return order
  }

  /// Bits whose unsigned order is the descending order of floats.
  static func descendingBits(_ key: Float) -> UInt32 {
    let bits = key == 0 ? 0 : key.bitPattern
    let ascending = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    return ~ascending
  }

  private static func distribute(
    shift: UInt32, digits: [UInt32], order: [UInt32],
    into nextDigits: inout [UInt32], and nextOrder: inout [UInt32]
  ) {
    var starts = [Int](repeating: 0, count: 2049)
    for digit in digits { starts[Int((digit >> shift) & 2047) + 1] += 1 }
    for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
    nextDigits.withUnsafeMutableBufferPointer { digitsOut in
      nextOrder.withUnsafeMutableBufferPointer { orderOut in
        for (digit, index) in zip(digits, order) {
          let bucket = Int((digit >> shift) & 2047)
          let place = starts[bucket]
          starts[bucket] = place + 1
          digitsOut[place] = digit
          orderOut[place] = index
        }
      }
    }
  }
}
