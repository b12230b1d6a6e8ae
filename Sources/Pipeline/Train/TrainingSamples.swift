public import LanguageModels
import Tokenizers
import Training

/// Text that a model is asked for while it is trained.
public struct TrainingSamples: Sendable, Equatable {
  /// Steps between two times.
  public var interval: Int
  public var prompts: [String]
  /// New tokens of a sample at most.
  public var maximumNewTokens: Int
  /// How tokens are drawn; equal at every step, so that samples can be compared.
  public var sampling: SamplingSettings

  public init(
    interval: Int, prompts: [String], maximumNewTokens: Int = 64,
    sampling: SamplingSettings = .greedy
  ) {
    self.interval = interval
    self.prompts = prompts
    self.maximumNewTokens = maximumNewTokens
    self.sampling = sampling
  }

  /// What the trainer of `model` calls. The prompts are looked at once, before the training begins.
  ///
  /// - Throws: `TokenizerError`; `ModelError.prompt` for a prompt that the model cannot read.
  func sampler(
    of model: any CausalLanguageModel, tokenizerFolder: String?, endOfText: Int32?, _ work: Work
  ) throws -> TextSampling {
    guard let tokenizerFolder else {
      throw PipelineError.setting(
        name: "sample-every", found: "\(interval) without a tokenizer",
        expected: "a model with a tokenizer beside it")
    }
    let tokenizer = try Tokenizer.load(from: tokenizerFolder)
    let encoder = PromptEncoder(
      tokenizer: tokenizer, configuration: model.configuration, limit: nil)
    for prompt in prompts { _ = try encoder.encode(prompt) }
    let run = GenerationRun(
      model: model, tokenizer: tokenizer,
      endOfText: endOfText.map { [$0] }
        ?? model.configuration.specialTokens.end.map { Int32(clamping: $0) },
      settings: try GenerationSettings(
        sampling: sampling, maximumNewTokens: maximumNewTokens, batch: max(1, prompts.count),
        precision: model.precision))
    let prompts = prompts
    return TextSampling(interval: interval) { state in
      var samples: [TextSample] = []
      let isDone = try run.run(
        .texts(prompts), onToken: { _, _ in !work.control.training.isStopped },
        onBatch: { lines in
          samples += lines.map {
            TextSample(
              step: state.step, tokensSeen: state.tokensSeen, prompt: $0.prompt, text: $0.text,
              tokenCount: $0.tokens.count, logProbability: $0.logProbability)
          }
        })
      return isDone ? samples : nil
    }
  }
}
