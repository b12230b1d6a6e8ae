import Store
import TensorKit

/// How the values of a GGUF tensor stand in its bytes, where they can be read.
enum GGUFEncoding {
  case f32
  case f16
  case bf16
  case blocks(BlockFormat)

  /// Nil for a type that is not read.
  init?(_ type: GGUFElementType?) {
    switch type {
    case .f32: self = .f32
    case .f16: self = .f16
    case .bf16: self = .bf16
    default:
      guard let name = type?.name, let format = BlockFormat(rawValue: name) else { return nil }
      self = .blocks(format)
    }
  }

  /// Every type that is read, as a sentence lists them.
  static let list = (["F32", "F16", "BF16"] + BlockFormat.allCases.map(\.rawValue))
    .joined(separator: ", ")

  /// Values and bytes that cannot be parted.
  var unit: (values: Int, bytes: Int) {
    switch self {
    case .f32: (1, 4)
    case .f16, .bf16: (1, 2)
    case .blocks(let format): (format.valueCount, format.byteCount)
    }
  }

  /// The bytes of whole units of values, and of those that `range` begins and ends in.
  func bytes(of range: Range<Int>) -> Range<Int> {
    let (values, bytes) = unit
    return range.lowerBound / values * bytes..<(range.upperBound + values - 1) / values * bytes
  }

  /// The values of `count` units, which may be unaligned, in f32; with `ops` on its threads.
  func decode(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutablePointer<Float>, count: Int, _ ops: Ops?
  ) {
    guard let start = bytes.baseAddress else { return }
    switch self {
    case .f32:
      UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: 4 * count)
    case .f16, .bf16: widen(start, to: target, count: count, ops)
    case .blocks(let format):
      if let ops {
        ops.dequantize(start, of: format, to: target, count: count)
      } else {
        format.dequantize(start, to: target, count: count)
      }
    }
  }

  private func widen(
    _ start: UnsafeRawPointer, to target: UnsafeMutablePointer<Float>, count: Int, _ ops: Ops?
  ) {
    let isBF16 = if case .bf16 = self { true } else { false }
    guard let ops, Int(bitPattern: start) % MemoryLayout<UInt16>.alignment == 0 else {
      for index in 0..<count {
        let half = start.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        target[index] =
          isBF16 ? Float(bitPattern: UInt32(half) << 16) : Float(Float16(bitPattern: half))
      }
      return
    }
    let halves = start.assumingMemoryBound(to: UInt16.self)
    if isBF16 {
      ops.widen(bf16: halves, to: target, count: count)
    } else {
      ops.widen(f16: halves, to: target, count: count)
    }
  }
}
