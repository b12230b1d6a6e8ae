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

  /// Widens a stored tensor to f32; its type has been checked.
  static func read(
    _ stored: WeightFiles.Stored, to target: UnsafeMutablePointer<Float>, ops: Ops
  ) {
    stored.file.withBytes(of: stored.tensor) { bytes in
      guard let source = bytes.baseAddress else { return }
      if stored.tensor.type == .f32 {
        UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: bytes.count)
        return
      }
      // Bytes of a file may be unaligned: widen from an aligned piece.
      var piece = [UInt16](repeating: 0, count: min(pieceCount, stored.tensor.count))
      for first in stride(from: 0, to: stored.tensor.count, by: pieceCount) {
        let count = min(pieceCount, stored.tensor.count - first)
        piece.withUnsafeMutableBytes {
          $0.copyMemory(from: UnsafeRawBufferPointer(start: source + 2 * first, count: 2 * count))
        }
        piece.withUnsafeBufferPointer { values in
          guard let values = values.baseAddress else { return }
          if stored.tensor.type == .bf16 {
            ops.widen(bf16: values, to: target + first, count: count)
          } else {
            ops.widen(f16: values, to: target + first, count: count)
          }
        }
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
