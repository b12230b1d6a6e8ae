import Corpus
import DifferenceSampling
import EngineInterface
import Store

/// The selection: scores as far as there are any, the settings in force with their history, and what
/// follows from both.
final class SelectionDesk {
  private let context: DeskContext
  private let keeper: ScoreKeeper
  /// Where rows of pictures come from.
  weak var corpus: CorpusDesk?
  /// Who else shows what follows from the selection in force.
  var onChange: () throws -> Void = {}
  private(set) var selection: Selection?
  /// Counts the states of the scores, so that lists know when their order is stale.
  private(set) var version = 0
  private var state: ScoreState?
  /// nil until the project is open.
  private var history: SelectionHistory?
  /// Something was chosen since the recipe was written.
  private var isUnsaved = false
  private var labelRows: [SelectionSnapshot.Label] = []
  /// Of which settings, on which scores, a price was asked for last.
  private var appraised: (settings: SelectionSettings, version: Int)?
  /// What the keeper was told last.
  private var ordered: (ranking: SelectionRanking, cap: Float?) = (.difference, nil)
  private var isReading = false
  /// Changes that were asked for before the scores were there.
  private var waiting: [EngineCommand] = []
  /// What was asked for before the scores were there: a plan, or the picture of a commit written.
  private var owesPlan = false
  private var owesWritten = false
  /// Why there is no selection in this project; nil when there may be one.
  private var obstacle: String?

  init(_ context: DeskContext) {
    self.context = context
    keeper = ScoreKeeper { [mailbox = context.mailbox] in mailbox.send(.scores($0)) }
  }

  /// What decides now.
  var settings: SelectionSettings {
    history?.settings ?? SelectionSettings(rule: .ratio(context.settings.ratio))
  }

  /// Why the selection in force is not what a person chose last; nil when it is.
  var doubt: String? {
    waiting.isEmpty ? obstacle : "The scores are being read; commit once they are there."
  }

  /// Whether a state of the scores is on its way.
  var isBusy: Bool { keeper.isBusy }

  // MARK: - Scores

  /// Goes on from a recipe, and reads the scores if there are any.
  func open(_ recipe: Result<[SelectionChange], StageFailure>) throws {
    switch recipe {
    case .success(let changes):
      if history == nil {
        history =
          SelectionHistory(recipe: changes) ?? SelectionHistory(ratio: context.settings.ratio)
      }
    case .failure(let failure):
      // A new history would be written over the old one.
      obstacle = failure.text
      context.note(failure.text, .error)
      return
    }
    order()
    if context.status.isDone(.score) {
      read(showsScoring: true)
    } else {
      try doWhatWaits()
    }
  }

  /// Reads the finished scores. `showsScoring`: nobody has shown how they came about.
  func read(showsScoring: Bool) {
    guard let shards = corpus?.library?.shards else { return }
    isReading = true
    owesPlan = true
    keeper.send(
      .read(
        path: context.folder.scores + "/" + ChunkScoresFile.name,
        .init(sourceNames: shards.sources, chunkCount: shards.count),
        ratio: showsScoring ? context.settings.ratio : nil))
  }

  /// Makes ready for what a scoring job hands over.
  func beginScoring() {
    guard let shards = corpus?.library?.shards else { return }
    keeper.send(.begin(.init(sourceNames: shards.sources, chunkCount: shards.count)))
  }

  /// Takes scores of a job, on any thread.
  var takesScores: @Sendable ([ChunkScore]) -> Void {
    { [keeper] in keeper.send(.add($0)) }
  }

  /// Takes what the keeper of the scores says.
  func take(_ answer: ScoreKeeper.Answer) throws {
    switch answer {
    case .picture(let picture): context.publisher.showNow(.scoring, .scoring(picture))
    case .failed(let text):
      isReading = false
      context.note(text, .error)
    case .state(let state):
      keeper.send(.release(self.state, selection))
      self.state = state
      version += 1
      if state.isFinal { isReading = false }
      try select(settings)
      try show()
      reportLabels()
      try doWhatWaits()
      if state.isFinal, owesPlan { plan() }
    }
  }

  private func doWhatWaits() throws {
    let commands = waiting
    waiting = []
    for command in commands { try change(command) }
  }

  private func order() {
    guard (settings.ranking, settings.teacherNLLCap) != ordered else { return }
    ordered = (settings.ranking, settings.teacherNLLCap)
    keeper.send(.order(ordered.ranking, cap: ordered.cap))
  }

  // MARK: - Changes

  /// Changes the selection as a person asks, at once or as soon as the scores are there.
  func change(_ command: EngineCommand) throws {
    if let obstacle { return context.note(obstacle, .warning) }
    guard state != nil, var changed = history else {
      if isReading || corpus?.isOpening == true {
        waiting.append(command)
        context.note("The scores are being read; this is done once they are there.")
      } else {
        context.note(
          "Nothing is scored yet; the ratio can be moved once scoring has begun.", .warning)
      }
      return
    }
    do {
      let isChange = try changed.apply(command, ratio: ratio) {
        selection?.keeps(chunk: $0) ?? false
      }
      guard isChange else { return }
    } catch {
      return context.note(error.text, .warning)
    }
    try select(changed.settings)
    history = changed
    isUnsaved = true
    order()
    try show()
    reportLabels()
  }

