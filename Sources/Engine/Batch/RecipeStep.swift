public import DifferenceSampling
public import EngineInterface

/// What a line of a recipe asks for.
public enum RecipeStep: Sendable, Equatable {
  /// A line of a project's recipe.jsonl: the selection after it, as a whole.
  case change(SelectionChange)
  /// A change such as a screen asks for.
  case command(EngineCommand)
  /// A note on a chunk; empty takes it away.
  case note(chunk: Int, text: String)
  /// Writes the refined corpus of the selection so far.
  case commit
}

/// A step with its line.
public struct RecipeLine: Sendable, Equatable {
  /// From 1.
  public var number: Int
  public var step: RecipeStep

  public init(number: Int, step: RecipeStep) {
    self.number = number
    self.step = step
  }
}

/// What a replay came to.
public struct RecipeOutcome: Sendable, Equatable {
  /// What a line did: a change "from -> to", or the name of a commit.
  public struct Step: Sendable, Equatable, Encodable {
    public var line: Int
    public var title: String
  }

  public var steps: [Step] = []
  /// Folders that were written.
  public var commits: [String] = []
  /// The selection at the end.
  public var ratio = 0.0
  public var keptChunks = 0
  public var chunks = 0
  public var keptTokens = 0
  /// Lines that the project's recipe has now, or would have.
  public var changes = 0
}
