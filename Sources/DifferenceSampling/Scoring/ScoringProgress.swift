/// How far and how fast one model scores.
public struct ModelThroughput: Sendable, Equatable {
  /// Chunks that this model has done, earlier runs included.
  public internal(set) var chunksDone = 0
  /// Chunks done in this run.
  public internal(set) var chunksThisRun = 0
  /// Tokens scored in this run.
  public internal(set) var tokens = 0
  /// Time spent in this run, pauses excluded.
  public internal(set) var seconds = 0.0

  /// Tokens a second in this run; 0 before the first batch.
  public var tokensPerSecond: Double { seconds > 0 ? Double(tokens) / seconds : 0 }

  /// Seconds that `chunkCount` chunks in all will still take; nil before the first batch.
  func secondsLeft(chunkCount: Int) -> Double? {
    if chunksDone >= chunkCount { return 0 }
    guard chunksThisRun > 0 else { return nil }
    return seconds / Double(chunksThisRun) * Double(chunkCount - chunksDone)
  }
}

/// Where a scoring job stands.
public struct ScoringProgress: Sendable, Equatable {
  /// Chunks with both scores, saved or not.
  public internal(set) var chunksDone = 0
  /// Chunks in the corpus.
  public internal(set) var chunkCount: Int
  /// Finished blocks on disk.
  public internal(set) var blocksDone = 0
  /// Blocks in all.
  public internal(set) var blockCount: Int
  /// Chunks without a finite score so far.
  public internal(set) var nonFinite = 0
  public internal(set) var teacher = ModelThroughput()
  public internal(set) var reference = ModelThroughput()

  init(chunkCount: Int, blockCount: Int) {
    self.chunkCount = chunkCount
    self.blockCount = blockCount
  }

  /// Seconds that the rest will take at the pace of this run; nil before there is a pace.
  ///
  /// A model that has not started yet (one pass each) is not in the estimate.
  public var secondsLeft: Double? {
    let parts = [teacher, reference].compactMap { $0.secondsLeft(chunkCount: chunkCount) }
    return parts.isEmpty ? nil : parts.reduce(0, +)
  }
}

/// What a scoring job reports, in order, on its own thread.
public enum ScoringEvent: Sendable {
  /// A part file was damaged and will be made again.
  case damagedPart(path: String, reason: String)
  /// Scores found on disk from earlier runs.
  case restored([ChunkScore], ScoringProgress)
  /// Just scored, not yet saved. Without rows while only one of two passes is done.
  case scored([ChunkScore], ScoringProgress)
  /// A block is on disk and will survive a crash.
  case blockSaved(block: Int, ScoringProgress)
  /// All is scored and merged.
  case finished(path: String, ScoringProgress)
}

/// How a run of a scoring job ended.
public enum ScoringOutcome: Sendable {
  /// Every chunk is scored; `scores.safetensors` is in place.
  case finished(ChunkScores)
  /// Stopped by request; the next run goes on.
  case stopped(ScoringProgress)
}
