public import LanguageModels

extension ComputeAccount {
  /// Adds what so many steps of a training compute, a teacher's part among it.
  ///
  /// Of a MiniLLM run every sampled sequence counts as long as it may be, its prompt as long as is asked
  /// for, and no logits at positions of prompts.
  ///
  /// - Parameters:
  ///   - textTokens: input tokens of the corpus that were read.
  ///   - length: input positions of a chunk.
  public mutating func add(
    _ training: TrainingConfiguration, of student: ModelOperations, steps: Int,
    textTokens: Double, length: Int
  ) {
    if training.minillm?.textWeight != 0 {
      add(.studentTraining, student, tokens: textTokens, length: length)
      if let teacher = training.distillation?.teacher {
        add(
          .teacherDistillation, parameters: teacher.parameters, tokens: textTokens,
          operationsPerToken: teacher.operationsPerToken)
      }
    }
    guard let settings = training.minillm, let teacher = training.distillation?.teacher else {
      return
    }
    let positions = settings.capacity - 1
    let prompts = Double(settings.promptTokens - 1) / Double(positions)
    let own = student.forward(length: positions) / Double(positions) - prompts * student.head
    let others = teacher.operationsPerToken - prompts * settings.teacherHeadOperations
    let plan = RolloutPlan(settings, training)
    let trained = Double(steps * training.chunksPerStep * positions)
    let sampled = Double(plan.rollouts(fromStep: 0, to: steps) * plan.sequences * positions)
    add(
      .studentTraining, parameters: student.parameters, tokens: trained,
      operationsPerToken: ModelOperations.trainingOverForward * own)
    // Once when it is drawn, once when it is scored.
    add(
      .studentSampling, parameters: student.parameters, tokens: 2 * sampled,
      operationsPerToken: own)
    add(
      .teacherSampling, parameters: teacher.parameters,
      tokens: (settings.teacherShare > 0 ? 2 : 1) * sampled + trained, operationsPerToken: others)
  }
}

extension MiniLLMSettings {
  /// Steps that one rollout serves.
  public func steps(ofRollout training: TrainingConfiguration) -> Int {
    max(1, RolloutPlan(self, training).stepsPerRollout)
  }
}
