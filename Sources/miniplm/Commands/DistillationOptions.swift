import ArgumentParser
import LanguageModels
import Pipeline
import TensorKit

/// How a student is trained.
enum TrainingMethod: String, CaseIterable, ExpressibleByArgument {
  /// On the corpus alone.
  case pretrain
  /// Drawn to a teacher's distributions as well.
  case vanillaKD = "vanilla-kd"
}

/// A teacher beside a student in training.
struct DistillationOptions: ParsableArguments {
  @Option(
    help: """
      pretrain (on the corpus alone), or vanilla-kd: (1-k) LM + k T^2 KL(teacher || student) over the \
      vocabulary that both have.
      """)
  var method = TrainingMethod.pretrain
  @Option(help: "vanilla-kd: model folder or GGUF file of the teacher.", transform: modelPlace())
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
      T, by which the logits of both are divided in the divergence; by default 1, or that of the cache.
      """,
    transform: real(0.01...1000))
  var temperature: Double?

  func validate() throws {
    switch method {
    case .pretrain:
      let given = [
        ("--teacher", teacher != nil), ("--logits", logits != nil),
        ("--teacher-precision", teacherPrecision != nil),
        ("--kd-ratio", kdRatio != nil), ("--temperature", temperature != nil),
      ]
      if let first = given.first(where: \.1) {
        throw ValidationError("\(first.0) is for --method vanilla-kd.")
      }
    case .vanillaKD:
      guard (teacher == nil) != (logits == nil) else {
        throw ValidationError("--method vanilla-kd needs one of --teacher and --logits.")
      }
      if logits != nil, teacherPrecision != nil {
        throw ValidationError("--teacher-precision is for --teacher.")
      }
    }
  }

  /// As the verb takes it.
  var trainingTeacher: TrainingTeacher? {
    var source: TrainingTeacher.Source?
    if let teacher { source = .model(ModelFolder(teacher), teacherPrecision ?? .f32) }
    if let logits { source = .cache(logits) }
    return source.map { TrainingTeacher($0, ratio: kdRatio ?? 0.5, temperature: temperature) }
  }
}
