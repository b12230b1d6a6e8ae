import Corpus
import LanguageModels
import Store

/// One pass over the blocks of a job, with the models that it needs.
final class BlockScorer {
  /// Which models score in a pass.
  enum Pass {
    case both, teacherOnly, referenceOnly
  }

  private let job: ScoringJob
  private let pass: Pass
  private let control: ScoringControl
  private let mask: LossMask
  private let clock = ContinuousClock()
  private var teacher: (any ChunkScorer)?
  private var reference: (any ChunkScorer)?

  init(job: ScoringJob, pass: Pass, control: ScoringControl) {
    self.job = job
    self.pass = pass
    self.control = control
    mask = LossMask(endOfText: job.settings.endOfText)
  }

  /// Scores and saves one block; false if it was stopped before its end.
  func score(
    block: Int, progress: inout ScoringProgress, report: (ScoringEvent) -> Void
  ) throws -> Bool {
    let chunks = job.plan.chunks(ofBlock: block)
    // The teacher's half may be there from an earlier pass, also of a run with other passes. A
    // damaged one was reported when the run began.
    let saved =
      pass == .teacherOnly
      ? nil : try job.part(block: block, isComplete: false, report: { _ in })?.teacher
    var part = ScorePart(chunks: chunks, reference: pass == .teacherOnly ? nil : [])
    let batches = job.plan.batches(chunks) { chunk in
      min(job.source.length(of: chunk) - 1, job.settings.maximumPositions)
    }
    for batch in batches {
      let numbers = chunks[batch].map { Int($0) }
      let tokens = try numbers.map { try job.source.tokens(of: $0) }
      if let saved {
        part.teacher.nll += saved.nll[batch]
        part.teacher.counted += saved.counted[batch]
      } else {
        guard mayGoOn() else { return false }
        let scorer = try loadedTeacher()
        let windows = try windows(tokens, numbers, for: scorer)
        let column = try measured(&progress.teacher, windows) {
          try means(windows, by: scorer, name: job.teacher.identity.name)
        }
        part.teacher.nll += column.nll
        part.teacher.counted += column.counted
      }
      if pass != .teacherOnly {
        guard mayGoOn() else { return false }
        let scorer = try loadedReference()
        let windows = try windows(tokens, numbers, for: scorer)
        part.reference? += try measured(&progress.reference, windows) {
          try means(windows, by: scorer, name: job.reference.identity.name).nll
        }
      }
      let rows = rows(of: part, batch)
      progress.chunksDone += rows.count
      progress.nonFinite += rows.count { !$0.isFinite }
      report(.scored(rows, progress))
    }
    try save(part, block: block)
    if pass != .teacherOnly { progress.blocksDone += 1 }
    report(.blockSaved(block: block, progress))
    return true
  }

  private func save(_ part: ScorePart, block: Int) throws {
    let isComplete = part.reference != nil
    try part.write(
      to: ScorePart.path(block: block, isComplete: isComplete, in: job.partsFolder),
      identity: job.identity)
    if isComplete {
      try Folder.remove(ScorePart.path(block: block, isComplete: false, in: job.partsFolder))
    }
  }

  private func rows(of part: ScorePart, _ batch: Range<Int>) -> [ChunkScore] {
    guard let reference = part.reference else { return [] }
    let rows = ScorePart(
      chunks: Array(part.chunks[batch]),
      teacher: .init(
        nll: Array(part.teacher.nll[batch]), counted: Array(part.teacher.counted[batch])),
      reference: Array(reference[batch]))
    return rows.rows(source: job.source)
  }

  /// The scored tokens of chunks: the inputs and the last target. All targets are wanted of the
  /// models; which of them count is seen when the mean is formed.
  private func windows(
    _ tokens: [[Int32]], _ numbers: [Int], for scorer: any ChunkScorer
  ) throws -> [ChunkWindow] {
    try zip(tokens, numbers).map { tokens, number in
      try ChunkWindow(
        tokens, number: number, length: job.settings.maximumPositions + 1, mask: .none,
        vocabularySize: scorer.vocabularySize)
    }
  }

  private func means(
    _ chunks: [ChunkWindow], by scorer: any ChunkScorer, name: String
  ) throws -> ScorePart.Column {
    let logProbabilities = try scorer.logProbabilities(of: chunks)
    guard logProbabilities.count == chunks.count else {
      throw DifferenceSamplingError.scorerOutput(
        scorer: name, found: "\(logProbabilities.count) chunks", expected: "\(chunks.count)")
    }
    var column = ScorePart.Column()
    for (chunk, values) in zip(chunks, logProbabilities) {
      guard values.count == chunk.inputCount else {
        throw DifferenceSamplingError.scorerOutput(
          scorer: name,
          found: "\(values.count) log-probabilities for \(chunk.tokens.count) tokens",
          expected: "\(chunk.inputCount)")
      }
      let (nll, counted) = mask.meanNLL(tokens: chunk.tokens, logProbabilities: values)
      // One bit pattern for every NaN, so that equal scores are equal bytes.
      column.nll.append(nll.isNaN ? .nan : nll)
      column.counted.append(Int32(counted))
    }
    return column
  }

  private func measured<Result>(
    _ throughput: inout ModelThroughput, _ windows: [ChunkWindow], _ body: () throws -> Result
  ) rethrows -> Result {
    let start = clock.now
    let result = try body()
    throughput.seconds += (clock.now - start) / .seconds(1)
    throughput.tokens += windows.reduce(0) { $0 + $1.inputCount }
    throughput.chunksDone += windows.count
    throughput.chunksThisRun += windows.count
    return result
  }

  private func mayGoOn() -> Bool {
    control.waitWhilePaused()
    return control.request != .stopNow
  }

  private func loadedTeacher() throws -> any ChunkScorer {
    if let teacher { return teacher }
    let loaded = try job.teacher.load()
    teacher = loaded
    return loaded
  }

  private func loadedReference() throws -> any ChunkScorer {
    if let reference { return reference }
    let loaded = try job.reference.load()
    reference = loaded
    return loaded
  }
}
