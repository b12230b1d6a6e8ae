public import Corpus
import Numerics
import Store
public import Tokenizers

/// Converts token shards to another tokenizer, chunk by chunk, with their labels.
public struct Convert {
  public struct Settings: Sendable {
    public var rule: ConversionRule
    public var chunksPerShard: Int
    /// The document entries of the indices; nil as published.
    public var documentIndex: DocumentIndex?
    public var threads: Int
    /// Seconds between two states to go on from; nil: as conversion has it.
    public var stateSeconds: Double?

    public init(
      rule: ConversionRule = ConversionRule(), chunksPerShard: Int = 1_000_000, threads: Int,
      stateSeconds: Double? = nil, documentIndex: DocumentIndex? = nil
    ) {
      self.documentIndex = documentIndex
      self.rule = rule
      self.chunksPerShard = chunksPerShard
      self.threads = threads
      self.stateSeconds = stateSeconds
    }
  }

  /// What came out.
  public struct Result: Sendable, Equatable {
    public var chunks: Int
    /// Chunks that were there from an earlier run.
    public var restored: Int
    /// Tokens read and written by this run.
    public var oldTokens: Int
    public var newTokens: Int
  }

  private let shards: String
  private let old: Tokenizer
  private let new: Tokenizer
  private let folder: String
  private let settings: Settings
  private let places: (old: String?, new: String?)

  /// - Parameters:
  ///   - shards: the folder to convert, or a part of it (`FOLDER/data_0-199`).
  ///   - folder: where the new shards go.
  ///   - places: where the tokenizers were read from, for what the files beside them name.
  public init(
    shards: String, from old: Tokenizer, to new: Tokenizer, into folder: String,
    _ settings: Settings, places: (old: String?, new: String?) = (nil, nil)
  ) {
    self.places = places
    self.shards = shards
    self.old = old
    self.new = new
    self.folder = folder
    self.settings = settings
  }

  /// Converts, goes on where an earlier run was stopped, or finds the result.
  ///
  /// - Throws: `CorpusError`, `PipelineError.setting`; `WorkStopped` with a state to go on from.
  public func run(_ work: Work) throws -> Result {
    let rule = try settings.rule.settings(
      from: old, to: new, packed: ShardsTokenizer(ofShards: shards).endOfText, places: places)
    guard rule.maximumLength <= 1 << 24 else {
      throw PipelineError.setting(
        name: "max-length", found: "\(rule.maximumLength)", expected: "at most \(1 << 24)")
    }
    let output = try OutputPath(folder: folder, isPublished: true)
    try output.requireApart(from: WhatIsRead.shards(shards))
    return try work.holding([.output(output.path)]) {
      try convert(by: rule, into: output.path, work)
    }
  }

  private func convert(
    by rule: ConversionSettings, into folder: String, _ work: Work
  ) throws -> Result {
    try ShardsTokenizer(ofShards: shards).require(
      old, at: "the tokenizer given", option: "--from", work)
    let corpus = try TokenShards(folder: shards)
    var conversion = try ShardConversion(
      shards: corpus, from: old, to: new, settings: rule,
      chunksPerShard: settings.chunksPerShard, documentIndex: settings.documentIndex)
    if let seconds = settings.stateSeconds { conversion.stateInterval = .seconds(seconds) }
    let first = rule.beginningOfSequence.map { ", chunks begin with \($0)" } ?? ""
    work.note("end of text \(rule.oldEndOfText) becomes \(rule.newEndOfText)\(first)")
    var pace = Pace()
    let done = try stoppable {
      try conversion.run(into: folder, threads: settings.threads) { state in
        let fraction = Double(state.chunksDone) / Double(max(1, state.chunkCount))
        let speed = Double(state.newTokens) / max(0.001, pace.seconds)
        return work.goesOn(
          WorkProgress(
            fraction, secondsLeft: pace.secondsLeft(at: fraction),
            detail: "\(Number.grouped(state.chunksDone)) of \(Number.grouped(state.chunkCount)) "
              + "chunks, \(Number.grouped(Int(speed))) tokens/s"))
      }
    }
    return Result(
      chunks: done.chunkCount, restored: done.restored, oldTokens: done.oldTokens,
      newTokens: done.newTokens)
  }
}
