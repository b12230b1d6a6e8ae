import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Training

/// Trains one student from fresh weights and measures it on all held-out text.
struct StudentRun {
  private let student: ExperimentStudent
  private let recipe: ExperimentRecipe
  private let folder: ExperimentFolder
  private let teacher: ModelFolder
  private let compute: Ops

  init(
    _ student: ExperimentStudent, recipe: ExperimentRecipe, folder: ExperimentFolder,
    teacher: ModelFolder, compute: Ops
  ) {
    self.teacher = teacher
    self.student = student
    self.recipe = recipe
    self.folder = folder
    self.compute = compute
  }

  /// Share of the part's time that is training, for its progress.
  private static let training = 0.9
  /// Chunks of one forward pass of the last evaluation.
  private static let chunksPerBatch = 16

  /// - Parameter tokenizer: its folder.
  func run(_ work: Work, tokenizer: String) throws -> String {
    guard let shards = try folder.corpus(of: student.arm) else {
      throw ExperimentError.missing(
        part: "student \(student.name)", needs: "its corpus",
        path: folder.commits(student.arm.selected))
    }
    let facts = try ExperimentFacts(recipe, folder)
    let budget = try ExperimentAccount(recipe, facts).budget(student)
    let shape = try student.model.configuration(
      vocabularySize: facts.vocabularySize, endOfText: facts.endOfText)
    let heldOut = HeldOut(
      shards: folder.shards(.heldOut), limit: recipe.evaluationChunks, choice: .spread,
      tokenizer: tokenizer)
    // Weights and order of chunks are by the seed alone: equal for every arm.
    let trained = try Train(
      .fresh(shape, RandomSource(seed: student.seed).split("student")),
      on: TrainingPlace(
        shards: shards, runFolder: folder.run(student.name), output: folder.model(student.name)),
      configuration: student.model.training(
        steps: budget.steps, chunkTokens: recipe.chunkTokens, endOfText: facts.endOfText,
        seed: student.seed, evaluations: recipe.evaluations),
      teacher: beside, heldOut: heldOut, tokenizerFolder: tokenizer, compute: compute
    ).run(work.part(0...Self.training))
    let evaluated = try Evaluate(
      ModelFolder(folder.model(student.name)),
      on: HeldOut(shards: folder.shards(.heldOut), tokenizer: tokenizer),
      settings: Evaluate.Settings(
        chunkTokens: recipe.chunkTokens, chunksPerBatch: Self.chunksPerBatch,
        endOfText: facts.endOfText),
      compute: compute
    ).run(work.part(Self.training...1))
    let result = try result(budget, trained, evaluated)
    try Folder.make(Folder.parent(of: folder.evaluation(student)))
    try AtomicFile.write(
      text: JSONFile.text(of: evaluated, pretty: false) + "\n", to: folder.evaluation(student))
    try Folder.make(Folder.parent(of: folder.result(student)))
    try JSONFile.write(result, to: folder.result(student))
    return "held-out \(Number.fixed(result.loss, 4)) after \(Number.grouped(trained.steps)) steps"
  }

  /// The teacher that computes beside the student; nil where none does.
  private var beside: TrainingTeacher? {
    switch student.arm.teaching {
    case .vanillaKD(let ratio, let temperature)?:
      TrainingTeacher(.model(teacher, .f32), ratio: ratio, temperature: temperature)
    case .miniLLM(let sampling)?:
      TrainingTeacher(
        .model(teacher, .f32), ratio: sampling.ratio,
        minillm: sampling.settings(chunksPerStep: student.model.chunksPerStep))
    case .seqKD?, nil: nil
    }
  }

  private func result(
    _ budget: StudentBudget, _ trained: Train.Result, _ evaluated: EvaluationResult
  ) throws -> StudentResult {
    let perToken = budget.training / max(1, budget.tokens)
    let curve = try MetricsLog.read(runFolder: folder.run(student.name)).compactMap {
      record -> StudentResult.Point? in
      guard case .evaluation(let evaluation) = record else { return nil }
      return StudentResult.Point(
        step: evaluation.step, tokens: evaluation.tokensSeen,
        flops: perToken * Double(evaluation.tokensSeen), loss: evaluation.losses.all.chunkMean)
    }
    return StudentResult(
      student: student.name, group: student.group, arm: student.arm.name,
      method: student.arm.methodName, ratio: student.arm.ratio, model: student.model.name,
      family: student.model.family, parameters: trained.parameters, seed: student.seed,
      budgetTokens: student.budgetTokens, tokens: trained.tokens, steps: trained.steps,
      flops: StudentResult.Computation(
        budget: budget.flops, training: perToken * Double(trained.tokens),
        scoring: budget.scoring, fullScoring: budget.fullScoring),
      losses: try evaluated.summary(bands: Bootstrap()), curve: curve)
  }
}
