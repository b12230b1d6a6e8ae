internal import CKernels

/// Rows of sequences of which some go on from the end of another: first the stems, then the branches.
public struct BranchOffsets: Sendable, Equatable {
  /// A sequence that goes on behind a stem.
  public struct Branch: Sendable, Equatable {
    /// Index of its stem.
    public let stem: Int
    /// Its rows.
    public let rows: Range<Int>
  }

  /// Rows of the stems, from 0 on.
  public let stems: SequenceOffsets
  /// In the order of their rows, those of one stem together.
  public let branches: [Branch]

  /// Stems of these lengths; branches by their stem, ascending, and their length.
  public init(stems lengths: [Int], branches: [(stem: Int, length: Int)]) {
    stems = SequenceOffsets(lengths: lengths)
    var row = stems.tokens
    self.branches = branches.map { stem, length in
      precondition(lengths.indices.contains(stem), "a branch without a stem")
      defer { row += length }
      return Branch(stem: stem, rows: row..<row + length)
    }
  }

  /// Rows of all sequences.
  public var tokens: Int { branches.last?.rows.upperBound ?? stems.tokens }

  /// Tokens of the longest branch with its stem.
  public var longest: Int {
    branches.map { stems.range($0.stem).count + $0.rows.count }.max() ?? 0
  }

  /// The branches alone, counted from the first of their rows.
  public var branchOffsets: SequenceOffsets { SequenceOffsets(lengths: branches.map(\.rows.count)) }

  /// The branches of each stem that has any.
  fileprivate var groups: [ArraySlice<Branch>] {
    var groups: [ArraySlice<Branch>] = []
    var first = 0
    for index in branches.indices.dropFirst() where branches[index].stem != branches[first].stem {
      groups.append(branches[first..<index])
      first = index
    }
    if !branches.isEmpty { groups.append(branches[first...]) }
    return groups
  }
}

extension Ops {
  private static let branchQueries = 64

  /// Causal attention where each branch also sees its stem. The matrices are those of ``attention``,
  /// with rows as `offsets` says; `shape.offsets` is not looked at.
  ///
  /// A stem's keys and values are copied once a key/value head into a worker's own memory, and those
  /// of its branches behind them in turn.
  public func branchAttention(
    output: Matrix, q: Matrix, k: Matrix, v: Matrix, offsets: BranchOffsets,
    shape: AttentionShape, scratch: Arena
  ) throws {
    var stems = shape
    stems.offsets = offsets.stems
    try attention(output: output, q: q, k: k, v: v, shape: stems, scratch: scratch)
    let groups = offsets.groups
    guard !groups.isEmpty else { return }
    let mark = scratch.mark()
    defer { scratch.release(to: mark) }
    let size = shape.headSize
    let workspace = ck_attention_workspace(size)
    let perWorker = branchWorkspace(offsets, shape)
    let memory = try scratch.floats(pool.threads * perWorker)
    let table = kernels.table
    pool.run(groups.count * shape.keyValueHeads) { index, worker in
      let (group, shared) = (groups[index / shape.keyValueHeads], index % shape.keyValueHeads)
      guard let stem = group.first?.stem else { return }
      let past = offsets.stems.range(stem)
      let start = memory + worker * perWorker
      let keys = start + workspace
      let values = keys + offsets.longest * size
      func copy(_ rows: Range<Int>, behind count: Int) {
        for (place, row) in rows.enumerated() {
          let target = (count + place) * size
          (keys + target).update(from: k.row(row) + shared * size, count: size)
          (values + target).update(from: v.row(row) + shared * size, count: size)
        }
      }
      copy(past, behind: 0)
      for branch in group {
        copy(branch.rows, behind: past.count)
        // The kernel counts rows from the sequence's start.
        let first = branch.rows.lowerBound - past.count
        for head in shared * shape.group..<(shared + 1) * shape.group {
          for block in stride(from: 0, to: branch.rows.count, by: Self.branchQueries) {
            table.pointee.attention_forward(
              output.row(first) + head * size, output.stride, nil, q.row(first) + head * size,
              q.stride, keys, size, values, size, past.count + block,
              min(Self.branchQueries, branch.rows.count - block), shape.keysSeen, size,
              shape.scale, start)
          }
        }
      }
    }
  }

  /// Floats of one worker, a whole number of cache lines.
  private func branchWorkspace(_ offsets: BranchOffsets, _ shape: AttentionShape) -> Int {
    (ck_attention_workspace(shape.headSize) + 2 * offsets.longest * shape.headSize + 15) & ~15
  }

  /// Bytes of scratch that ``branchAttention`` takes.
  public func branchAttentionScratch(_ offsets: BranchOffsets, shape: AttentionShape) -> Int {
    var stems = shape
    stems.offsets = offsets.stems
    return max(
      attentionScratch(shape: stems),
      Arena.byteCount(floats: [pool.threads * branchWorkspace(offsets, shape)]))
  }
}
