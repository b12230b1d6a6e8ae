public import ScalingLaws
public import Store

/// Why no scaling law comes of what was given.
public enum FitError: ActionableError, Equatable {
  /// A file of points that cannot be read; `line` counts from 1.
  case points(path: String, line: Int, found: String, expected: String)
  /// A run without held-out losses behind the steps that are left out.
  case noLosses(run: String, fromStep: Int)
  /// A run whose computation cannot be counted.
  case noCheckpoint(run: String)
  /// A group whose points have no law.
  case law(group: String, ScalingLawError)

  public var message: String {
    switch self {
    case .points(let path, let line, let found, let expected):
      "\(path), line \(line): found \(found), expected \(expected)."
    case .noLosses(let run, let fromStep):
      "\(run) has no held-out loss"
        + (fromStep > 1 ? " from step \(fromStep) on." : " after its first step.")
    case .noCheckpoint(let run):
      "\(run) has no checkpoint, so the model that it computes with is not known."
    case .law(let group, let error): "\(group): \(error.message)"
    }
  }

  public var hint: String {
    switch self {
    case .points:
      "A file of points has one a line, as CSV with a header or as JSON objects: compute (or flops), "
        + "loss, and where they are known parameters, tokens, run, step."
    case .noLosses: "Train with held-out shards (--held-out, --evaluate-every)."
    case .noCheckpoint: "Name a run that has written one, or give its points in a file."
    case .law(_, let error): error.hint
    }
  }
}
