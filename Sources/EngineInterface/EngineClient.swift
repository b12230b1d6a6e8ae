/// The only door between a screen and the engine: commands in, events out.
///
/// The engine works on threads of its own; `send` returns at once. Every event carries the newest
/// whole picture of one area, so a screen never has to merge anything.
public protocol EngineClient: Sendable {
  /// Queues a command.
  func send(_ command: EngineCommand)
  /// What happened, in order. Pictures of one area may be thinned out (the newest always comes);
  /// notices and job changes never are. One consumer.
  var events: AsyncStream<EngineEvent> { get }
}

/// What a person can ask of the engine.
public enum EngineCommand: Sendable, Equatable, Codable {
  /// Answered by `EngineEvent.chunkRows`.
  case listChunks(ChunkQuery)
  /// Counts equal and nearly equal texts, lengths and scripts, by source; ends the count if one is at
  /// work. Answered by `EngineEvent.corpus`, again and again.
  case studyCorpus
  /// Answered by `EngineEvent.chunk`, first with the text, then with the scores of every token.
  case openChunk(Int)
  /// Keeps the top `ratio` (0...1) of the chunks by difference.
  case setRatio(Double)
  /// The same in the midst of a gesture, such as a drag: moves that carry the same number one after the
  /// other are one change.
  case moveRatio(Double, gesture: Int)
  /// Keeps every chunk whose difference is at least this (nats per token).
  case setThreshold(Double)
  /// Keeps a dropped chunk or drops a kept one by hand; leaves the pure method.
  case flipChunk(Int)
  /// Keeps at least this share of a source's chunks; nil takes the floor away. Leaves the pure method.
  case setFloor(source: String, share: Double?)
  /// Drops every chunk whose mean loss by the teacher is above this (nats per token), however high its
  /// difference; nil takes the cap away. Leaves the pure method.
  case setTeacherCap(Float?)
  /// Ranks chunks otherwise, at the ratio in force; all but the difference leave the pure method.
  case setRanking(ChunkRanking)
  /// Takes back, or does again, the last change of the selection.
  case undo, redo
  /// Remembers the selection under "A" or "B", or goes back to it.
  case pin(String), recallPin(String)
  /// Answered by `EngineEvent.decision`.
  case ask(DecisionQuestion)
  /// Writes a line about a chunk into the project; an empty one takes it away.
  case setNote(chunk: Int, String)
  /// Answered by `EngineEvent.drivers`, again and again.
  case drivers(DriversOrder)
  /// Answered by `EngineEvent.reading`.
  case reading(ReadingOrder)
  /// Writes into the project's settings what its models compute in; answered by
  /// `EngineEvent.models`, or by a warning that says why not.
  case setPrecision(PrecisionChoice)
  /// Looks for models on this machine; answered by `EngineEvent.models`.
  case findModels
  /// Writes into the project's settings which model a role has, by its path; answered by
  /// `EngineEvent.models`, or by a warning that says why not.
  case setModel(ModelRole, path: String)
  /// Answered by `EngineEvent.commit` with what a commit would write.
  case planCommit
  /// Writes the refined corpus and the uniform sample of equal size.
  case commit
  /// Starts or goes on with the named stage.
  case start(Stage)
  /// Of the running job.
  case pause, resume
  /// Stops the running job at its next safe point; it can be started again.
  case stop
  /// Writes a checkpoint of the running training now.
  case checkpoint
  /// Answers the question that a training waits with.
  case answer(FaultChoice)
  /// Writes into the project's settings what is done about what goes wrong in a training.
  case setFaultChoice(FaultKind, FaultChoice)
  /// Answered by `EngineEvent.batch`, first with the chunks, then with their losses: the batch of a
  /// step, from 1, of a run of the Train screen.
  case openBatch(run: String, step: Int)
  /// Branches a run off before a step, without these chunks of the run's shards, or all chunks of
  /// their documents, and trains it.
  case fork(run: String, step: Int, chunks: [Int], wholeDocuments: Bool)
  /// Writes the comparison as a report into the project.
  case writeReport
  /// Evaluates the models of the table on the tasks that have files, and goes on where it was
  /// stopped; answered by `EngineEvent.evaluation`, again and again.
  case evaluateTasks
  /// Writes into the project's settings where the items of a task are; nil takes the file away.
  case setTaskFile(task: String, path: String?)
  /// Writes into the project's settings how tasks are evaluated; answered by
  /// `EngineEvent.evaluation`, or by a warning that says why not.
  case setTaskCondition(TaskCondition)
  /// Puts a model into the table of tasks, by its path, or takes it out.
  case setEvaluated(path: String, Bool)
  /// Chooses the two models, by their paths, whose difference on the tasks is shown.
  case compareOnTasks(a: String, b: String)
  /// Answered by `EngineEvent.taskItems`.
  case listTaskItems(TaskItemQuery)
  /// Answered by `EngineEvent.settled` with the same number once everything that was asked before has
  /// been answered, the project is open and nothing is being read, counted or searched. Jobs go on.
  case settle(Int)
  /// Ends the engine: after saving (`true`) or at once. `EngineEvent.ended` follows.
  case shutDown(saving: Bool)

  /// Whether it only asks to be shown something, so that who may only look may send it.
  public var onlyLooks: Bool {
    switch self {
    case .listChunks, .openChunk, .listTaskItems, .planCommit, .findModels, .openBatch,
      .ask, .settle:
      true
    case .studyCorpus, .setRatio, .moveRatio, .setNote, .drivers, .reading, .setThreshold,
      .flipChunk, .setFloor, .setTeacherCap,
      .setRanking, .undo, .redo, .pin, .recallPin, .setPrecision, .setModel, .commit, .start,
      .pause, .resume, .stop, .checkpoint, .writeReport, .evaluateTasks, .setTaskFile,
      .setTaskCondition, .setEvaluated, .compareOnTasks, .answer, .setFaultChoice, .fork, .shutDown:
      false
    }
  }
}

/// What the engine tells.
public enum EngineEvent: Sendable, Codable {
  case project(ProjectSnapshot)
  case corpus(CorpusSnapshot)
  case chunkRows(ChunkRows)
  case models(ModelsSnapshot)
  case scoring(ScoringSnapshot)
  case selection(SelectionSnapshot)
  case price(SelectionPrice)
  case decision(DecisionAnswer)
  case drivers(DriversSnapshot)
  case reading(ReadingSnapshot)
  case chunk(ChunkDetail)
  case commit(CommitSnapshot)
  case training(TrainingSnapshot)
  case batch(BatchSnapshot)
  case comparison(ComparisonSnapshot)
  case evaluation(EvaluationSnapshot)
  case taskItems(TaskItemRows)
  case job(JobSnapshot)
  /// The answer to `EngineCommand.settle`.
  case settled(Int)
  case notice(Notice)
  /// Who else watches, and whether the engine is still there.
  case link(LinkSnapshot)
  /// The engine has let go of everything; the last event.
  case ended
}
