import Store
import TensorKit

/// The element types that weights are saved in.
public enum WeightType: String, Sendable, CaseIterable, Codable {
  case float32
  case float16
  case bfloat16

  var elementType: ElementType {
    switch self {
    case .float32: .f32
    case .float16: .f16
    case .bfloat16: .bf16
    }
  }
}

/// Weights between their stored types and f32.
enum WeightConversion {
  /// Values converted at a time.
  static let pieceCount = 1 << 16

  /// Widens the values `range` of a stored tensor to f32; its type has been checked. What has been
  /// read of the file does not stay resident.
  static func read(
    _ tensor: TensorInfo, of file: SafetensorsFile, _ range: Range<Int>,
    to target: UnsafeMutablePointer<Float>, ops: Ops
  ) {
    let type = tensor.type
    // Bytes of a file may be unaligned: widen from an aligned piece.
    var piece = [UInt16](repeating: 0, count: type == .f32 ? 0 : min(pieceCount, range.count))
    for first in stride(from: range.lowerBound, to: range.upperBound, by: pieceCount) {
      let count = min(pieceCount, range.upperBound - first)
      let output = target + (first - range.lowerBound)
      let bytes = first * type.byteCount..<(first + count) * type.byteCount
      file.withBytesOnce(bytes, of: tensor) { source in
        if type == .f32 {
          UnsafeMutableRawBufferPointer(start: output, count: source.count).copyMemory(from: source)
        } else {
          piece.withUnsafeMutableBytes { $0.copyMemory(from: source) }
          widen(piece, type, to: output, count: count, ops: ops)
        }
      }
    }
  }

  private static func widen(
    _ values: [UInt16], _ type: ElementType, to target: UnsafeMutablePointer<Float>, count: Int,
    ops: Ops
  ) {
    values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return }
      if type == .bf16 {
        ops.widen(bf16: values, to: target, count: count)
      } else {
        ops.widen(f16: values, to: target, count: count)
      }
    }
  }

  /// Writes `count` values as `type`.
  static func write(
    _ values: UnsafePointer<Float>, count: Int, as type: WeightType,
    to writer: inout SafetensorsWriter, ops: Ops
  ) throws(StoreError) {
    if type == .float32 {
      try writer.write(UnsafeRawBufferPointer(start: values, count: 4 * count))
      return
    }
    let piece = UnsafeMutablePointer<UInt16>.allocate(capacity: min(pieceCount, max(1, count)))
    defer { piece.deallocate() }
    for first in stride(from: 0, to: count, by: pieceCount) {
      let length = min(pieceCount, count - first)
      if type == .bfloat16 {
        ops.narrow(values + first, toBF16: piece, count: length)
      } else {
        ops.narrow(values + first, toF16: piece, count: length)
      }
      try writer.write(UnsafeRawBufferPointer(start: piece, count: 2 * length))
    }
  }
}
