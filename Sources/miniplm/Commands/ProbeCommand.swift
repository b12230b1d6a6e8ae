import ArgumentParser
import Engine
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit

/// Numbers to compare with another implementation.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Run a model on given tokens and write logits, losses and gradients as safetensors.",
    discussion: """
      The tokens file holds `tokens` (I32), and if wanted `offsets` (I32, first token of each chunk, \
      then the number of tokens) and `end_of_text` (I32 [1]). scripts/check_parity.py drives this \
      against transformers.
      """)

  @Argument(help: "Model folder or GGUF file.", transform: modelPlace())
  var model: String
  @Option(help: "safetensors with the tokens.")
  var tokens: String
  @Option(name: [.short, .long], help: "safetensors to write.")
  var output: String
  @Flag(help: "Write every parameter's gradient of the loss.")
  var gradients = false
  @Option(
    help: "Optimiser steps whose losses are written. (default: 0)", transform: whole(0...1_000_000))
  var steps = 0
  @Option(help: "Highest learning rate. (default: 0.005)", transform: real(0...1e6))
  var lr = 5e-3
  @Option(
    help: "Learning rate at the end of the cosine. (default: 0.0005)", transform: real(0...1e6))
  var minLR = 5e-4
  @Option(help: "Steps of warm-up. (default: 3)", transform: whole(0...1_000_000))
  var warmup = 3
  @Option(help: "Decay of the first moment. (default: 0.9)", transform: single(decay()))
  var beta1: Float = 0.9
  @Option(help: "Decay of the second moment. (default: 0.98)", transform: single(decay()))
  var beta2: Float = 0.98
  @Option(
    help: "Added to the root of the second moment. (default: 1e-06)",
    transform: single(realAboveZero(upTo: 1)))
  var epsilon: Float = 1e-6
  @Option(help: "Decoupled weight decay. (default: 0.01)", transform: single(real(0...1e6)))
  var weightDecay: Float = 0.01
  @Option(
    help: "Largest global norm of the gradient. (default: 1.0)",
    transform: realAboveZero(upTo: 1e30))
  var clip = 1.0
  @Option(help: "Folder to save the model to, as it was read.")
  var save: String?
  @Option(help: "Type of the saved weights: float32, float16 or bfloat16.")
  var dtype = WeightType.float32
  @Option(help: "Precision of matrix products: f32, bf16 or int8.")
  var precision = Precision.f32
  @OptionGroup var common: CommonOptions

  func run() throws {
    let place = try self.place()
    for warning in try ModelFolder(model).examine().warnings {
      Output.error("probe: warning: \(warning)")
    }
    let request = ModelProbe.Request(
      modelFolder: model, tokensFile: tokens, outputFile: place.file, writesGradients: gradients,
      steps: steps,
      optimiser: ProbeOptimiser(
        learningRate: lr, minimumLearningRate: minLR, warmupSteps: warmup, beta1: beta1,
        beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, clipNorm: clip),
      saveFolder: place.folder, saveType: dtype, precision: precision)
    let stopped = ExitStatus.stopped("Stopped; \(output) was not written.")
    let summary = try CommandRun("probe", common, whenStopped: stopped).run { work in
      try ModelProbe.run(
        request, compute: common.compute(), checkpoint: { try work.checkpoint() })
    }
    if common.json { return try Output.json(summary) }
    try Output.line(
      "\(summary.modelType), \(Number.grouped(summary.parameterCount)) parameters, "
        + "\(Number.grouped(summary.tokenCount)) tokens, loss \(Number.fixed(summary.loss, 6)); "
        + "\(summary.tensors.count) tensors in \(output)")
    for (step, loss) in summary.losses.enumerated() {
      try Output.line("step \(step): loss \(Number.fixed(loss, 6))")
    }
  }

  /// Where it writes: what is there stays, and that is said before any work.
  private func place() throws -> (file: String, folder: String?) {
    let file = try OutputPath(file: output)
    guard let save else { return (file.path, nil) }
    let folder = try OutputPath(folder: save, isPublished: true)
    try folder.requireApart(
      from: [(model, "the model"), (tokens, "the tokens"), (file.path, "--output")],
      mayBeInside: true)
    try file.requireApart(from: [(folder.path, "--save")])
    try folder.requireFree()
    return (file.path, folder.path)
  }
}
