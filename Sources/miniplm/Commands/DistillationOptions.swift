import ArgumentParser
import LanguageModels
import Pipeline
import Store
import TensorKit
import Training

/// How a student is trained.
enum TrainingMethod: String, CaseIterable, ExpressibleByArgument {
  /// On the corpus alone.
  case pretrain
  /// Drawn to a teacher's distributions as well.
  case vanillaKD = "vanilla-kd"
  /// On text that a teacher has written.
  case seqKD = "seqkd"
  /// Drawn to a teacher along its own samples.
  case miniLLM = "minillm"
}

/// A teacher beside a student in training.
struct DistillationOptions: ParsableArguments {
  @Option(
    help: """
      pretrain (on the corpus alone); vanilla-kd: (1-k) LM + k T^2 KL(teacher || student) over the \
      vocabulary that both have; seqkd: on chunks whose rest the teacher writes first; minillm: along \
      what the student writes itself, by reverse KL, beside vanilla-kd's loss on text.
      """)
  var method = TrainingMethod.pretrain
  @Option(
    help: "vanilla-kd, seqkd, minillm: model folder or GGUF file of the teacher.",
    transform: modelPlace())
  var teacher: String?
  @Option(help: "vanilla-kd: folder of a cache of the teacher's distributions (cache-logits).")
  var logits: String?
  @Option(help: "Precision of the teacher: f32 (the default), bf16 or int8.")
  var teacherPrecision: Precision?
  @Option(
    help: "k, the share of the divergence in the loss. (default: 0.5)", transform: real(0...1))
  var kdRatio: Double?
  @Option(
    help: """
      T, by which the logits of both are divided in the divergence, or of seqkd's teacher before a token \
      is drawn; with minillm of both on samples, and 1 on text. By default 1, or that of the cache.
      """,
    transform: real(0.01...1000))
  var temperature: Double?
  @Option(help: "seqkd: folder for the teacher's text; by default the run's name with -text.")
  var continued: String?
  @Option(
    help: "seqkd, minillm: tokens of a chunk that are gone on from. (default: 768)",
    transform: whole(1...Most.planned))
  var promptTokens: Int?
  @Option(
    help: "seqkd, minillm: sequences that are written together. (default: 16)",
    transform: whole(1...Most.planned))
  var decodeBatch: Int?
  @OptionGroup var samples: MiniLLMOptions

  func validate() throws {
    let options: [(name: String, isGiven: Bool, methods: [TrainingMethod])] =
      [
        ("--teacher", teacher != nil, [.vanillaKD, .seqKD, .miniLLM]),
        ("--teacher-precision", teacherPrecision != nil, [.vanillaKD, .seqKD, .miniLLM]),
        ("--temperature", temperature != nil, [.vanillaKD, .seqKD, .miniLLM]),
        ("--logits", logits != nil, [.vanillaKD]),
        ("--kd-ratio", kdRatio != nil, [.vanillaKD, .miniLLM]),
        ("--continued", continued != nil, [.seqKD]),
        ("--prompt-tokens", promptTokens != nil, [.seqKD, .miniLLM]),
        ("--decode-batch", decodeBatch != nil, [.seqKD, .miniLLM]),
      ] + samples.given.map { ($0, true, [.miniLLM]) }
    for option in options where option.isGiven && !option.methods.contains(method) {
      let names = option.methods.map(\.rawValue).joined(separator: " or ")
      throw ValidationError("\(option.name) is for --method \(names).")
    }
    switch method {
    case .pretrain: break
    case .vanillaKD:
      guard (teacher == nil) != (logits == nil) else {
        throw ValidationError("--method vanilla-kd needs one of --teacher and --logits.")
      }
      if logits != nil, teacherPrecision != nil {
        throw ValidationError("--teacher-precision is for --teacher.")
      }
    case .seqKD:
      if teacher == nil { throw ValidationError("--method seqkd needs --teacher.") }
    case .miniLLM:
      if teacher == nil { throw ValidationError("--method minillm needs --teacher.") }
    }
  }

  /// As the verb takes it.
  func trainingTeacher(of training: TrainingConfiguration) -> TrainingTeacher? {
    if method == .miniLLM, let teacher {
      var settings = samples.settings(of: training)
      settings.promptTokens = promptTokens ?? settings.promptTokens
      settings.decodeBatch = decodeBatch ?? settings.decodeBatch
      settings.temperature = temperature ?? settings.temperature
      return TrainingTeacher(
        .model(ModelFolder(teacher), teacherPrecision ?? .f32), ratio: kdRatio ?? 0.5,
        minillm: settings)
    }
    guard method == .vanillaKD else { return nil }
    var source: TrainingTeacher.Source?
    if let teacher { source = .model(ModelFolder(teacher), teacherPrecision ?? .f32) }
    if let logits { source = .cache(logits) }
    return source.map { TrainingTeacher($0, ratio: kdRatio ?? 0.5, temperature: temperature) }
  }

  /// The shards to train on, and what is left of the work: with seqkd the teacher writes them first.
  func text(
    of shards: String, run: String, chunkTokens: Int, eos: Int32?, compute: Ops, _ work: Work
  ) throws -> (shards: String, work: Work) {
    guard method == .seqKD, let teacher else { return (shards, work) }
    let folder = continued ?? run + "-text"
    let settings = try ContinuationSettings(
      sampling: SamplingSettings(temperature: temperature ?? 1), promptTokens: promptTokens ?? 768,
      maximumLength: chunkTokens, batch: decodeBatch ?? 16, precision: teacherPrecision ?? .f32)
    _ = try ContinueChunks(
      shards, by: ModelFolder(teacher), into: folder, settings, endOfText: eos,
      digests: FileDigests(), compute: compute
    ).run(work.part(0...0.5, "the teacher writes: "))
    return (folder, work.part(0.5...1))
  }
}
