/// What each part of an experiment costs.
struct PartCosts {
  private let recipe: ExperimentRecipe
  private let facts: ExperimentFacts
  private let account: ExperimentAccount
  private let speeds: MachineSpeeds?

  init(
    _ recipe: ExperimentRecipe, _ facts: ExperimentFacts, _ account: ExperimentAccount,
    _ speeds: MachineSpeeds?
  ) {
    self.recipe = recipe
    self.facts = facts
    self.account = account
    self.speeds = speeds
  }

  /// Seconds that a megabyte of text takes: gathering, learning a tokenizer, packing. Small beside
  /// everything else, so rough.
  private static let gathering = 1.0
  private static let learning = 0.7
  private static let packing = 0.3
  /// Seconds that writing a refined corpus takes, and the report.
  private static let writing = 1.0

  func cost(of kind: ExperimentPart.Kind) throws -> ExperimentPart.Cost {
    let megabytes = Double(facts.textBytes) * 1e-6
    switch kind {
    case .corpus: return plain(1 + Self.gathering * megabytes)
    case .tokenizer: return plain(1 + Self.learning * megabytes)
    case .pack(let part):
      var cost = plain(0.5 + Self.packing * megabytes / 3)
      cost.tokens = Double(lengths(part).inputs)
      return cost
    case .scorer(let role): return scorer(role)
    case .score: return score()
    case .write(let arm): return write(arm)
    case .select, .report: return plain(Self.writing)
    case .student(let student): return try self.student(student)
    }
  }

  private func lengths(_ part: CorpusPart) -> ChunkLengths {
    switch part {
    case .reserve: facts.reserve
    case .scored: facts.scored
    case .heldOut: facts.heldOut
    }
  }

  private func plain(_ seconds: Double) -> ExperimentPart.Cost {
    ExperimentPart.Cost(seconds: speeds == nil ? nil : seconds)
  }

  private func seconds(_ model: String, training: Double, reading: Double) -> Double? {
    speeds?.models[model].map { training / $0.training + reading / $0.reading }
  }

  private func scorer(_ role: String) -> ExperimentPart.Cost {
    let scorer = role == "teacher" ? recipe.teacher : recipe.reference
    guard case .trained(let model, let epochs, _) = scorer else { return .init() }
    let steps = account.scorerSteps(model, epochs: epochs)
    let passes =
      Double(steps * model.chunksPerStep) / Double(max(1, facts.reserve.chunks))
    let tokens = passes * Double(facts.reserve.inputs)
    return ExperimentPart.Cost(
      steps: steps, tokens: tokens, flops: passes * account.training(role, facts.reserve),
      seconds: seconds(role, training: tokens, reading: evaluated))
  }

  private func score() -> ExperimentPart.Cost {
    let tokens = Double(facts.scored.inputs)
    let pair = ["teacher", "reference"].compactMap {
      seconds($0, training: 0, reading: tokens)
    }
    return ExperimentPart.Cost(
      tokens: tokens, flops: account.teacherScoring + account.referenceScoring,
      seconds: pair.isEmpty ? nil : pair.reduce(0, +))
  }

  /// Rough: a token that is drawn takes as long as several that are read.
  private func write(_ arm: ExperimentArm) -> ExperimentPart.Cost {
    let chunks = facts.lengths(of: arm)
    guard case .seqKD(let prompt, _)? = arm.teaching else { return .init() }
    let tokens = Double(chunks.inputs)
    let drawn = max(0, tokens - Double(chunks.chunks * prompt))
    return ExperimentPart.Cost(
      tokens: tokens, flops: account.writing(arm),
      seconds: seconds("teacher", training: 0, reading: tokens + (Self.drawing - 1) * drawn))
  }

  private static let drawing = 6.0

  private func student(_ student: ExperimentStudent) throws -> ExperimentPart.Cost {
    let budget = try account.budget(student)
    // What a student samples takes its time about as its operations say.
    let text = account.training(student.model.name, facts.lengths(of: student.arm))
    let perToken = text / Double(max(1, facts.lengths(of: student.arm).inputs))
    let isSampling = if case .miniLLM? = student.arm.teaching { true } else { false }
    let own = seconds(
      student.model.name,
      training: isSampling ? budget.training / max(1, perToken) : budget.tokens,
      reading: evaluated + Double(facts.heldOut.inputs))
    let teacher =
      student.arm.hasTeacherBeside && !isSampling
      ? seconds("teacher", training: 0, reading: budget.tokens) : nil
    return ExperimentPart.Cost(
      steps: budget.steps, tokens: budget.tokens, flops: budget.training,
      seconds: own.map { $0 + (teacher ?? 0) })
  }

  /// Tokens that the evaluations of one run look at.
  private var evaluated: Double {
    let share = min(
      1, Double(recipe.evaluationChunks) / Double(max(1, facts.heldOut.chunks)))
    return Double(recipe.evaluations + 1) * share * Double(facts.heldOut.inputs)
  }
}
