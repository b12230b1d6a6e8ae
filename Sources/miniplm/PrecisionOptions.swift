import ArgumentParser
import Engine
import TensorKit

/// What a new project computes in; project.json keeps it.
struct PrecisionOptions: ParsableArguments {
  @Option(help: "In which teacher and reference score: f32 (the default), bf16 or int8.")
  var scoringPrecision: Precision?
  @Option(help: "In which models are trained: f32 (the default), or bf16 with f32 masters.")
  var trainingPrecision: Precision?
  @Flag(help: "Train with less memory and more work: compute activations again, same bits.")
  var checkpointBlocks = false

  /// Overwrites what was given.
  func apply(to settings: inout ProjectSettings) {
    if let scoringPrecision { settings.scoringPrecision = scoringPrecision }
    if let trainingPrecision { settings.trainingPrecision = trainingPrecision }
    if checkpointBlocks { settings.checkpointBlocks = true }
  }
}
