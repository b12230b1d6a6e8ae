import LanguageModels
import Store
import TensorKit
import Training

/// Who computes what: the scoring, its shares, and the steps that are left to each student, so that
/// all students of one shape and budget compute the same, scoring included.
struct ExperimentAccount: Sendable {
  private let recipe: ExperimentRecipe
  private let facts: ExperimentFacts
  private let models: [String: ModelOperations]
  /// Of one pass of the teacher and of the reference over the scored part.
  let teacherScoring: Double
  let referenceScoring: Double
  /// Students that use the losses of each.
  private let teacherUsers: Int
  private let referenceUsers: Int
  /// Students that read each text that the teacher writes.
  private let readers: [ExperimentArm: Int]

  init(_ recipe: ExperimentRecipe, _ facts: ExperimentFacts) throws {
    self.recipe = recipe
    self.facts = facts
    var models = [
      "teacher": ModelOperations(facts.teacher), "reference": ModelOperations(facts.reference),
    ]
    for model in recipe.models {
      models[model.name] = ModelOperations(
        try model.configuration(
          vocabularySize: facts.vocabularySize, endOfText: facts.endOfText))
    }
    self.models = models
    teacherScoring = models["teacher"]?.forward(facts.scored) ?? 0
    referenceScoring = models["reference"]?.forward(facts.scored) ?? 0
    let students = recipe.students
    teacherUsers = students.count { $0.arm.method.needsTeacher }
    referenceUsers = students.count { $0.arm.method.needsReference }
    readers = Dictionary(
      students.filter { $0.arm.hasWrittenText }.map { ($0.arm, 1) }, uniquingKeysWith: +)
  }

  /// Of what an arm needs beforehand, the scores of its method and the text that the teacher writes: all
  /// of it, or the share that the recipe charges a student.
  func scoring(_ arm: ExperimentArm, charge: ExperimentRecipe.Charge) -> Double {
    let method = arm.method
    func share(_ flops: Double, _ users: Int) -> Double {
      switch charge {
      case .full: flops
      case .amortized: flops / Double(max(1, users))
      case .among(let count): flops / Double(count)
      }
    }
    return (method.needsTeacher ? share(teacherScoring, teacherUsers) : 0)
      + (method.needsReference ? share(referenceScoring, referenceUsers) : 0)
      + (arm.hasWrittenText ? share(writing(arm), readers[arm] ?? 0) : 0)
  }

  /// Of the text that the teacher writes for an arm: every token passes it once, prompt or drawn.
  func writing(_ arm: ExperimentArm) -> Double {
    models["teacher"]?.forward(facts.lengths(of: arm)) ?? 0
  }

  /// Of a step of a student, on average over chunks.
  private func step(_ student: ExperimentStudent, _ chunks: ChunkLengths) -> Double {
    let perStep = Double(student.model.chunksPerStep) / Double(max(1, chunks.chunks))
    let text = training(student.model.name, chunks)
    guard student.arm.hasTeacherBeside else { return perStep * text }
    let taught = perStep * (text + (models["teacher"]?.forward(chunks) ?? 0))
    guard case .miniLLM(let sampling)? = student.arm.teaching else { return taught }
    return (sampling.textWeight == 0 ? 0 : taught) + samples(sampling, student)
  }

  /// Of what a step of a MiniLLM student takes for its samples: of a rollout its part.
  private func samples(_ sampling: ArmSampling, _ student: ExperimentStudent) -> Double {
    guard let own = models[student.model.name], let teacher = models["teacher"] else { return 0 }
    let length = max(1, sampling.promptTokens + sampling.newTokens - 1)
    var settings = sampling.settings(chunksPerStep: student.model.chunksPerStep)
    // Text is counted by the lengths of its chunks.
    settings.textWeight = 0
    settings.teacherHeadOperations = teacher.head
    var training = student.model.training(
      steps: 1, chunkTokens: recipe.chunkTokens, endOfText: facts.endOfText, seed: 0,
      evaluations: 1)
    training.minillm = settings
    training.distillation = DistillationSettings(
      ratio: sampling.ratio, temperature: 1,
      teacher: DistillationTeacher(
        model: ArtifactIdentity(name: "teacher", digest: ""), precision: .f32,
        parameters: teacher.parameters,
        operationsPerToken: teacher.forward(length: length) / Double(length)))
    let steps = settings.steps(ofRollout: training)
    var account = ComputeAccount()
    account.add(training, of: own, steps: steps, textTokens: 0, length: length)
    return account.total / Double(steps)
  }

  /// Of one pass over chunks, training.
  func training(_ model: String, _ chunks: ChunkLengths) -> Double {
    models[model]?.training(chunks) ?? 0
  }

  /// What a student computes.
  ///
  /// - Throws: `ExperimentError.budget` where scoring leaves less than one step.
  func budget(_ student: ExperimentStudent) throws(ExperimentError) -> StudentBudget {
    let perStep = Double(student.model.chunksPerStep)
    // Of one step, on average.
    func tokens(_ chunks: ChunkLengths) -> Double {
      perStep * Double(chunks.inputs) / Double(max(1, chunks.chunks))
    }
    let plainSteps = max(
      1, (Double(student.budgetTokens) / max(1, tokens(facts.scored))).rounded())
    var plain = student
    plain.arm = ExperimentArm(.conventional)
    let flops = plainSteps * step(plain, facts.scored)
    let scoring = scoring(student.arm, charge: recipe.charge)
    let chunks = facts.lengths(of: student.arm)
    let own = step(student, chunks)
    let steps = Int(((flops - scoring) / max(1, own)).rounded())
    guard steps >= 1 else {
      throw .budget(student: student.name, scoring: scoring, budget: flops)
    }
    return StudentBudget(
      flops: flops, scoring: scoring,
      fullScoring: self.scoring(student.arm, charge: .full), steps: steps,
      tokens: Double(steps) * tokens(chunks), training: Double(steps) * own)
  }

  /// Steps of the teacher or the reference, which is trained in whole passes or parts of one.
  func scorerSteps(_ model: RecipeModel, epochs: Double) -> Int {
    max(1, Int(epochs * Double(facts.reserve.chunks)) / model.chunksPerStep)
  }
}
