import TensorKit

/// A random packed attention call, its double-precision twins, and a way to run it.
struct AttentionProblem {
  var shape: AttentionShape
  var q: [Float]
  var k: [Float]
  var v: [Float]
  var outputGradient: [Float]

  var offsets: SequenceOffsets { shape.offsets }
  private var width: Int { shape.heads * shape.headSize }
  private var sharedWidth: Int { shape.keyValueHeads * shape.headSize }

  init(_ test: AttentionTests.Shape) {
    shape = AttentionShape(
      offsets: SequenceOffsets(lengths: test.lengths), heads: test.heads,
      keyValueHeads: test.keyValueHeads, headSize: test.headSize, window: test.window)
    let tokens = shape.offsets.tokens
    q = randomFloats(tokens * test.heads * test.headSize, seed: 60, scale: 2)
    k = randomFloats(tokens * test.keyValueHeads * test.headSize, seed: 61, scale: 2)
    v = randomFloats(tokens * test.keyValueHeads * test.headSize, seed: 62)
    outputGradient = randomFloats(q.count, seed: 63)
  }

  /// The problem of one of the sequences.
  func alone(_ sequence: Int) -> AttentionProblem {
    let tokens = offsets.range(sequence)
    func part(_ values: [Float], _ width: Int) -> [Float] {
      Array(values[tokens.lowerBound * width..<tokens.upperBound * width])
    }
    var problem = self
    problem.shape.offsets = SequenceOffsets(tokens: tokens.count)
    problem.q = part(q, width)
    problem.k = part(k, sharedWidth)
    problem.v = part(v, sharedWidth)
    problem.outputGradient = part(outputGradient, width)
    return problem
  }

  struct Result: Equatable {
    var output: [Float]
    var logSumExp: [Float]
    var q: [Float]
    var k: [Float]
    var v: [Float]
  }

  /// Forward and backward; q, k and v lie side by side as a fused projection leaves them.
  func run(_ ops: Ops) throws -> Result {
    let memory = TestMemory()
    defer { withExtendedLifetime(memory) {} }
    let tokens = offsets.tokens
    let stride = width + 2 * sharedWidth
    let qs = memory.matrix(q, columns: width, stride: stride)
    let ks = memory.matrix(k, columns: sharedWidth, stride: stride)
    let vs = memory.matrix(v, columns: sharedWidth, stride: stride)
    let output = memory.zeros(rows: tokens, columns: width)
    let logSumExp = memory.vector(count: shape.heads * tokens)
    let dq = memory.zeros(rows: tokens, columns: width, stride: stride)
    let dk = memory.zeros(rows: tokens, columns: sharedWidth, stride: stride)
    let dv = memory.zeros(rows: tokens, columns: sharedWidth, stride: stride)
    let scratch = try Arena(byteCount: ops.attentionScratch(shape: shape))
    try ops.attention(
      output: output, logSumExp: logSumExp, q: qs, k: ks, v: vs, shape: shape, scratch: scratch)
    try ops.attentionBackward(
      qGradient: dq, kGradient: dk, vGradient: dv,
      outputGradient: memory.matrix(outputGradient, columns: width), output: output,
      logSumExp: logSumExp, q: qs, k: ks, v: vs, shape: shape, scratch: scratch)
    return Result(
      output: output.values, logSumExp: logSumExp.values(shape.heads * tokens), q: dq.values,
      k: dk.values, v: dv.values)
  }

  /// The output when every sequence comes in pieces of at most `piece` tokens, over cached rows.
  func runCached(_ ops: Ops, piece: Int) throws -> [Float] {
    let memory = TestMemory()
    defer { withExtendedLifetime(memory) {} }
    let capacity = offsets.longest + 2
    let starts = (0..<offsets.count).map { _ in
      // A cache may hold anything before it is written.
      memory.vector(
        count: KeyValueRows.floatCount(
          capacity: capacity, keyValueHeads: shape.keyValueHeads, headSize: shape.headSize),
        of: .nan)
    }
    let (qs, ks, vs) = (
      memory.matrix(q, columns: width), memory.matrix(k, columns: sharedWidth),
      memory.matrix(v, columns: sharedWidth)
    )
    let output = memory.zeros(rows: offsets.tokens, columns: width)
    for first in stride(from: 0, to: offsets.longest, by: piece) {
      let live = (0..<offsets.count).filter { offsets.range($0).count > first }
      let ranges = live.map { sequence in
        let range = offsets.range(sequence)
        return range.lowerBound + first..<min(range.upperBound, range.lowerBound + first + piece)
      }
      func packed(_ x: Matrix) -> Matrix {
        memory.matrix(
          ranges.flatMap { range in
            range.flatMap { row in (0..<x.columns).map { x.row(row)[$0] } }
          }, columns: x.columns)
      }
      let part = AttentionShape(
        offsets: SequenceOffsets(lengths: ranges.map(\.count)), heads: shape.heads,
        keyValueHeads: shape.keyValueHeads, headSize: shape.headSize, window: shape.window)
      let attended = memory.zeros(rows: part.offsets.tokens, columns: width)
      try ops.cachedAttention(
        output: attended, q: packed(qs), k: packed(ks), v: packed(vs),
        rows: KeyValueRows(
          starts: live.map { starts[$0] }, past: live.map { _ in first }, capacity: capacity),
        shape: part, scratch: Arena(byteCount: ops.attentionScratch(shape: part)))
      for (row, token) in ranges.joined().enumerated() {
        output.row(token).update(from: attended.row(row), count: width)
      }
    }
    return output.values
  }

  struct Expected {
    var output: [Double]
    var logSumExp: [Double]
    var q: [Double]
    var k: [Double]
    var v: [Double]
  }

  /// What the double-precision reference says, head by head.
  func expected() -> Expected {
    let tokens = offsets.tokens
    func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
    var all = Expected(
      output: zeros(q.count), logSumExp: zeros(shape.heads * tokens), q: zeros(q.count),
      k: zeros(k.count), v: zeros(v.count))
    let size = shape.headSize
    for sequence in 0..<offsets.count {
      let range = offsets.range(sequence)
      for head in 0..<shape.heads {
        let shared = head * shape.keyValueHeads / shape.heads
        func places(_ width: Int, _ head: Int) -> [Int] {
          range.flatMap { t in (0..<size).map { t * width + head * size + $0 } }
        }
        let queryPlaces = places(width, head)
        let keyPlaces = places(sharedWidth, shared)
        let reference = AttentionReference(
          length: range.count, headSize: size, scale: Double(shape.scale),
          q: queryPlaces.map { Double(q[$0]) }, k: keyPlaces.map { Double(k[$0]) },
          v: keyPlaces.map { Double(v[$0]) }, window: shape.window ?? .max)
        let output = reference.output()
        let gradients = reference.gradients(queryPlaces.map { Double(outputGradient[$0]) })
        for (index, place) in queryPlaces.enumerated() {
          all.output[place] = output[index]
          all.q[place] = gradients.q[index]
        }
        for (index, place) in keyPlaces.enumerated() {
          all.k[place] += gradients.k[index]
          all.v[place] += gradients.v[index]
        }
        for (index, token) in range.enumerated() {
          all.logSumExp[head * tokens + token] = reference.weights(index).logSumExp
        }
      }
    }
    return all
  }
}
