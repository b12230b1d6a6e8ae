public import Store

/// What can keep a run from starting, continuing or ending well.
public enum TrainingError: ActionableError, Equatable {
  /// A setting has no meaning.
  case invalidSetting(field: String, found: String, expected: String)
  /// The chunks do not fill one step.
  case corpusTooSmall(chunks: Int, chunksPerStep: Int)
  /// The run was begun with another value of a setting.
  case configurationChanged(field: String, found: String, expected: String)
  /// The run was begun on other data.
  case dataChanged(found: String, expected: String)
  /// Training or held-out data changed while the run was at `step`; `savedStep` is that of its newest
  /// checkpoint.
  case dataChangedMeanwhile(reason: String, step: Int, savedStep: Int?)
  /// A held-out loss that is not a number.
  case lossNotFinite(chunk: Int)
  /// Too many updates in a row were refused.
  case diverged(step: Int, refused: Int, reason: String)
  /// The run ended at a step whose numbers are not as they should be, with a checkpoint of the step
  /// before; `returns`: how often it had gone back, where that is why.
  case halted(fault: StepFault, returns: Int?)
  /// A folder without a checkpoint where a run is needed.
  case noRun(path: String)
  /// A run cannot be branched off there.
  case cannotFork(found: String, expected: String)
  /// The run would not fit into memory; the largest micro-batch that would, as it is and with block
  /// checkpointing.
  case doesNotFit(
    neededBytes: Int, availableBytes: Int, chunks: Int, fittingChunks: Int?,
    checkpointedChunks: Int?)
  /// A checkpoint folder is not what was written.
  case damagedCheckpoint(path: String, found: String, expected: String)
  /// The two students of a pair do not start equal.
  case unequalStudents(found: String, expected: String)
  /// Two results cannot be compared.
  case incomparable(found: String, expected: String)
  /// There is nothing to evaluate on.
  case nothingToEvaluate

  public var message: String {
    switch self {
    case .invalidSetting(let field, let found, let expected):
      "Training setting \(field): found \(found), expected \(expected)."
    case .corpusTooSmall(let chunks, let chunksPerStep):
      "The corpus has \(chunks) chunks, expected at least the \(chunksPerStep) of one step."
    case .configurationChanged(let field, let found, let expected):
      "Training setting \(field): found \(found), expected \(expected), with which the run began."
    case .dataChanged(let found, let expected):
      "The training data changed: found \(found), expected \(expected), with which the run began."
    case .dataChangedMeanwhile(let reason, let step, _):
      "The run ends after step \(step), since its data changed: \(reason)"
    case .lossNotFinite(let chunk):
      "Held-out chunk \(chunk): found a loss that is not finite, expected a number."
    case .diverged(let step, let refused, let reason):
      "Step \(step): \(reason), the \(refused)th refused update in a row; expected finite numbers."
    case .halted(let fault, let returns):
      "Stopped before the update of step \(fault.step): \(fault.text)"
        + (returns.map { ", and the run has gone back \($0) times, which is as often as it may" }
          ?? "")
        + ". A checkpoint of step \(fault.step - 1) stands."
    case .noRun(let path): "\(path): found no checkpoint, expected the folder of a run."
    case .cannotFork(let found, let expected):
      "The run cannot be forked: found \(found), expected \(expected)."
    case .doesNotFit(let needed, let available, let chunks, _, _):
      "A micro-batch of \(chunks) chunks needs \(Self.mebibytes(needed)) MiB, expected at most "
        + "\(Self.mebibytes(available)) MiB."
    case .damagedCheckpoint(let path, let found, let expected):
      "Checkpoint \(path): found \(found), expected \(expected)."
    case .unequalStudents(let found, let expected):
      "The students of a pair differ: found \(found), expected \(expected)."
    case .incomparable(let found, let expected):
      "The evaluations cannot be compared: found \(found), expected \(expected)."
    case .nothingToEvaluate:
      "The held-out chunks have no counted token, expected at least one."
    }
  }

  public var hint: String {
    switch self {
    case .invalidSetting: "Change the setting."
    case .corpusTooSmall(let chunks, _):
      "Use a larger corpus, or at most \(max(1, chunks)) chunks a step."
    case .configurationChanged(let field, _, _):
      "Set \(field) back, or start a new run in another folder."
    case .dataChanged: "Restore the shards, or start a new run in another folder."
    case .dataChangedMeanwhile(_, _, let saved):
      (saved.map { "The checkpoint of step \($0) stands. To go on from there restore the shards" }
        ?? "No checkpoint was written. Restore the shards")
        + ", or start a new run in another folder."
    case .lossNotFinite: "Check the model's weights; it may have diverged."
    case .diverged(let step, _, _):
      "Lower the learning rate and start a new run, or fork this one before step \(step) without the "
        + "chunks that do it (miniplm fork). A checkpoint stands."
    case .halted(let fault, let returns): Self.choices(fault, isAtItsLimit: returns != nil)
    case .noRun: "Name the folder that train --run wrote; its first checkpoint must stand."
    case .cannotFork: "Name another step, other chunks, or another run."
    case .doesNotFit(_, _, let chunks, let fitting, let checkpointed):
      Self.sizesThatFit(chunks: chunks, fitting, checkpointed: checkpointed)
    case .damagedCheckpoint: "An earlier checkpoint is used if there is one."
    case .unequalStudents: "Make both from one configuration and one seed."
    case .incomparable: "Evaluate both models on the same held-out chunks."
    case .nothingToEvaluate: "Choose held-out shards with text in them."
    }
  }

  private static func choices(_ fault: StepFault, isAtItsLimit: Bool) -> String {
    let (option, apply) =
      fault.kind == .spike ? ("--on-spike", "note (applies it), ") : ("--on-nan", "")
    let back =
      isAtItsLimit ? "a larger --max-returns" : "back (goes back, passes over it)"
    return "Look at its batch (miniplm batch RUN --step \(fault.step)). To go on, run the same "
      + "command with \(option) \(apply)skip (leaves it out) or \(back), in a project by its Settings; "
      + "or fork without the chunks that do it (miniplm fork)."
  }

  private static func sizesThatFit(chunks: Int, _ plain: Int?, checkpointed: Int?) -> String {
    let micro = plain.map { "Use a micro-batch of \($0) (--micro-batch \($0))" }
    guard let checkpointed, checkpointed > plain ?? 0 else {
      return micro.map { $0 + "." }
        ?? "Use a smaller model or shorter chunks: not even one chunk fits."
    }
    let blocks =
      "checkpoint blocks (--checkpoint-blocks), with which "
      + (checkpointed == chunks ? "it fits" : "a micro-batch of \(checkpointed) fits")
    return micro.map { "\($0), or \(blocks)." } ?? "Not even one chunk fits as it is: \(blocks)."
  }

  private static func mebibytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}