  /// Selects by new settings; a cap or a ranking that the index does not know yet comes with its next
  /// state.
  private func select(_ settings: SelectionSettings) throws {
    guard let index = state?.index else { return }
    try settings.validate()
    var settings = settings
    settings.teacherNLLCap = index.teacherNLLCap
    settings.ranking = index.ranking
    // A threshold is of differences alone.
    if case .threshold = settings.rule, !index.ranking.isMethod { settings.rule = .ratio(ratio) }
    selection = try index.select(settings)
  }

  /// The share of chunks that the rule keeps.
  private var ratio: Double {
    switch settings.rule {
    case .ratio(let ratio): return ratio
    case .threshold:
      guard let selection, selection.index.rankedCount > 0 else { return context.settings.ratio }
      // As a ratio it keeps the same chunks.
      return SelectionIndex.ratio(
        keeping: selection.ruleCount, of: selection.index.rankedCount)
    }
  }

  // MARK: - Pictures

  private func show() throws {
    guard let selection, let history, let state, let library = corpus?.library else { return }
    let picture = try SelectionSnapshot(
      selection, history, ratio: ratio, histogram: state.histogram, labels: labelRows,
      library: library)
    context.publisher.showNow(.selection, .selection(picture))
    appraise()
    try onChange()
  }

  // MARK: - Prices and answers

  private var appraiser: SelectionAppraiser? {
    corpus?.library.map {
      SelectionAppraiser(
        library: $0,
        memory: ProjectMemory(
          folder: context.folder, settings: context.settings, compute: context.compute))
    }
  }

  /// Says what the selection in force costs, away from the desk, unless that was said.
  ///
  /// - Parameter anew: what it takes to train is known better now.
  func appraise(anew: Bool = false) {
    guard let selection, selection.summary.unscored == 0, let appraiser else { return }
    if let appraised, appraised == (selection.settings, version), !anew { return }
    appraised = (selection.settings, version)
    let ratio = ratio
    context.preparations.begin(.price) { .price(try appraiser.price(selection, ratio: ratio)) }
  }

  /// Answers what a person asks about the selection in force.
  func answer(_ question: DecisionQuestion) {
    guard let selection, let history, let appraiser else {
      return context.publisher.send(
        .decision(
          DecisionAnswer(
            question,
            .none(isReading ? "The scores are being read." : "Nothing is scored yet."))))
    }
    let ratio = ratio
    let pins = history.pins.sorted { $0.key < $1.key }.map { (name: $0.key, settings: $0.value) }
    context.preparations.begin(.decision) {
      do {
        let content = try appraiser.answer(question, selection, ratio: ratio, pins: pins)
        return .decision(DecisionAnswer(question, content))
      } catch {
        return .decision(DecisionAnswer(question, .none("\(error)")))
      }
    }
  }

  /// Counts what the selection in force drops of each kind of damage.
  private func reportLabels() {
    guard let selection, selection.summary.unscored == 0, let labels = corpus?.library?.labels.index
    else { return }
    context.preparations.begin(.labelReport) {
      .labelReport(
        labels.report(kept: selection.keptChunks()).rows.map(SelectionSnapshot.Label.init))
    }
  }

  func take(_ rows: [SelectionSnapshot.Label]) throws {
    guard rows != labelRows else { return }
    labelRows = rows
    try show()
  }

  /// Shows the labels that have come.
  func showLabels() throws {
    try show()
    reportLabels()
  }

  // MARK: - Commit

  /// Shows what a commit would write, first in numbers and then in full, or what the newest one wrote.
  func plan(written: Bool = false) {
    owesWritten = owesWritten || written
    guard context.status.isDone(.score) else { return }
    guard let selection, state?.isFinal == true else {
      owesPlan = true
      if isReading { context.note("The scores are being read; the plan of a commit follows.") }
      return
    }
    owesPlan = false
    let preview = CommitPreview(
      folder: context.folder, settings: context.settings, selection: selection, ratio: ratio,
      digests: context.digests, control: context.control)
    if !owesWritten { context.publisher.showNow(.commit, .commit(preview.numbers)) }
    let written = owesWritten
    context.preparations.begin(.plan) { .plan(try preview.snapshot(written: written)) }
  }

  func take(plan picture: CommitSnapshot) {
    if case .written = picture.state { owesWritten = false }
    context.publisher.showNow(.commit, .commit(picture))
  }

  // MARK: - Saving

  /// Writes the history to `recipe.jsonl`.
  func saveRecipe() throws {
    guard let history else { return }
    isUnsaved = false
    try AtomicFile.write(text: history.recipeText(), to: context.folder.recipe)
  }

  /// The same as soon as nobody chooses any more, so that a kill costs no choice.
  func saveWhenChanged() throws {
    if isUnsaved { try saveRecipe() }
  }

  /// Saves what was chosen, and ends the keeper of the scores.
  func close() throws {
    keeper.close()
    if state != nil || isReading { try saveRecipe() }
  }
}
