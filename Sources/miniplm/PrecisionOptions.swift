import ArgumentParser
import Engine
import Pipeline

/// What a new project computes in; project.json keeps it.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: """
      In which teacher and reference score: auto (the default: the fastest that a probe shows to keep \
      ranks and selection), f32, bf16 or int8.
      """)
  var scoringPrecision: PrecisionSetting?
  @Option(
    help: """
      In which models are trained: auto (the default: bf16 where the processor trains in it and the \
      models are large enough to gain by it, else f32), f32, or bf16 with f32 masters.
      """)
  var trainingPrecision: PrecisionSetting?
  @Flag(help: "Train with less memory and more work: compute activations again, same bits.")
  var checkpointBlocks = false

  /// Overwrites what was given.
  func apply(to settings: inout ProjectSettings) {
    if let scoringPrecision { settings.scoringPrecision = scoringPrecision }
    if let trainingPrecision { settings.trainingPrecision = trainingPrecision }
    if checkpointBlocks { settings.checkpointBlocks = true }
  }
}
