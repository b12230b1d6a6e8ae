import TensorKit
import Testing

@Suite struct ConversionTests {
  @Test func everyBF16WidensAndComesBack() throws {
    let all = (0...UInt16.max).map { $0 }
    for ops in try everyOps() {
      var wide = [Float](repeating: 0, count: all.count)
      ops.widen(bf16: all, to: &wide, count: all.count)
      #expect(wide.map(\.bitPattern) == all.map { UInt32($0) << 16 })
      var narrow = [UInt16](repeating: 0, count: all.count)
      ops.narrow(wide, toBF16: &narrow, count: all.count)
      for (bits, back) in zip(all, narrow) {
        let value = Float(bitPattern: UInt32(bits) << 16)
        // A signalling NaN comes back quiet.
        #expect(value.isNaN ? Float(bitPattern: UInt32(back) << 16).isNaN : back == bits)
      }
    }
  }

  @Test func everyF16WidensAndComesBack() throws {
    let all = (0...UInt16.max).map { $0 }
    for ops in try everyOps() {
      var wide = [Float](repeating: 0, count: all.count)
      ops.widen(f16: all, to: &wide, count: all.count)
      var narrow = [UInt16](repeating: 0, count: all.count)
      ops.narrow(wide, toF16: &narrow, count: all.count)
      for (index, bits) in all.enumerated() {
        let expected = Self.f16(bits)
        if expected.isNaN {
          #expect(wide[index].isNaN && narrow[index] & 0x7fff > 0x7c00)
        } else {
          #expect(wide[index].bitPattern == expected.bitPattern && narrow[index] == bits)
        }
      }
    }
  }

  @Test func narrowingRoundsToNearestEven() throws {
    // Halfway points, their neighbours, subnormals, the largest values, infinities.
    var values: [Float] = [
      0, -0.0, .infinity, -.infinity, .greatestFiniteMagnitude, 65504, 65519.996,
    ]
    values += [
      65520, 1e-8, -1e-8, 0x1p-25, 0x1.000002p-25, 0x1p-24, 0x1.8p-24, 0x1.ffcp-15,
      Float(bitPattern: 1),
    ]
    values += randomFloats(5000, seed: 100, scale: 70_000)
    values += randomFloats(5000, seed: 101, scale: 1e-4)
    values += randomFloats(1000, seed: 102).map {
      Float(bitPattern: $0.bitPattern & 0xffff_f000 | 0x1000)
    }
    values += randomFloats(1000, seed: 103).map {
      Float(bitPattern: $0.bitPattern & 0xffff_0000 | 0x8000)
    }
    for ops in try everyOps() {
      var half = [UInt16](repeating: 0, count: values.count)
      ops.narrow(values, toF16: &half, count: values.count)
      var brain = half
      ops.narrow(values, toBF16: &brain, count: values.count)
      for (index, value) in values.enumerated() {
        expectNearest(half[index], to: value, largest: 0x7c00, Self.f16)
        expectNearest(brain[index], to: value, largest: 0x7f80) {
          Float(bitPattern: UInt32($0) << 16)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 3, 5, 17, 40]) func tailsAreWholeAndNothingMoreIsWritten(count: Int)
    throws
  {
    let values = randomFloats(count, seed: 104)
    for ops in try everyOps() {
      var narrow = [UInt16](repeating: 7, count: count + 1)
      ops.narrow(values, toBF16: &narrow, count: count)
      var wide = [Float](repeating: 7, count: count + 1)
      ops.widen(bf16: narrow, to: &wide, count: count)
      #expect(narrow[count] == 7 && wide[count] == 7)
      for index in 0..<count {
        #expect(abs(wide[index] - values[index]) <= abs(values[index]) / 256)
      }
    }
  }

  /// The value of an f16 bit pattern, from its definition.
  private static func f16(_ bits: UInt16) -> Float {
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023) / 1024
    let magnitude: Float =
      switch exponent {
      case 31: fraction == 0 ? .infinity : .nan
      case 0: fraction * 0x1p-14
      default: (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }

  /// Expects that no neighbour of `bits` is nearer to `value`, and that a tie went to the even one.
  /// The first value past the largest finite one counts as the next step of the same size.
  private func expectNearest(
    _ bits: UInt16, to value: Float, largest infinity: UInt16, _ widen: (UInt16) -> Float
  ) {
    let magnitude = bits & 0x7fff
    let target = Double(value.magnitude)
    func distance(_ pattern: UInt16) -> Double {
      guard pattern >= infinity else { return abs(Double(widen(pattern)) - target) }
      let top = Double(widen(infinity - 1))
      return abs(2 * top - Double(widen(infinity - 2)) - target)
    }
    #expect((bits >> 15 == 1) == (value.sign == .minus))
    if value.isInfinite {
      #expect(magnitude == infinity)
      return
    }
    var neighbours: [UInt16] = []
    if magnitude > 0 { neighbours.append(magnitude - 1) }
    if magnitude < infinity { neighbours.append(magnitude + 1) }
    if magnitude == infinity && target > Double(widen(infinity - 1)) * 1.01 { return }
    for neighbour in neighbours {
      let (own, other) = (distance(magnitude), distance(neighbour))
      #expect(own < other || own == other && magnitude & 1 == 0, "\(value) became \(widen(bits))")
    }
  }
}
