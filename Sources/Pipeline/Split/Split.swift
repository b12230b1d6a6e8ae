public import Corpus
import Numerics
import Store

/// Sets chunks aside for the reference model: two disjoint folders of shards.
public struct Split {
  /// How much is set aside.
  public enum Amount: Sendable, Equatable {
    case tokens(Int)
    /// Above 0 and below 1, of all tokens.
    case share(Double)
  }

  public struct Settings: Sendable, Equatable {
    public var amount: Amount
    public var rule: ReserveRule
    public var threads: Int

    public init(amount: Amount, rule: ReserveRule = .tail, threads: Int) {
      self.amount = amount
      self.rule = rule
      self.threads = threads
    }
  }

  private let shards: String
  private let reference: String
  private let rest: String
  private let settings: Settings

  /// - Parameters:
  ///   - shards: the folder to split, or a part of it (`FOLDER/data_0-199`).
  ///   - reference: folder for the chunks of the reference model.
  ///   - rest: folder for the others.
  public init(shards: String, reference: String, rest: String, _ settings: Settings) {
    self.shards = shards
    self.reference = reference
    self.rest = rest
    self.settings = settings
  }

  /// Writes both folders; they appear at the end, whole.
  ///
  /// - Throws: `CorpusError`; `WorkStopped`, which leaves nothing.
  public func run(_ work: Work) throws -> ReserveRecord {
    let reserve = try OutputPath(folder: reference, isPublished: true)
    let others = try OutputPath(folder: rest, isPublished: true)
    let input = WhatIsRead.shards(shards)
    try reserve.requireApart(from: input + [(others.path, "--rest")])
    try others.requireApart(from: input + [(reserve.path, "--output")])
    return try work.holding([.output(reserve.path), .output(others.path)]) {
      try split(to: reserve.path, rest: others.path, work)
    }
  }

  private func split(to reference: String, rest: String, _ work: Work) throws -> ReserveRecord {
    let corpus = try TokenShards(folder: shards)
    let tokens =
      switch settings.amount {
      case .tokens(let tokens): tokens
      case .share(let share): Int((share * Double(corpus.tokenCount)).rounded())
      }
    let made = try ShardsTokenizer(ofShards: shards)
    var split = try ReserveSplit(corpus, tokens: tokens, rule: settings.rule)
    split.tokenizer = (made.identity, made.endOfText, made.vocabularySize)
    return try stoppable {
      try split.write(reference: reference, rest: rest, threads: settings.threads) {
        work.goesOn(
          WorkProgress(
            Double($0) / Double(max(1, corpus.count)),
            detail: "\(Number.grouped($0)) of \(Number.grouped(corpus.count)) chunks"))
      }
    }
  }
}
