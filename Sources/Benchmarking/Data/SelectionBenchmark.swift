import DifferenceSampling
import Numerics
public import TensorKit

/// One measured selection: a line of `bench select`.
public struct SelectionMeasurement: Encodable, Sendable {
  public var bench = "select"
  /// Scored chunks.
  public var rows: Int
  public var sources: Int
  /// Seconds to sort the scores once.
  public var buildSeconds: Double
  /// Microseconds from a new ratio to threshold, keep rates and token counts: best, median, slowest.
  public var moveMicroseconds: Double
  public var moveMicrosecondsMedian: Double
  public var moveMicrosecondsWorst: Double
  public var moves: Int
  /// Seconds to list the kept chunks of one selection, as a commit does.
  public var listSeconds: Double
  /// Seconds to build the same index from a thousand pieces, as scores come while scoring goes on, and
  /// the slowest move of the ratio among those after every piece, in microseconds.
  public var growSeconds: Double
  public var growingMoveMicrosecondsWorst: Double
  /// What was added to the resident memory by scores and index, in bytes, at its height and for one
  /// row at rest.
  public var peakBytes: Int
  public var bytesPerRow: Double
  public var machine: MachineDescription
}

/// Selection over synthetic scores.
public enum SelectionBenchmark {
  /// Measures tables of `rows` chunks of 16 sources.
  ///
  /// - Throws: `BenchmarkError.memory` when scores and index would not fit.
  public static func run(rows: Int, moves: Int = 1000, compute: Ops) throws -> SelectionMeasurement
  {
    try BenchmarkError.check("--rows", rows, most: 1 << 40)
    try BenchmarkError.check([("--moves", moves)])
    // Scores 26 bytes a row and the index 13; the sort holds a few more columns for a while.
    let needed = 64 * rows
    let available = SystemMemory.available()
    guard needed <= available else {
      throw BenchmarkError.memory(
        shape: "a table of \(rows) rows", needed: needed, available: available)
    }
    ProcessMemory.resetPeak()
    let before = ProcessMemory.residentBytes()
    let scores = scores(rows)
    var built: SelectionIndex?
    let build = Timing.measureWarm(RepeatPolicy(repeats: 1)) {
      built = SelectionIndex(scores: scores, sourceNames: (0..<16).map { "source \($0)" })
    }
    guard let index = built else { throw BenchmarkError.size(name: "--rows", found: rows) }
    let peak = ProcessMemory.peakBytes()
    let resting = ProcessMemory.residentBytes()
    var random = RandomSource(seed: 5)
    var kept = 0
    let move = try Timing.measure(RepeatPolicy(repeats: moves, seconds: 20)) {
      kept &+= try index.select(SelectionSettings(rule: .ratio(random.uniform()))).summary.all
        .keptChunks
    }
    let half = try index.select(SelectionSettings(rule: .ratio(0.5)))
    let list = Timing.measureWarm(RepeatPolicy(repeats: 1)) { kept &+= half.keptChunks().count }
    let growth = try grow(scores, names: index.sourceNames)
    precondition(kept > 0 || rows < 4, "nothing was selected")
    return SelectionMeasurement(
      rows: rows, sources: 16, buildSeconds: build.best, moveMicroseconds: move.best * 1e6,
      moveMicrosecondsMedian: move.median * 1e6,
      moveMicrosecondsWorst: (move.seconds.max() ?? 0) * 1e6, moves: move.repeats,
      listSeconds: list.best, growSeconds: growth.seconds,
      growingMoveMicrosecondsWorst: growth.slowestMove * 1e6, peakBytes: peak - before,
      bytesPerRow: Double(resting - before) / Double(rows),
      machine: MachineDescription(compute: compute))
  }

  /// Adds a table in pieces that are spread over it, with a move of the ratio after each.
  private static func grow(
    _ scores: ChunkScores, names: [String]
  ) throws -> (seconds: Double, slowestMove: Double) {
    var index = SelectionIndex(
      scores: ChunkScores(), sourceNames: names, chunkCount: scores.count)
    var random = RandomSource(seed: 6)
    var (seconds, slowestMove) = (0.0, 0.0)
    let pieces = min(1000, scores.count)
    for piece in 0..<pieces {
      var rows = ChunkScores(capacity: scores.count / pieces + 1)
      for row in stride(from: piece, to: scores.count, by: pieces) { rows.append(scores[row]) }
      let add = Timing.measureWarm(RepeatPolicy(repeats: 1)) { index = index.adding(rows) }
      let settings = SelectionSettings(rule: .ratio(random.uniform()))
      let move = try Timing.measureWarm(RepeatPolicy(repeats: 1)) {
        _ = try index.select(settings).border(count: 20)
      }
      seconds += add.best
      slowestMove = max(slowestMove, move.seconds.max() ?? 0)
    }
    return (seconds, slowestMove)
  }

  /// Normal differences that are a little different in each source, as scores are.
  static func scores(_ rows: Int) -> ChunkScores {
    var random = RandomSource(seed: 4)
    var scores = ChunkScores(capacity: rows)
    for chunk in 0..<rows {
      let source = random.index(below: 16)
      // A sum of four uniform numbers is normal enough, and ten times faster.
      let noise = (0..<4).reduce(Float(-2)) { sum, _ in sum + Float(random.uniform()) }
      let teacher = 3 + 0.1 * Float(source) + noise
      scores.append(
        ChunkScore(
          chunk: chunk, source: source, length: 1025, counted: 1024, teacherNLL: teacher,
          referenceNLL: teacher + 0.5 + 0.3 * noise * noise))
    }
    return scores
  }
}
