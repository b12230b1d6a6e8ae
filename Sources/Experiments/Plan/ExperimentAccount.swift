import LanguageModels

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

  /// Of the teacher's passes beside a student over chunks.
  func teaching(_ arm: ExperimentArm, _ chunks: ChunkLengths) -> Double {
    arm.hasTeacherBeside ? models["teacher"]?.forward(chunks) ?? 0 : 0
  }

  /// Of one pass over chunks, training.
  func training(_ model: String, _ chunks: ChunkLengths) -> Double {
    models[model]?.training(chunks) ?? 0
  }

  /// What a student computes.
  ///
  /// - Throws: `ExperimentError.budget` where scoring leaves less than one step.
  func budget(_ student: ExperimentStudent) throws(ExperimentError) -> StudentBudget {
    let key = student.model.name
    let perStep = Double(student.model.chunksPerStep)
    // Of one step, on average.
    func step(_ chunks: ChunkLengths, taught: Bool) -> (flops: Double, tokens: Double) {
      let count = Double(max(1, chunks.chunks))
      let passes = training(key, chunks) + (taught ? teaching(student.arm, chunks) : 0)
      return (perStep * passes / count, perStep * Double(chunks.inputs) / count)
    }
    let plain = step(facts.scored, taught: false)
    let plainSteps = max(1, (Double(student.budgetTokens) / max(1, plain.tokens)).rounded())
    let flops = plainSteps * plain.flops
    let scoring = scoring(student.arm, charge: recipe.charge)
    let own = step(facts.lengths(of: student.arm), taught: true)
    let steps = Int(((flops - scoring) / max(1, own.flops)).rounded())
    guard steps >= 1 else {
      throw .budget(student: student.name, scoring: scoring, budget: flops)
    }
    return StudentBudget(
      flops: flops, scoring: scoring,
      fullScoring: self.scoring(student.arm, charge: .full), steps: steps,
      tokens: Double(steps) * own.tokens, training: Double(steps) * own.flops)
  }

  /// Steps of the teacher or the reference, which is trained in whole passes or parts of one.
  func scorerSteps(_ model: RecipeModel, epochs: Double) -> Int {
    max(1, Int(epochs * Double(facts.reserve.chunks)) / model.chunksPerStep)
  }
}
