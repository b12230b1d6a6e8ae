import DifferenceSampling
import EngineInterface
import Numerics
public import Pipeline
import Store

/// Replays changes of a selection on a project without a screen: the same changes give the same
/// selection, and the same recipe.
///
/// Everything is tried before anything is written. The folder is held for the time of it, so that no
/// engine works there.
public struct RecipeReplay {
  private let folder: ProjectFolder
  private let settings: ProjectSettings
  private let path: String
  private let lock: FolderLock
  private let index: SelectionIndex
  private let history: SelectionHistory

  /// Reads scores and recipe of a project.
  ///
  /// - Parameter path: the file of the lines, for errors.
  /// - Throws: `StoreError.locked` while another process works on it, `EngineError.missing` before
  ///   every chunk has its score.
  public init(folder: String, settings: ProjectSettings, path: String) throws {
    let folder = ProjectFolder(path: folder)
    lock = try FolderLock(folder: folder.path)
    guard ProjectStatus(folder: folder, settings: settings).isDone(.score) else {
      throw EngineError.missing(
        stage: "replay a recipe", needs: "a finished scoring", path: folder.scores)
    }
    let (table, metadata) = try ChunkScoresFile.read(folder.scores + "/" + ChunkScoresFile.name)
    index = SelectionIndex(
      scores: table, sourceNames: ScoringRecord(metadata: metadata).sourceNames ?? [])
    let recipe = try JSONLinesLog.read(SelectionChange.self, from: folder.recipe)
    history = SelectionHistory(recipe: recipe) ?? SelectionHistory(ratio: settings.ratio)
    (self.folder, self.settings, self.path) = (folder, settings, path)
  }

  /// Names of the sources, in the order of the scores.
  public var sources: [String] { index.sourceNames }
  /// Chunks of the corpus.
  public var chunks: Int { index.chunkCount }

  /// Lets other processes work on the project.
  public func close() { lock.release() }

  /// Does what the lines say, and saves the selection: only if all of them can be done.
  ///
  /// - Parameter isDryRun: writes nothing.
  /// - Throws: `RecipeError` with the number of the line, what writing commits throws, `WorkStopped`.
  public func run(
    _ lines: [RecipeLine], isDryRun: Bool, _ work: Work
  ) throws -> RecipeOutcome {
    let tried = try replay(lines, nil)
    if isDryRun { return tried }
    return try replay(lines, work)
  }

  /// - Parameter work: nil writes nothing.
  private func replay(_ lines: [RecipeLine], _ work: Work?) throws -> RecipeOutcome {
    var history = history
    var selection = try index.select(history.settings)
    var notes = try ChunkNotes(path: folder.notes)
    var outcome = RecipeOutcome()
    for line in lines {
      try work?.checkpoint()
      var title = "nothing changes"
      switch line.step {
      case .change, .command:
        let before = history
        try change(&history, selection, line)
        if history != before {
          title =
            line.step == .command(.undo)
            ? "undone: \(before.undoTitle ?? "")" : history.undoTitle ?? title
        }
        selection = try refusing(line) { try index.select(history.settings) }
      case .note(let chunk, let text):
        try require(chunk, line)
        notes.set(text, of: chunk)
        title = "note on chunk \(chunk)"
        if work != nil { try notes.write(to: folder.notes) }
      case .commit:
        title = "commit of \(Number.grouped(selection.summary.all.keptChunks)) chunks"
        guard let work else { break }
        try save(history)
        let written = try commit(history.settings, work)
        outcome.commits.append(written)
        title = "commit \(written)"
      }
      outcome.steps.append(RecipeOutcome.Step(line: line.number, title: title))
    }
    if work != nil { try save(history) }
    outcome.ratio = selection.keptRatio
    outcome.keptChunks = selection.summary.all.keptChunks
    outcome.keptTokens = selection.summary.all.keptTokens
    outcome.chunks = selection.summary.all.totalChunks
    outcome.changes = history.recipe.count
    return outcome
  }

  private func change(
    _ history: inout SelectionHistory, _ selection: Selection, _ line: RecipeLine
  ) throws {
    switch line.step {
    case .change(let change): history.take(change)
    case .command(let command):
      if case .flipChunk(let chunk) = command { try require(chunk, line) }
      if case .recallPin(let name) = command, history.pins[name] == nil {
        throw refusal(line, "nothing is pinned as \(name)")
      }
      do {
        _ = try history.apply(command, ratio: selection.keptRatio) { selection.keeps(chunk: $0) }
      } catch {
        throw refusal(line, error.text)
      }
    case .note, .commit: break
    }
  }

  private func require(_ chunk: Int, _ line: RecipeLine) throws {
    guard (0..<index.chunkCount).contains(chunk) else {
      throw refusal(
        line, "there is no chunk \(chunk); the corpus has \(Number.grouped(index.chunkCount))")
    }
  }

  private func refusing<Value>(_ line: RecipeLine, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as DifferenceSamplingError {
      throw refusal(line, error.message)
    }
  }

  /// Sentences lose their end: the error gives them one.
  private func refusal(_ line: RecipeLine, _ reason: String) -> RecipeError {
    .refused(
      path: path, line: line.number,
      reason: reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
  }

  private func save(_ history: SelectionHistory) throws {
    try AtomicFile.write(text: history.recipeText(), to: folder.recipe)
  }

  private func commit(_ selection: SelectionSettings, _ work: Work) throws -> String {
    let commits = try Commits(
      folder, settings, digests: FileDigests(file: folder.digests), work)
    return try commits.verb.run(commits.inputs.index().select(selection), work).refined.folder
  }
}

extension Selection {
  /// The share of chunks that the rule keeps; a threshold as the ratio that keeps the same chunks.
  var keptRatio: Double {
    switch settings.rule {
    case .ratio(let ratio): ratio
    case .threshold:
      index.rankedCount == 0 ? 0 : SelectionIndex.ratio(keeping: ruleCount, of: index.rankedCount)
    }
  }
}

extension SelectionHistory {
  /// As `recipe.jsonl` holds it.
  func recipeText() throws(StoreError) -> String {
    var text = ""
    for change in recipe { text += try JSONFile.text(of: change, pretty: false) + "\n" }
    return text
  }
}
