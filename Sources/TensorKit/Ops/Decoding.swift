internal import CKernels

/// Where one layer keeps the keys and values of the sequences of a pass.
///
/// A sequence's memory is [key/value heads, keys then values, capacity, ``rowSize``] floats; rows
/// are tokens, padded with zeros.
public struct KeyValueRows {
  /// First float of each sequence.
  public var starts: [UnsafeMutablePointer<Float>]
  /// Tokens that each sequence held before the pass.
  public var past: [Int]
  /// Tokens that each sequence has room for.
  public var capacity: Int

  public init(starts: [UnsafeMutablePointer<Float>], past: [Int], capacity: Int) {
    self.starts = starts
    self.past = past
    self.capacity = capacity
  }

  /// Floats of a cached row: the head size, up to whole vectors.
  public static func rowSize(headSize: Int) -> Int { (headSize + 15) & ~15 }

  /// Floats of one sequence.
  public static func floatCount(capacity: Int, keyValueHeads: Int, headSize: Int) -> Int {
    2 * keyValueHeads * capacity * rowSize(headSize: headSize)
  }
}

extension Ops {
  /// Appends k and v to the rows of every sequence, then lets each query see its sequence up to
  /// itself, in the window. output and q: [tokens, heads * headSize]; k and v: [tokens, keyValueHeads * headSize],
  /// the new tokens of each sequence as `shape.offsets` says. Scratch: ``attentionScratch(shape:)``.
  public func cachedAttention(
    output: Matrix, q: Matrix, k: Matrix, v: Matrix, rows: KeyValueRows, shape: AttentionShape,
    scratch: Arena
  ) throws {
    precondition(rows.starts.count == shape.offsets.count && rows.past.count == shape.offsets.count)
    let shared = shape.keyValueHeads
    let table = kernels.table
    // One run: a sequence with one new token attends as soon as its rows are in place.
    pool.run(shape.offsets.count * shared) { index, _ in
      let (sequence, head) = (index / shared, index % shared)
      let tokens = shape.offsets.range(sequence)
      let place = rows.place(sequence, head: head, headSize: shape.headSize)
      precondition(rows.past[sequence] + tokens.count <= rows.capacity)
      place.append(
        k.rows(from: tokens.lowerBound, count: tokens.count), v,
        column: head * shape.headSize, first: tokens.lowerBound, past: rows.past[sequence])
      if tokens.count == 1 {
        let column = head * shape.group * shape.headSize
        let all = rows.past[sequence] + 1
        let seen = min(all, shape.keysSeen)
        let first = (all - seen) * place.rowSize
        table.pointee.attention_cached(
          output.row(tokens.lowerBound) + column, q.row(tokens.lowerBound) + column,
          place.keys + first, place.values + first, seen, shape.group, shape.headSize, shape.scale)
      }
    }
    try attendBlocks(output: output, q: q, rows: rows, shape: shape, scratch: scratch)
  }

  /// The sequences with more than one new token, in blocks of queries.
  private func attendBlocks(
    output: Matrix, q: Matrix, rows: KeyValueRows, shape: AttentionShape, scratch: Arena
  ) throws {
    let blocks = shape.offsets.blocks(of: 64).filter { shape.offsets.range($0.sequence).count > 1 }
    guard !blocks.isEmpty else { return }
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let workspace = ck_attention_workspace(shape.headSize)
    let workspaces = try scratch.floats(pool.threads * workspace)
    let table = kernels.table
    pool.run(blocks.count * shape.heads) { index, worker in
      let (sequence, start) = blocks[blocks.count - 1 - index / shape.heads]
      let head = index % shape.heads
      let range = shape.offsets.range(sequence)
      let place = rows.place(sequence, head: head / shape.group, headSize: shape.headSize)
      let column = head * shape.headSize
      // The kernel counts rows from the sequence's start.
      let past = rows.past[sequence]
      table.pointee.attention_forward(
        output.row(range.lowerBound - past) + column, output.stride, nil,
        q.row(range.lowerBound - past) + column, q.stride, place.keys, place.rowSize,
        place.values, place.rowSize, past + start, min(64, range.count - start), shape.keysSeen,
        shape.headSize, shape.scale, workspaces + worker * workspace)
    }
  }

  /// As ``convSiLU``, where sequence s goes on from the inputs in windows[s] [taps - 1, channels],
  /// which receives the last ones.
  public func convSiLU(
    output: Matrix, input: Matrix, windows: [UnsafeMutablePointer<Float>],
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, taps: Int,
    offsets: SequenceOffsets
  ) {
    let table = kernels.table
    let channels = input.columns
    let grain = Self.stateGrain
    let ranges = (channels + grain - 1) / grain
    pool.run(offsets.count * ranges) { index, _ in
      let tokens = offsets.range(index / ranges)
      let channel = index % ranges * grain
      table.pointee.conv_silu_window(
        output.row(tokens.lowerBound), output.stride, windows[index / ranges],
        input.row(tokens.lowerBound), input.stride, weight, bias, tokens.count, channels, channel,
        min(channels, channel + grain), taps)
    }
  }

  /// As ``scan``, where sequence s goes on from states[s] [states, channels], which receives the
  /// last ones.
  public func scan(
    output: UnsafeMutablePointer<Float>, states: [UnsafeMutablePointer<Float>],
    inputs: ScanInputs, shape: ScanShape
  ) {
    let table = kernels.table
    let grain = Self.stateGrain
    let ranges = (shape.channels + grain - 1) / grain
    pool.run(shape.offsets.count * ranges) { index, _ in
      let sequence = index / ranges
      let first = shape.offsets.starts[sequence]
      let channel = index % ranges * grain
      var kernelShape = shape.kernelShape(
        sequence: sequence, channels: channel..<min(shape.channels, channel + grain),
        zStride: inputs.z.stride, bcStride: inputs.b.stride)
      let offset = first * shape.channels
      let state = states[sequence]
      table.pointee.scan_forward(
        output + offset, nil, state, state, inputs.u + offset, inputs.timeSteps + offset,
        inputs.z.row(first), inputs.b.row(first), inputs.c.row(first), inputs.a, inputs.skip,
        inputs.timeStepBias, &kernelShape)
    }
  }

  /// Channels of one task of a recurrent step, which is short.
  private static let stateGrain = 256
}

/// The rows of one sequence and one key/value head.
private struct CachedRows {
  let keys: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>
  let headSize: Int
  let rowSize: Int

  /// Copies columns [column, column + headSize) of k, and of v from row `first`, behind `past` rows.
  func append(_ k: Matrix, _ v: Matrix, column: Int, first: Int, past: Int) {
    for row in 0..<k.rows {
      let place = (past + row) * rowSize
      (keys + place).update(from: k.row(row) + column, count: headSize)
      (values + place).update(from: v.row(first + row) + column, count: headSize)
      (keys + place + headSize).update(repeating: 0, count: rowSize - headSize)
      (values + place + headSize).update(repeating: 0, count: rowSize - headSize)
    }
  }
}

extension KeyValueRows {
  fileprivate func place(_ sequence: Int, head: Int, headSize: Int) -> CachedRows {
    let rowSize = Self.rowSize(headSize: headSize)
    let keys = starts[sequence] + 2 * head * capacity * rowSize
    return CachedRows(
      keys: keys, values: keys + capacity * rowSize, headSize: headSize, rowSize: rowSize)
  }
}
