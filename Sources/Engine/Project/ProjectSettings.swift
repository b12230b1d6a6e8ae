public import Corpus
public import Evaluation
import LanguageModels
public import Pipeline
public import TensorKit
public import Training

/// Where a project's text comes from.
public enum TextOrigin: Codable, Sendable, Equatable {
  /// Whether the text is the demo's, which is labelled.
  var isDemo: Bool {
    switch self {
    case .demo, .demoForThisMachine: true
    case .files: false
    }
  }

  /// Real text of this machine with planted damage, about so many bytes in all.
  case demo(bytes: Int)
  /// The same, as much as this machine works through in the time that the demo promises.
  case demoForThisMachine
  /// Files and folders of the user: text, or for each part one folder of token shards. Without a
  /// reserve, teacher and reference must be folders; without held-out text, students cannot be
  /// compared.
  case files(scored: [String], reserve: [String], heldOut: [String])
}

/// Where the tokenizer comes from.
public enum TokenizerOrigin: Codable, Sendable, Equatable {
  /// Trained on the reserve part.
  case trained(vocabularySize: Int)
  /// A tokenizer.json or a folder that holds one.
  case path(String)
}

/// Everything that decides a project's results; `project.json`.
public struct ProjectSettings: Codable, Sendable, Equatable {
  public var name: String
  /// Seed of every random choice; the stages split it by name.
  public var seed: UInt64
  public var text: TextOrigin
  public var tokenizer: TokenizerOrigin
  /// How documents are read, cut into chunks and spread over shards.
  public var corpus: CorpusSettings
  public var teacher: ModelOrigin
  public var reference: ModelOrigin
  /// The ratio to start with; the user may move it.
  public var ratio: Double
  /// Both students: equal weights, schedule, seed and token budget.
  public var student: TrainedModel
  /// Chunks of one block of scores: what a crash can cost.
  public var scoringBlock: Int
  /// In which teacher and reference score.
  public var scoringPrecision: PrecisionSetting
  /// In which models are trained: f32, or bf16 with f32 masters.
  public var trainingPrecision: PrecisionSetting
  /// Whether training computes activations again instead of keeping them.
  public var checkpointBlocks: Bool
  /// What trainings do about spikes, numbers that are not finite and a full disk; nil = as usual.
  public var faults: FaultPolicy?
  /// Checks before scoring that may fail; nil in projects where nobody has waived one.
  public var waivers: [CheckWaiver]?
  /// Zero-shot tasks to evaluate models on; nil in projects that have none.
  public var tasks: [TaskFile]?
  /// Paths of the models that are evaluated, those of the project from its folder on; nil = teacher,
  /// reference and both students.
  public var taskModels: [String]?
  /// The first so many items of each task; nil for all.
  public var taskLimit: Int?
  /// The release of lm-evaluation-harness that is reproduced; nil = the newest.
  public var taskRelease: HarnessVersion?
  /// In which models are evaluated on tasks; nil = as teacher and reference score.
  public var taskPrecision: Precision?

  public init(
    name: String, seed: UInt64, text: TextOrigin, tokenizer: TokenizerOrigin,
    corpus: CorpusSettings, teacher: ModelOrigin, reference: ModelOrigin, ratio: Double,
    student: TrainedModel, scoringBlock: Int = 64, scoringPrecision: PrecisionSetting = .f32,
    trainingPrecision: PrecisionSetting = .f32, checkpointBlocks: Bool = false
  ) {
    self.name = name
    self.seed = seed
    self.text = text
    self.tokenizer = tokenizer
    self.corpus = corpus
    self.teacher = teacher
    self.reference = reference
    self.ratio = ratio
    self.student = student
    self.scoringBlock = scoringBlock
    self.scoringPrecision = scoringPrecision
    self.trainingPrecision = trainingPrecision
    self.checkpointBlocks = checkpointBlocks
  }

  /// Reads settings; those that older projects lack have their defaults.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try values.decode(Value.self, forKey: key)
    }
    try self.init(
      name: value(.name), seed: value(.seed), text: value(.text), tokenizer: value(.tokenizer),
      corpus: value(.corpus), teacher: value(.teacher), reference: value(.reference),
      ratio: value(.ratio), student: value(.student), scoringBlock: value(.scoringBlock),
      scoringPrecision: values.decodeIfPresent(
        PrecisionSetting.self, forKey: .scoringPrecision) ?? .f32,
      trainingPrecision: values.decodeIfPresent(PrecisionSetting.self, forKey: .trainingPrecision)
        ?? .f32,
      checkpointBlocks: values.decodeIfPresent(Bool.self, forKey: .checkpointBlocks) ?? false)
    faults = try values.decodeIfPresent(FaultPolicy.self, forKey: .faults)
    waivers = try values.decodeIfPresent([CheckWaiver].self, forKey: .waivers)
    tasks = try values.decodeIfPresent([TaskFile].self, forKey: .tasks)
    taskModels = try values.decodeIfPresent([String].self, forKey: .taskModels)
    taskLimit = try values.decodeIfPresent(Int.self, forKey: .taskLimit)
    taskRelease = try values.decodeIfPresent(HarnessVersion.self, forKey: .taskRelease)
    taskPrecision = try values.decodeIfPresent(Precision.self, forKey: .taskPrecision)
  }

  /// Waives checks beside those that are waived.
  public mutating func waive(_ more: [CheckWaiver]) {
    guard !more.isEmpty else { return }
    let kept = (waivers ?? []).filter { old in !more.contains { $0.check == old.check } }
    waivers = kept + more
  }

  /// Refuses what cannot work before anything is started.
  public func validate() throws(EngineError) {
    guard (0...1).contains(ratio) else {
      throw .setting(name: "ratio", found: "\(ratio)", expected: "0 to 1")
    }
    try checkNumbers()
    try checkTasks()
    do {
      try faults?.validate()
    } catch {
      throw .setting(
        name: "faults", found: error.message, expected: "values as the README has them")
    }
    guard trainingPrecision != .int8 else {
      throw .setting(name: "trainingPrecision", found: "int8", expected: "auto, f32 or bf16")
    }
    if case .files(let scored, let reserve, _) = text {
      guard !scored.isEmpty else {
        throw .setting(name: "text", found: "no scored files", expected: "at least one path")
      }
      let trainsModels = [teacher, reference].contains {
        if case .trained = $0 { true } else { false }
      }
      let trainsTokenizer = if case .trained = tokenizer { true } else { false }
      if reserve.isEmpty, trainsTokenizer {
        throw .setting(
          name: "tokenizer", found: "none, and no reserve to train one on",
          expected: "a tokenizer.json or its folder, a teacher that brings its own, or a reserve")
      }
      if reserve.isEmpty, trainsModels {
        throw .setting(
          name: "text", found: "no reserve files",
          expected: "text to train the teacher and the reference on, or model folders")
      }
    }
  }

  /// Teacher and reference, where they are given and not trained.
  var givenModels: [(role: String, folder: ModelFolder)] {
    [("teacher", teacher), ("reference", reference)].compactMap { role, origin in
      guard case .folder(let path) = origin else { return nil }
      return (role, ModelFolder(path))
    }
  }

  /// Most tokens of a chunk.
  public var chunkTokens: Int { corpus.packing.maximumLength }
}
