/// A small number for every Unicode scalar, in two steps: block of 256, then place in the block.
struct ScalarValueTable: Sendable {
  private let blockOffsets: FrozenArray<UInt32>
  private let values: FrozenArray<UInt8>

  /// - Parameter runs: `start:value` in hexadecimal; a value holds to the next start, zero before
  ///   the first.
  init(runs: StaticString) {
    let scalarCount = 0x110000
    var flat = [UInt8](repeating: 0, count: scalarCount)
    var start = 0
    var value: UInt8 = 0
    for run in HexadecimalTable.rows(of: runs) where run.count == 2 {
      let next = Int(run[0])
      if value != 0 { for scalar in start..<next { flat[scalar] = value } }
      (start, value) = (next, UInt8(truncatingIfNeeded: run[1]))
    }
    if value != 0 { for scalar in start..<scalarCount { flat[scalar] = value } }

    var offsets: [UInt32] = []
    var blocks: [UInt8] = []
    var known: [ArraySlice<UInt8>: UInt32] = [:]
    for block in stride(from: 0, to: scalarCount, by: 256) {
      let content = flat[block..<block + 256]
      let offset = known[content] ?? UInt32(blocks.count)
      if known.updateValue(offset, forKey: content) == nil { blocks += content }
      offsets.append(offset)
    }
    blockOffsets = FrozenArray(offsets)
    values = FrozenArray(blocks)
  }

  /// The number of a scalar, which must be below 0x110000.
  @inline(__always)
  subscript(scalar: UInt32) -> UInt8 {
    let offset = Int(blockOffsets.pointer[Int(scalar >> 8)])
    return values.pointer[offset + Int(scalar & 255)]
  }
}
