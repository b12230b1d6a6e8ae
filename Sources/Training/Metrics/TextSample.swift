public import Store

/// What a model in training made of a prompt; one line of `samples.jsonl`.
public struct TextSample: Codable, Sendable, Equatable {
  /// Steps done.
  public var step: Int
  /// Input tokens read.
  public var tokensSeen: Int
  public var prompt: String
  /// What the model added.
  public var text: String
  /// New tokens, the end-of-text token included.
  public var tokenCount: Int
  /// Log-probability of the new tokens together, nats.
  public var logProbability: Double

  public init(
    step: Int, tokensSeen: Int, prompt: String, text: String, tokenCount: Int,
    logProbability: Double
  ) {
    self.step = step
    self.tokensSeen = tokensSeen
    self.prompt = prompt
    self.text = text
    self.tokenCount = tokenCount
    self.logProbability = logProbability
  }
}

/// How a run samples text: every so many steps, before the first and after the last.
///
/// It draws from streams of its own and changes nothing of the training.
public struct TextSampling {
  /// Steps between two times.
  public var interval: Int
  /// Continues the prompts with the weights as they are; nil when a stop came.
  public var sample: (_ state: TrainingState) throws -> [TextSample]?

  public init(
    interval: Int, sample: @escaping (_ state: TrainingState) throws -> [TextSample]?
  ) {
    self.interval = interval
    self.sample = sample
  }
}

/// The samples of a run, `samples.jsonl`: without repetition, however often the run was stopped or
/// killed.
public enum SampleFile {
  /// Name of the file in a run's folder.
  public static let name = "samples.jsonl"

  /// Reads every sample of a run, oldest first; a run without any has none.
  public static func read(runFolder: String) throws(StoreError) -> [TextSample] {
    try JSONLinesLog.read(TextSample.self, from: path(runFolder))
  }

  /// Drops what was written behind the state that a run goes on from.
  static func keep(upTo state: TrainingState?, runFolder: String) throws(StoreError) {
    guard Folder.exists(path(runFolder)) else { return }
    let samples = try read(runFolder: runFolder)
    let kept = samples.filter { $0.step <= state?.lastSampledStep ?? -1 }
    guard kept.count < samples.count else { return }
    try AtomicFile.write(to: path(runFolder)) { (writer) throws(StoreError) in
      for sample in kept {
        try writer.write(text: try JSONFile.text(of: sample, pretty: false) + "\n")
      }
    }
  }

  static func append(_ samples: [TextSample], runFolder: String) throws(StoreError) {
    let log = try JSONLinesLog(appendingTo: path(runFolder))
    for sample in samples { try log.append(sample) }
    try log.sync()
  }

  private static func path(_ runFolder: String) -> String { "\(runFolder)/\(name)" }
}
