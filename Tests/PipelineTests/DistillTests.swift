import Corpus
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers
import Training

/// Vanilla KD through the verb: teacher beside the student, and from a cache.
@Suite struct DistillTests {
  let inputs: ScoredInputs

  init() throws { inputs = try ScoredInputs() }

  private var configuration: TrainingConfiguration {
    TrainingConfiguration(
      steps: 6, chunksPerMicroBatch: 2, chunksPerStep: 4, chunkTokens: 33,
      endOfSequenceToken: nil, learningRate: 1e-2, minimumLearningRate: 1e-3, warmupSteps: 2,
      order: .shuffled, checkpointInterval: 2, logInterval: 1)
  }

  private func path(_ name: String) -> String { "\(inputs.root)/\(name)" }

  private func verb(
    _ name: String, _ teacher: TrainingTeacher, student: ModelFolder? = nil,
    training: TrainingConfiguration? = nil, shards: String? = nil
  ) -> Train {
    Train(
      .folder(student ?? inputs.reference),
      on: TrainingPlace(
        shards: shards ?? inputs.shards, runFolder: path("runs/\(name)"),
        output: path("models/\(name)")),
      configuration: training ?? configuration, teacher: teacher, compute: inputs.compute)
  }

  private func model(_ teacher: ModelFolder, _ precision: Precision = .f32) -> TrainingTeacher {
    TrainingTeacher(.model(teacher, precision))
  }

  private func cache(
    _ name: String, _ kept: KeptTokens, temperature: Double = 1, vocabulary: Int? = nil,
    shards: String? = nil
  ) -> CacheLogits {
    CacheLogits(
      teacher: inputs.teacher, shards: shards ?? inputs.shards, into: path(name),
      CacheLogits.Settings(
        kept, temperature: temperature, vocabularySize: vocabulary, chunkTokens: 33),
      compute: inputs.compute)
  }

  private func losses(_ name: String) throws -> [DistillationMetrics] {
    try MetricsLog.read(runFolder: path("runs/\(name)")).compactMap {
      if case .step(let metrics) = $0 { metrics.distillation } else { nil }
    }
  }

  private func weights(_ name: String) -> Data? {
    FileManager.default.contents(atPath: path("models/\(name)/model.safetensors"))
  }

