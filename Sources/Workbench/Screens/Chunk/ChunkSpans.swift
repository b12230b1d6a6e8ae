import EngineInterface

/// Runs of tokens in which the difference of a chunk is gathered.
struct ChunkSpan: Hashable {
  /// Places of its tokens in the chunk.
  var tokens: Range<Int>
  /// What it adds to the mean difference of the chunk, nats per token.
  var contribution: Double
}

enum ChunkSpans {
  /// The runs that raise the mean difference most (`rising`), or lower it most, strongest first.
  ///
  /// All maximal runs (Ruzzo and Tompa 1999) of what the differences are above their mean and a
  /// quarter of a deviation: with nothing taken off, most of a kept chunk would be one run, and with
  /// much every strong token one of its own.
  static func find(_ tokens: [ChunkDetail.Token], rising: Bool) -> [ChunkSpan] {
    let sign: Double = rising ? 1 : -1
    let places = tokens.indices.filter { tokens[$0].difference?.isFinite == true }
    let values = places.map { sign * (tokens[$0].difference ?? 0) }
    guard values.count > 1 else { return [] }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    let level = mean + 0.25 * variance.squareRoot()
    return maximalRuns(values.map { $0 - level }).map { run in
      ChunkSpan(
        tokens: places[run.lowerBound]..<places[run.upperBound - 1] + 1,
        contribution: sign * values[run].reduce(0, +) / count)
    }.filter { sign * $0.contribution > 0 }
      .sorted {
        let (left, right) = (abs($0.contribution), abs($1.contribution))
        return left == right ? $0.tokens.lowerBound < $1.tokens.lowerBound : left > right
      }
  }

  /// All maximal scoring runs: each scores more than any run that overlaps it. O(n) in all but name.
  static func maximalRuns(_ values: [Double]) -> [Range<Int>] {
    struct Run {
      var range: Range<Int>
      /// Sum of everything before it, and with it.
      var before: Double
      var after: Double
    }
    var runs: [Run] = []
    var sum = 0.0
    for (place, value) in values.enumerated() {
      defer { sum += value }
      guard value > 0 else { continue }
      var run = Run(range: place..<place + 1, before: sum, after: sum + value)
      while true {
        guard let earlier = runs.lastIndex(where: { $0.before < run.before }),
          runs[earlier].after < run.after
        else { break }
        run = Run(
          range: runs[earlier].range.lowerBound..<run.range.upperBound,
          before: runs[earlier].before, after: run.after)
        runs.removeSubrange(earlier...)
      }
      runs.append(run)
    }
    return runs.map(\.range)
  }
}
