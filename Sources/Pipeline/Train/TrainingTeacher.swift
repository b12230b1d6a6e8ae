public import LanguageModels
import Store
public import TensorKit
public import Training

/// Who teaches a student in `Train`, and how much of the loss is drawn to it (Vanilla KD), along the
/// student's samples as well (MiniLLM).
public struct TrainingTeacher {
  /// Where its distributions come from.
  public enum Source {
    /// A model that computes beside the student.
    case model(ModelFolder, Precision)
    /// The folder of a cache (`CacheLogits`).
    case cache(String)
  }

  public var source: Source
  /// Share of the divergence in the loss.
  public var ratio: Double
  /// Nil takes that of the cache, or 1.
  public var temperature: Double?
  /// Lets the student learn along its own samples, too (MiniLLM); nil does not.
  public var minillm: MiniLLMSettings?

  public init(
    _ source: Source, ratio: Double = 0.5, temperature: Double? = nil,
    minillm: MiniLLMSettings? = nil
  ) {
    self.source = source
    self.ratio = ratio
    self.temperature = temperature
    self.minillm = minillm
  }

  /// The settings of samples with what the account of operations needs of the teacher.
  ///
  /// - Throws: `PipelineError.setting` for a cache, which knows nothing of what a student will write.
  func sampling() throws -> MiniLLMSettings? {
    guard var settings = minillm else { return nil }
    switch source {
    case .model(let folder, _):
      settings.teacherHeadOperations = ModelOperations(try folder.configuration()).head
      return settings
    case .cache(let folder):
      throw PipelineError.setting(
        name: "logits", found: "\(folder), a cache of a teacher's distributions",
        expected: "a teacher: a cache has no distributions for what the student samples")
    }
  }

  /// Looks at the teacher before anything is done with it.
  ///
  /// - Throws: as `Work.examine`; `DistillationError`, `StoreError`; as `sampling`.
  func examine(compute: Ops, _ work: Work) throws {
    _ = try sampling()
    switch source {
    case .model(let folder, let precision):
      try work.examine(folder, precision: precision, for: .scoring, compute: compute)
    case .cache(let folder): _ = try LogitCacheManifest.read(folder: folder)
    }
  }

  /// What it reads, as `OutputPath.requireApart` takes it.
  var inputs: [(path: String, what: String)] {
    switch source {
    case .model(let folder, _): [(folder.path, "the teacher")]
    case .cache(let folder): [(folder, "the cache")]
    }
  }

  /// Its size, for the plan of memory.
  ///
  /// - Throws: `ModelError`; `DistillationError`, `StoreError`.
  func planned() throws -> PlannedTeacher {
    switch source {
    case .model(let folder, let precision): .model(try folder.configuration(), precision)
    case .cache(let folder):
      .cache(vocabularySize: try LogitCacheManifest.read(folder: folder).vocabularySize)
    }
  }

  /// The training with what its account of operations needs of the teacher, who is not looked at.
  ///
  /// - Parameter length: input positions of a chunk.
  /// - Throws: `ModelError`; `DistillationError`, `StoreError`; `PipelineError.setting`.
  func priced(_ training: TrainingConfiguration, length: Int) throws -> TrainingConfiguration {
    var training = training
    switch source {
    case .model(let folder, let precision):
      training.distillation = DistillationSettings(
        ratio: ratio, temperature: temperature ?? 1,
        teacher: DistillationTeacher(
          ArtifactIdentity(name: folder.path, digest: ""), try folder.configuration(), precision,
          length: length))
    case .cache(let folder):
      training.distillation = settings(try LogitCacheManifest.read(folder: folder))
    }
    training.minillm = try sampling()
    return training
  }

  /// What a run records of it, once it has been compared with the student, whom it is told.
  ///
  /// - Throws: as `requireFits` and `settings`.
  func distillation(
    of student: ModelConfiguration, tokenizer: String?, training: TrainingConfiguration,
    place: TrainingPlace, _ work: Work
  ) throws -> DistillationSettings {
    let length = try place.open().meanInputs(chunkTokens: training.chunkTokens)
    try requireFits(
      student: student, tokenizer: tokenizer, training: training, place: place, work)
    let settings = try settings(length: max(1, Int(length.rounded())), work)
    try settings.validate()
    work.note("\(minillm == nil ? "vanilla KD" : "MiniLLM, loss on text"): \(settings)")
    return settings
  }

  /// What a run records of it.
  ///
  /// - Parameter length: input positions of a chunk, on average.
  /// - Throws: `ModelError`, `StoreError`; `WorkStopped`.
  func settings(length: Int, _ work: Work) throws -> DistillationSettings {
    switch source {
    case .model(let folder, let precision):
      DistillationSettings(
        ratio: ratio, temperature: temperature ?? 1,
        teacher: DistillationTeacher(
          try Identities(FileDigests(), work).model(folder), try folder.configuration(),
          precision, length: length))
    case .cache(let folder): try settings(LogitCacheManifest.read(folder: folder))
    }
  }

  private func settings(_ manifest: LogitCacheManifest) -> DistillationSettings {
    DistillationSettings(
      ratio: ratio, temperature: manifest.temperature, teacher: manifest.teacher)
  }

  /// Compares it with student, run and shards.
  ///
  /// - Throws: `PipelineError.setting` where its ids mean other text than the student's, or a cache is
  ///   of other chunks.
  func requireFits(
    student: ModelConfiguration, tokenizer: String?, training: TrainingConfiguration,
    place: TrainingPlace, _ work: Work
  ) throws {
    switch source {
    case .model(let folder, _):
      try TeacherCheck(
        folder: folder, tokenizer: tokenizer, student: student, shards: place.shards
      ).require(work)
    case .cache(let folder):
      try CacheCheck(
        folder: folder, manifest: LogitCacheManifest.read(folder: folder), student: student,
        training: training, temperature: temperature
      ).require(place, work)
    }
  }

  /// The teacher, ready for a run.
  ///
  /// - Throws: `ModelError`, `TensorError`; `DistillationError`, `StoreError`.
  func open(
    _ training: TrainingConfiguration, compute: Ops, _ work: Work
  ) throws -> any DistillationSource {
    switch source {
    case .model(let folder, let precision):
      try TeacherModel(
        folder.load(precision: precision, purpose: .scoring, compute: compute, work),
        training: training)
    case .cache(let folder): try LogitCache(folder: folder)
    }
  }
}

extension DistillationTeacher {
  /// - Parameter length: input positions of a whole chunk.
  init(
    _ model: ArtifactIdentity, _ configuration: ModelConfiguration, _ precision: Precision,
    length: Int
  ) {
    let operations = ModelOperations(configuration)
    self.init(
      model: model, precision: precision, parameters: operations.parameters,
      operationsPerToken: operations.forward(length: max(1, length)) / Double(max(1, length)))
  }
}
