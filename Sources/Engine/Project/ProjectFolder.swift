public import Store

/// Where everything of a project stands. Every entry is a folder or file in a standard format that
/// other programs read too.
public struct ProjectFolder: Sendable, Equatable {
  /// The project's folder.
  public let path: String

  public init(path: String) { self.path = path }

  /// The settings.
  public var settings: String { path + "/project.json" }
  /// The changes of the selection, one JSON line each.
  public var recipe: String { path + "/recipe.jsonl" }
  /// What a person has written about chunks, one JSON line each.
  public var notes: String { path + "/notes.jsonl" }
  /// What drives the selection, as it was counted last.
  public var drivers: String { path + "/drivers.json" }
  /// Differences of chunks that were scored token by token, a JSON line each.
  public var tokenScores: String { path + "/token-scores.jsonl" }
  /// What a person said of chunks that were read blind, one JSON line each.
  public var reading: String { path + "/reading.jsonl" }
  /// Digests of files that scores and commits depend on.
  public var digests: String { path + "/digests.json" }
  /// Collected or generated text (jsonl.zst).
  public var corpus: String { path + "/corpus" }
  /// A tokenizer trained by the project.
  public var tokenizer: String { path + "/tokenizer" }
  /// Token shards of one part of the corpus.
  public func shards(_ part: CorpusPart) -> String { path + "/shards/" + part.rawValue }
  /// A finished model that the project trained.
  public func model(_ role: String) -> String { path + "/models/" + role }
  /// A training run: metrics and checkpoints.
  public func run(_ name: String) -> String { path + "/runs/" + name }
  /// Score parts and the finished table.
  public var scores: String { path + "/scores" }
  /// Refined corpora, numbered.
  public var commits: String { path + "/commits" }
  /// The uniform sample that a refined corpus is compared with.
  public func samples(_ commit: String) -> String { path + "/samples/" + commit }
  /// What an engine in the background has said.
  public var engineLog: String { path + "/engine.log" }
  /// The comparison, as text and as JSON.
  public var report: String { path + "/report" }
  /// What models made of zero-shot tasks: a folder a model, in it a result and the items of a task.
  public var taskResults: String { path + "/evaluations/tasks" }

  /// Makes the folder itself.
  public func make() throws(StoreError) { try Folder.make(path) }
}

/// The three disjoint parts of a project's text.
public enum CorpusPart: String, Sendable, CaseIterable, Codable {
  /// What tokenizer, teacher and reference are trained on (the paper's D_ref and the teacher's own data).
  case reserve
  /// What is scored and selected from.
  case scored
  /// What students are compared on; clean, never trained on.
  case heldOut = "held-out"
}
