import EngineInterface

/// Evaluates the chosen models on the project's tasks.
struct EvaluateStage: StageWork {
  func run(_ context: StageContext) throws -> StageOutcome {
    throw EngineError.missing(
      stage: "evaluate tasks", needs: "the verb", path: context.folder.taskResults)
  }
}
