import Corpus
public import LanguageModels
import Store
import TensorKit
public import Tokenizers

/// Continues many prompts, batch after batch, in order.
///
/// A batch is always the same consecutive prompts, and every sequence draws from a stream of its own:
/// a run that is cut at any batch and taken up again gives the same lines.
public final class GenerationRun {
  /// How far a run is.
  public struct Progress: Sendable, Equatable {
    public var sequencesDone: Int
    public var sequenceCount: Int
    /// New tokens of this process, not of what was restored.
    public var newTokens: Int
    /// Sequences' worth of work in the batch that is under way: tokens in proportion to the most that
    /// there can be.
    public var underWay: Double
  }

  public let settings: GenerationSettings
  private let model: any CausalLanguageModel
  private let tokenizer: Tokenizer
  private let encoder: PromptEncoder
  private let endOfText: [Int32]
  private var generator: Generator?

  public init(
    model: any CausalLanguageModel, tokenizer: Tokenizer, endOfText: [Int32],
    settings: GenerationSettings
  ) {
    self.model = model
    self.tokenizer = tokenizer
    self.endOfText = endOfText
    self.settings = settings
    encoder = PromptEncoder(
      tokenizer: tokenizer, configuration: model.configuration, limit: settings.promptTokens)
  }

  /// Continues `prompts` from sequence `first`, the start of a batch, and gives `onBatch` the lines of
  /// each batch. `onToken` sees every new token with its place in the batch; returning false ends the
  /// run before the next token. True when all is done.
  public func run(
    _ prompts: Prompts, from first: Int = 0,
    onToken: (_ place: Int, _ token: Int32) -> Bool = { _, _ in true },
    onProgress: (Progress) -> Void = { _ in },
    onBatch: ([GeneratedLine]) throws -> Void
  ) throws -> Bool {
    let count = try prompts.count() * settings.samples
    // Nothing to do is a mistake in the call, not a result.
    guard count > 0 else { throw CorpusError.emptyCorpus(inputs: prompts.names, rejects: []) }
    var progress = Progress(sequencesDone: first, sequenceCount: count, newTokens: 0, underWay: 0)
    onProgress(progress)
    var batch: [(request: GenerationRequest, text: String)] = []
    var number = 0
    var goesOn = true
    func finishBatch() throws {
      let lines = try continueBatch(batch) { place, token in
        progress.newTokens += 1
        progress.underWay += 1 / Double(settings.maximumNewTokens)
        onProgress(progress)
        return onToken(place, token)
      }
      guard let lines else {
        goesOn = false
        return
      }
      try onBatch(lines)
      progress.sequencesDone += batch.count
      progress.underWay = 0
      onProgress(progress)
      batch = []
    }
    try prompts.forEach { text in
      let samples = 0..<settings.samples
      defer { number += 1 }
      // Restored from an earlier run.
      guard (number + 1) * settings.samples > first else { return true }
      let tokens = try encoder.encode(text)
      for sample in samples where number * settings.samples + sample >= first && goesOn {
        batch.append((GenerationRequest(prompt: number, sample: sample, tokens: tokens), text))
        if batch.count == settings.batch { try finishBatch() }
      }
      return goesOn
    }
    if goesOn, !batch.isEmpty { try finishBatch() }
    return goesOn
  }

  private func continueBatch(
    _ batch: [(request: GenerationRequest, text: String)], onToken: (Int, Int32) -> Bool
  ) throws -> [GeneratedLine]? {
    let longest = batch.map(\.request.tokens.count).max() ?? 1
    let generator = try generator(sequences: batch.count, prompt: longest)
    guard let found = try generator.run(batch.map(\.request), onToken: onToken) else { return nil }
    return zip(batch, found).map { one, continuation in
      GeneratedLine(
        prompt: one.text, sample: one.request.sample,
        text: tokenizer.decode(continuation.tokens, skipSpecialTokens: true),
        tokens: continuation.tokens, logProbability: continuation.logProbability,
        stop: continuation.stop)
    }
  }

  /// A generator with room for a batch; the last one where that is enough.
  private func generator(sequences: Int, prompt: Int) throws -> Generator {
    let capacity = prompt + settings.maximumNewTokens
    if let generator, generator.plan.capacity >= capacity, generator.plan.sequences >= sequences {
      return generator
    }
    // Give the old memory back first.
    generator = nil
    // The weights are in memory already.
    let weights = DecodingPlan(
      configuration: model.configuration, sequences: 1, capacity: 1, precision: model.precision,
      compute: model.compute
    ).weightBytes
    let plan = try DecodingPlan.check(
      configuration: model.configuration, sequences: sequences, capacity: capacity,
      precision: model.precision, compute: model.compute,
      limitBytes: SystemMemory.available() + weights)
    let made = try Generator(
      model: model, sampling: settings.sampling, maximumNewTokens: settings.maximumNewTokens,
      endOfText: endOfText, plan: plan)
    generator = made
    return made
  }
}