  @Test func theRecordSaysWhoTaught() throws {
    let listener = Listener()
    _ = try verb("kd", model(inputs.teacher)).run(listener.work)
    let record = try #require(try DistillationSettings.read(folder: path("models/kd")))
    #expect(record.ratio == 0.5 && record.temperature == 1)
    #expect(record.teacher.model.name == "teacher" && record.teacher.precision == .f32)
    #expect(record.teacher.operationsPerToken > 0)
    #expect(
      CheckpointStore.recordedConfiguration(runFolder: path("runs/kd"))?.distillation == record)
    #expect(listener.notes.contains { $0.text.hasPrefix("vanilla KD: ratio 0.5") })
    #expect(
      listener.notes.contains { $0.text.contains(", teacher ") && $0.text.contains("of memory") })
    #expect(
      listener.reports.contains {
        $0.detail.contains("LM ") && $0.detail.contains("KL ")
          && $0.detail.contains("of the gradient")
      })
    #expect(try losses("kd").count == 6)
  }

  @Test func aRunThatIsStoppedGoesOnWithTheSameBits() throws {
    _ = try verb("whole", model(inputs.teacher, .bf16)).run(Work())
    var rounds = 0
    while true {
      rounds += 1
      do {
        _ = try verb("pieces", model(inputs.teacher, .bf16)).run(
          Listener(stopAfter: 2, reports: "loss").work)
        break
      } catch is WorkStopped {}
      try #require(rounds < 50)
    }
    #expect(rounds > 1)
    #expect(weights("whole") != nil && weights("whole") == weights("pieces"))
  }

  /// The setting that a run is refused for.
  private func refused(_ verb: Train) -> String? {
    do {
      _ = try verb.run(Work())
      return nil
    } catch {
      return SettingFault(error)?.key
    }
  }

  @Test func teachersOfOtherTokensAreRefused() throws {
    var words = WordCounter(preTokenization: .qwen2)
    words.add("river stone river stone value boats print slow")
    try BytePairTrainer(.init(vocabularySize: 264)).train(on: words) { _ in true }
      .write(toFolder: path("words"))
    let shape = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: 264, hiddenSize: 16, intermediateSize: 32, layerCount: 1, headCount: 2,
        specialTokens: SpecialTokenIDs(beginning: 0, end: [0], padding: 0)))
    try LanguageModel.make(
      shape, initialization: .seeded(RandomSource(seed: 1)), compute: inputs.compute
    ).save(to: path("other"), tokenizerFolder: path("words"))
    #expect(refused(verb("other", model(ModelFolder(path("other"))))) == "teacher")
    #expect(!Folder.exists(path("models/other")))
    #expect(throws: ModelError.self) {
      try verb("nowhere", model(ModelFolder(path("nowhere")))).run(Work())
    }
    let cache = CacheLogits(
      teacher: ModelFolder(path("other")), shards: inputs.shards, into: path("cache"),
      CacheLogits.Settings(.likeliest(3)), compute: inputs.compute)
    #expect(throws: PipelineError.self) { try cache.run(Work()) }
  }

  @Test func aCacheIsMadeInPiecesWithTheSameBytes() throws {
    try inputs.pack("more", documents: 120)
    func made(_ name: String) -> CacheLogits {
      cache(name, .draws(count: 20, seed: 3), shards: path("more"))
    }
    let whole = try made("whole").run(Work())
    let contents = try #require(whole.contents)
    #expect(whole.partCount > 1)
    #expect(contents.positions > 1000)
    #expect(contents.bytesPerToken < 70)
    var rounds = 0
    while true {
      rounds += 1
      do {
        let manifest = try made("pieces")
          .run(Listener(stopAfter: 1, reports: "chunks, part").work)
        #expect(manifest == whole)
        break
      } catch is WorkStopped {}
      try #require(rounds < 100)
    }
    #expect(rounds > 1)
    #expect(try inputs.files(path("whole")) == inputs.files(path("pieces")))
    #expect(throws: PipelineError.self) {
      try cache("pieces", .draws(count: 21, seed: 3), shards: path("more")).run(Work())
    }
    // Whole, it is not made again.
    let listener = Listener()
    #expect(try made("whole").run(listener.work) == whole)
    #expect(listener.notes.contains { $0.text == "the cache is whole" })
  }

  @Test(arguments: [1.0, 2]) func aCacheTeachesAsItsTeacher(temperature: Double) throws {
    _ = try cache("many", .draws(count: 3000, seed: 3), temperature: temperature).run(Work())
    var teacher = model(inputs.teacher)
    teacher.temperature = temperature
    _ = try verb("beside", teacher).run(Work())
    _ = try verb("cached", TrainingTeacher(.cache(path("many")))).run(Work())
    let (beside, cached) = (try losses("beside"), try losses("cached"))
    #expect(beside.count == 6 && cached.count == 6)
    for (a, b) in zip(beside, cached) {
      let gaps: [Double] = [
        a.lmLoss - b.lmLoss, a.kdLoss - b.kdLoss, a.teacherEntropy - b.teacherEntropy,
        (a.kdGradientShare ?? 0) - (b.kdGradientShare ?? 1),
      ]
      for (gap, most) in zip(gaps, [1e-2, 3e-2, 1e-5, 3e-2]) { #expect(abs(gap) < most) }
    }
    // A student of another family reads the same cache.
    let mamba = path("mamba")
    try LanguageModel.make(
      try ModelConfiguration(
        .mamba,
        ModelSizes(
          vocabularySize: ScoredInputs.vocabularySize + 6, hiddenSize: 16, layerCount: 1,
          stateSize: 4,
          specialTokens: SpecialTokenIDs(
            beginning: Int(ScoredInputs.endOfText), end: [Int(ScoredInputs.endOfText)],
            padding: Int(ScoredInputs.endOfText)))),
      initialization: .seeded(RandomSource(seed: 6)), compute: inputs.compute
    ).save(to: mamba, tokenizerFolder: inputs.tokenizer)
    _ = try verb("mamba", TrainingTeacher(.cache(path("many"))), student: ModelFolder(mamba))
      .run(Work())
    #expect(try losses("mamba").allSatisfy { $0.kdLoss > 0 })
  }

  @Test func theLikeliestAreMarkedAsBiased() throws {
    let listener = Listener()
    let manifest = try cache("top", .likeliest(8)).run(listener.work)
    #expect(manifest.teacher.cache?.isBiased == true)
    #expect(listener.notes.contains { $0.level == .warning && $0.text.contains("biased") })
    let again = Listener()
    _ = try verb("top", TrainingTeacher(.cache(path("top")))).run(again.work)
    #expect(again.notes.contains { $0.level == .warning && $0.text.contains("biased") })
    #expect(
      try DistillationSettings.read(folder: path("models/top"))?.teacher.cache == .likeliest(8))
  }

  @Test func cachesThatDoNotFitAreRefused() throws {
    _ = try cache("cache", .draws(count: 5, seed: 3)).run(Work())
    let teacher = TrainingTeacher(.cache(path("cache")))
    var warm = teacher
    warm.temperature = 2
    #expect(refused(verb("warm", warm)) == "temperature")
    var long = configuration
    long.chunkTokens = 40
    #expect(refused(verb("long", teacher, training: long)) == "logits")
    try inputs.pack("others", documents: 41)
    #expect(refused(verb("others", teacher, shards: path("others"))) == "logits")
    #expect(throws: DistillationError.self) {
      try verb("none", TrainingTeacher(.cache(inputs.root))).run(Work())
    }
  }

  @Test func samplesNeedATeacherThatReadsThem() throws {
    _ = try cache("cache", .draws(count: 5, seed: 3)).run(Work())
    var samples = MiniLLMSettings()
    (samples.promptTokens, samples.newTokens, samples.rollouts) = (12, 10, 8)
    #expect(
      refused(verb("cached", TrainingTeacher(.cache(path("cache")), minillm: samples))) == "logits")
    var teacher = model(inputs.teacher)
    teacher.minillm = samples
    teacher.minillm?.promptTokens = 33
    #expect(refused(verb("long", teacher)) == "promptTokens")
    teacher.minillm = samples
    let listener = Listener()
    let result = try verb("sampled", teacher).run(listener.work)
    #expect(result.minillm?.rollout == 1 && result.minillm?.rolloutEpoch == 3)
    #expect(result.distillation != nil)
    #expect(listener.notes.contains { $0.text.hasPrefix("MiniLLM: prompts of 12 tokens") })
    #expect(listener.notes.contains { $0.text.hasPrefix("1 rollout of 8 sequences") })
    #expect(listener.reports.contains { $0.detail.contains("rollout 1: ") })
    #expect(listener.reports.contains { $0.detail.contains("reverse KL ") })
    let training = CheckpointStore.recordedConfiguration(runFolder: path("runs/sampled"))
    #expect((training?.minillm?.teacherHeadOperations ?? 0) > 0)
  }

  @Test func aDamagedPartIsNamed() throws {
    let manifest = try cache("cache", .draws(count: 5, seed: 3)).run(Work())
    let part = path("cache/\(manifest.partName(0))")
    let bytes = try #require(FileManager.default.contents(atPath: part))
    try bytes.dropLast(40).write(to: URL(fileURLWithPath: part))
    #expect(throws: StoreError.self) {
      try verb("damaged", TrainingTeacher(.cache(path("cache")))).run(Work())
    }
  }
}
