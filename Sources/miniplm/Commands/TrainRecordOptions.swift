import ArgumentParser
import LanguageModels
import Pipeline
import Training

/// Which checkpoints of a training stay.
struct RetentionOptions: ParsableArguments {
  @Option(
    help: "How many of the newest checkpoints stay. (default: 3)",
    transform: whole(1...Most.counted))
  var keepLast = 3
  @Option(
    help: "Keep the checkpoints at multiples of so many steps, too.",
    transform: whole(1...Most.counted))
  var keepEvery: Int?
  @Flag(
    help: """
      Keep the checkpoint with the lowest held-out loss, too, and write one whenever an evaluation is \
      the best.
      """)
  var keepBest = false

  func validate(heldOut: String?) throws {
    if keepBest, heldOut == nil {
      throw ValidationError("--keep-best needs --held-out, by whose loss the best is known.")
    }
  }

  func applied(to configuration: TrainingConfiguration) -> TrainingConfiguration {
    var configuration = configuration
    configuration.checkpointsKept = keepLast
    configuration.checkpointsKeptEvery = keepEvery
    configuration.keepsBestCheckpoint = keepBest
    return configuration
  }
}

/// What a training writes beside metrics and checkpoints.
struct TrainRecordOptions: ParsableArguments {
  @Option(help: "Folder for event files of TensorBoard: losses, learning rate, speed and samples.")
  var tensorboard: String?
  @Option(
    help: """
      Steps between samples of text, which go to samples.jsonl in the run folder; one is also made \
      before the first step and after the last.
      """,
    transform: whole(1...Most.counted))
  var sampleEvery: Int?
  @Option(help: "Text that samples go on from; may be given several times.")
  var samplePrompt: [String] = []
  @Option(
    help: "New tokens of a sample at most. (default: 64)", transform: whole(1...Most.planned))
  var sampleTokens = 64
  @Option(
    help: "What logits of samples are divided by; 0 takes the likeliest token. (default: 0.0)",
    transform: real(0...1e6))
  var sampleTemperature = 0.0

  func validate() throws {
    if sampleEvery == nil, !samplePrompt.isEmpty {
      throw ValidationError("--sample-prompt needs --sample-every, the steps between samples.")
    }
    if sampleEvery != nil, samplePrompt.isEmpty {
      throw ValidationError("--sample-every needs --sample-prompt, the text that they go on from.")
    }
  }

  func samples(seed: UInt64) throws -> TrainingSamples? {
    guard let sampleEvery else { return nil }
    for prompt in samplePrompt { try requireUTF8(prompt, option: "--sample-prompt") }
    return TrainingSamples(
      interval: sampleEvery, prompts: samplePrompt, maximumNewTokens: sampleTokens,
      sampling: try SamplingSettings(temperature: sampleTemperature, seed: seed))
  }
}
