internal import CKernels

/// The geometry of a packed causal attention call.
public struct AttentionShape: Sendable {
  public var offsets: SequenceOffsets
  public var heads: Int
  public var keyValueHeads: Int
  public var headSize: Int
  /// What scores are multiplied by, usually headSize^-1/2.
  public var scale: Float
  /// Keys that a query sees, its own the last of them; nil for all up to its own.
  public var window: Int?

  /// `scale` defaults to headSize^-1/2; `heads` is a multiple of `keyValueHeads`.
  public init(
    offsets: SequenceOffsets, heads: Int, keyValueHeads: Int, headSize: Int, scale: Float? = nil,
    window: Int? = nil
  ) {
    precondition(heads % keyValueHeads == 0, "heads is no multiple of keyValueHeads")
    precondition(window ?? 1 > 0, "a window of no keys")
    self.window = window
    self.offsets = offsets
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
    precondition(scale ?? 1 > 0, "scale is not positive")
    self.scale = scale ?? 1 / Float(headSize).squareRoot()
  }

  /// Query heads that share one key/value head.
  var group: Int { heads / keyValueHeads }
  /// The window as the kernels take it: longer than any sequence where there is none.
  var keysSeen: Int { min(window ?? .max, 1 << 48) }
}

extension Ops {
  private static let queryBlock = 64

  /// Causal attention inside each sequence; keys outside of the window cost nothing. output and q: [tokens, heads * headSize]; k and v:
  /// [tokens, keyValueHeads * headSize]; logSumExp, kept for the backward pass: [heads, tokens].
  public func attention(
    output: Matrix, logSumExp: UnsafeMutablePointer<Float>? = nil, q: Matrix, k: Matrix,
    v: Matrix, shape: AttentionShape, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let workspace = ck_attention_workspace(shape.headSize)
    let workspaces = try scratch.floats(pool.threads * workspace)
    let table = kernels.table
    let tokens = shape.offsets.tokens
    let blocks = shape.offsets.blocks(of: Self.queryBlock)
    pool.run(blocks.count * shape.heads) { index, worker in
      // Head by head, so that its keys and values stay in a second-level cache; a sequence's last
      // blocks see the most keys and start first.
      let (sequence, start) = blocks[blocks.count - 1 - index % blocks.count]
      let head = index / blocks.count
      let range = shape.offsets.range(sequence)
      let first = range.lowerBound
      let column = head * shape.headSize
      let sharedColumn = head / shape.group * shape.headSize
      table.pointee.attention_forward(
        output.row(first) + column, output.stride,
        logSumExp.map { $0 + head * tokens + first }, q.row(first) + column, q.stride,
        k.row(first) + sharedColumn, k.stride, v.row(first) + sharedColumn, v.stride, start,
        min(Self.queryBlock, range.count - start), shape.keysSeen, shape.headSize, shape.scale,
        workspaces + worker * workspace)
    }
  }

  /// Overwrites the gradients of q, k and v.
  public func attentionBackward(
    qGradient: Matrix, kGradient: Matrix, vGradient: Matrix, outputGradient: Matrix,
    output: Matrix, logSumExp: UnsafePointer<Float>, q: Matrix, k: Matrix, v: Matrix,
    shape: AttentionShape, scratch: Arena
  ) throws {
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let workspace = backwardWorkspace(shape)
    let workspaces = try scratch.floats(pool.threads * workspace)
    let table = kernels.table
    let tokens = shape.offsets.tokens
    pool.run(shape.offsets.count * shape.keyValueHeads) { index, worker in
      let range = shape.offsets.range(index / shape.keyValueHeads)
      let first = range.lowerBound
      let shared = index % shape.keyValueHeads
      let head = shared * shape.group
      let column = head * shape.headSize
      let sharedColumn = shared * shape.headSize
      table.pointee.attention_backward(
        qGradient.row(first) + column, qGradient.stride, kGradient.row(first) + sharedColumn,
        kGradient.stride, vGradient.row(first) + sharedColumn, vGradient.stride,
        outputGradient.row(first) + column, outputGradient.stride, output.row(first) + column,
        output.stride, logSumExp + head * tokens + first, tokens, q.row(first) + column, q.stride,
        k.row(first) + sharedColumn, k.stride, v.row(first) + sharedColumn, v.stride, range.count,
        shape.keysSeen, shape.group, shape.headSize, shape.headSize, shape.scale,
        workspaces + worker * workspace)
    }
  }

  /// Floats of one worker's workspace in the backward pass, a whole number of cache lines.
  private func backwardWorkspace(_ shape: AttentionShape) -> Int {
    (ck_attention_workspace(shape.headSize) + shape.group * shape.offsets.longest + 15) & ~15
  }

  /// Bytes of scratch that ``attention`` and ``attentionBackward`` take.
  public func attentionScratch(shape: AttentionShape) -> Int {
    let workspace = backwardWorkspace(shape)
    return Arena.byteCount(floats: [pool.threads * workspace])
  }
}
