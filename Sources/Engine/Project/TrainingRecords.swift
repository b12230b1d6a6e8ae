import LanguageModels
import Pipeline
public import TensorKit
import Training

/// What a training of a project keeps and writes on its way; `records` of a model in project.json, every
/// key of which may be left out.
public struct TrainingRecords: Codable, Sendable, Equatable {
  /// How many of the newest checkpoints stay; nil: two. A fork begins with one of them.
  public var keepLast: Int?
  /// Steps at whose multiples checkpoints stay, too.
  public var keepEvery: Int?
  /// Whether the checkpoint with the lowest held-out loss stays, too.
  public var keepBest: Bool?
  /// Whether event files of TensorBoard are written, into `tensorboard` in the run's folder.
  public var tensorBoard: Bool?
  /// Steps between samples of text, and what they go on from: both or none.
  public var sampleEvery: Int?
  public var samplePrompts: [String]?
  /// New tokens of a sample at most; nil: 64.
  public var sampleTokens: Int?

  public init() {}

  /// The configuration with what stays of its checkpoints.
  func applied(to configuration: TrainingConfiguration) -> TrainingConfiguration {
    var configuration = configuration
    configuration.checkpointsKept = keepLast ?? configuration.checkpointsKept
    configuration.checkpointsKeptEvery = keepEvery
    configuration.keepsBestCheckpoint = keepBest ?? false
    return configuration
  }

  /// Where the event files of a run go.
  func tensorBoard(of runFolder: String) -> String? {
    tensorBoard ?? false ? runFolder + "/tensorboard" : nil
  }

  var samples: TrainingSamples? {
    guard let sampleEvery, let samplePrompts else { return nil }
    return TrainingSamples(
      interval: sampleEvery, prompts: samplePrompts, maximumNewTokens: sampleTokens ?? 64)
  }
}

/// Vanilla KD of both students by the project's teacher; `teaching` of the student in project.json.
/// With it A is the baseline of the paper, and B difference sampling and Vanilla KD together.
public struct StudentTeaching: Codable, Sendable, Equatable {
  /// Share of the divergence in the loss.
  public var ratio: Double
  public var temperature: Double
  /// In which the teacher computes; nil: f32.
  public var precision: Precision?

  public init(ratio: Double = 0.5, temperature: Double = 1, precision: Precision? = nil) {
    self.ratio = ratio
    self.temperature = temperature
    self.precision = precision
  }

  func teacher(_ folder: ModelFolder) -> TrainingTeacher {
    TrainingTeacher(
      .model(folder, precision ?? .f32), ratio: ratio, temperature: temperature)
  }
}
