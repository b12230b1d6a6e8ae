internal import CKernels

/// Blocks of quantized values as ggml stores them: some values of one row that share their scales.
public enum BlockFormat: String, Sendable, CaseIterable {
  case q4_0 = "Q4_0"
  case q4_1 = "Q4_1"
  case q5_0 = "Q5_0"
  case q5_1 = "Q5_1"
  case q8_0 = "Q8_0"
  case iq4_nl = "IQ4_NL"
  case q2_K = "Q2_K"
  case q3_K = "Q3_K"
  case q4_K = "Q4_K"
  case q5_K = "Q5_K"
  case q6_K = "Q6_K"
  case iq4_xs = "IQ4_XS"

  private var kind: ck_block_kind {
    switch self {
    case .q4_0: CK_BLOCK_Q4_0
    case .q4_1: CK_BLOCK_Q4_1
    case .q5_0: CK_BLOCK_Q5_0
    case .q5_1: CK_BLOCK_Q5_1
    case .q8_0: CK_BLOCK_Q8_0
    case .iq4_nl: CK_BLOCK_IQ4_NL
    case .q2_K: CK_BLOCK_Q2_K
    case .q3_K: CK_BLOCK_Q3_K
    case .q4_K: CK_BLOCK_Q4_K
    case .q5_K: CK_BLOCK_Q5_K
    case .q6_K: CK_BLOCK_Q6_K
    case .iq4_xs: CK_BLOCK_IQ4_XS
    }
  }

  /// Values of one block.
  public var valueCount: Int { ck_block_values(kind) }
  /// Bytes of one block.
  public var byteCount: Int { ck_block_bytes(kind) }

  /// The values of `count` blocks, which may be unaligned, in f32: the bits that ggml and gguf-py
  /// give, on every processor.
  public func dequantize(
    _ blocks: UnsafeRawPointer, to output: UnsafeMutablePointer<Float>, count: Int
  ) {
    ck_dequantize_blocks(kind, output, blocks.assumingMemoryBound(to: UInt8.self), count)
  }
}

extension Ops {
  /// The values of `count` blocks of `format`, as `BlockFormat.dequantize`.
  public func dequantize(
    _ blocks: UnsafeRawPointer, of format: BlockFormat, to output: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    let (values, bytes) = (format.valueCount, format.byteCount)
    pool.run(count, grain: max(1, Self.vectorGrain / values)) { range in
      format.dequantize(
        blocks + range.lowerBound * bytes, to: output + range.lowerBound * values,
        count: range.count)
    }
  }
}
