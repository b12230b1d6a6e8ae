import Store
import TensorKit

/// The element types that matrices get in a GGUF file that is written here. Vectors, the convolutions
/// and -exp(A_log) of a Mamba are F32 in each, as llama.cpp's own converter has them.
public enum GGUFWeightType: String, Sendable, CaseIterable {
  case f32
  case f16
  case bf16
  /// Blocks of 32 whole numbers of eight bits with one scale.
  case q8_0

  var elementType: GGUFElementType {
    switch self {
    case .f32: .f32
    case .f16: .f16
    case .bf16: .bf16
    case .q8_0: .q8_0
    }
  }

  /// `general.file_type`, as llama.h numbers them.
  var fileType: UInt32 {
    switch self {
    case .f32: 0
    case .f16: 1
    case .bf16: 32
    case .q8_0: 7
    }
  }
}

/// Values of f32 as the bytes of a GGUF tensor.
struct GGUFValueEncoder {
  let type: GGUFElementType
  let ops: Ops
  private static let largestHalf: Float = 65_504

  /// Gives `body` the bytes of `count` values, whole blocks.
  ///
  /// - Throws: `ModelError.precision` for values that the type cannot hold; what `body` throws.
  func encode(
    _ values: UnsafeMutablePointer<Float>, count: Int, of name: String,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    switch type {
    case .f32: return try body(UnsafeRawBufferPointer(start: values, count: 4 * count))
    case .f16, .bf16:
      if type == .f16 { try requireHalves(values, count, name) }
      var halves = [UInt16](repeating: 0, count: count)
      halves.withUnsafeMutableBufferPointer { halves in
        guard let target = halves.baseAddress else { return }
        if type == .f16 {
          ops.narrow(values, toF16: target, count: count)
        } else {
          ops.narrow(values, toBF16: target, count: count)
        }
      }
      try halves.withUnsafeBytes { try body($0) }
    default:
      try requireHalves(values, count, name, scale: 1 / 127)
      var blocks = [UInt8](repeating: 0, count: count / Q8_0.values * Q8_0.bytes)
      blocks.withUnsafeMutableBytes { blocks in
        guard let target = blocks.baseAddress else { return }
        ops.pool.run(count / Q8_0.values, grain: 1024) { range in
          for block in range {
            Q8_0.quantize(values + block * Q8_0.values, to: target + block * Q8_0.bytes)
          }
        }
      }
      try blocks.withUnsafeBytes { try body($0) }
    }
  }

  private func requireHalves(
    _ values: UnsafeMutablePointer<Float>, _ count: Int, _ name: String, scale: Float = 1
  ) throws(ModelError) {
    for index in 0..<count where !(abs(values[index]) * scale <= Self.largestHalf) {
      throw .precision(
        found: "\(values[index]) in \(name), which \(type.name) cannot hold",
        expected: "values up to \(Self.largestHalf / scale), or the types bf16 and f32")
    }
  }
}

/// ggml's Q8_0: the largest value of 32 becomes 127, the scale is f16.
enum Q8_0 {
  static let values = 32
  static let bytes = 34

  /// Source: quantize_row_q8_0_ref of ggml, whose bits gguf-py gives, too.
  static func quantize(_ values: UnsafePointer<Float>, to block: UnsafeMutableRawPointer) {
    var largest: Float = 0
    for index in 0..<Self.values { largest = max(largest, abs(values[index])) }
    let scale = largest / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    block.storeBytes(of: Float16(scale).bitPattern.littleEndian, as: UInt16.self)
    for index in 0..<Self.values {
      let rounded = (values[index] * inverse).rounded(.toNearestOrAwayFromZero)
      block.storeBytes(of: Int8(rounded), toByteOffset: 2 + index, as: Int8.self)
    }
  }
}
