import Corpus
import CorpusStudy
import DifferenceSampling
import EngineInterface
import Foundation
import Pipeline
import Store
import TensorKit

/// The packed corpus: its picture, lists of its chunks, single chunks, searches and studies.
final class CorpusDesk {
  private let context: DeskContext
  private let selection: SelectionDesk
  /// The scored part, once it is packed and open.
  private(set) var library: ChunkLibrary?
  /// Whether it is being opened.
  var isOpening = false
  private var facts: [String] = []
  private var report: StudyReport?
  private var lists: ChunkLists?
  /// The list that is looked at, and the search that it waits for.
  private var query: ChunkQuery?
  private var search: SearchTask?
  /// The study at work, and how far it is.
  private var study: StudyTask?
  private var studyState = CorpusSnapshot.Study.none
  private var openChunk: Int?
  /// Why no note can be written; nil when one can.
  private var notesObstacle: String?
  private var reader: TokenReader

  init(_ context: DeskContext, selection: SelectionDesk) {
    self.context = context
    self.selection = selection
    reader = Self.reader(context)
  }

  private static func reader(_ context: DeskContext) -> TokenReader {
    TokenReader(settings: context.settings, folder: context.folder, pool: context.compute.pool) {
      [mailbox = context.mailbox] in mailbox.send(.detail($0))
    }
  }

  /// Lets go of models that the reader holds in a precision that was.
  func renewReader() {
    reader.close()
    reader = Self.reader(context)
  }

  /// Whether the corpus is being opened, searched or studied, or a chunk's tokens are scored.
  var isBusy: Bool { isOpening || search != nil || study != nil || reader.isBusy }

  func close() {
    search?.cancel()
    study?.cancel()
    reader.close()
  }

  // MARK: - Opening

  /// Opens the packed corpus, if there is one.
  func open() {
    guard context.status.isDone(.pack) else { return }
    isOpening = true
    let (folder, settings) = (context.folder, context.settings)
    context.preparations.begin(.corpus) { .corpus(try OpenedCorpus(folder, settings)) }
  }

  /// Takes the open corpus; its index of lists and its labels follow.
  func take(_ opened: OpenedCorpus) throws {
    isOpening = false
    library = opened.library
    notesObstacle = opened.badNotes
    if let notesObstacle { context.note(notesObstacle, .error) }
    lists = ChunkLists(opened.library.shards)
    facts = opened.facts
    report = opened.report
    show()
    let (shards, preparations) = (opened.library.shards, context.preparations)
    preparations.begin(.listing) {
      ChunkListing(shards) { preparations.isClosed }.map { .listing($0) }
    }
    if context.settings.text.isDemo { readLabels(of: shards) }
    // A list that was asked for meanwhile.
    if let query { try list(query) }
  }

  private func readLabels(of shards: TokenShards) {
    let (folder, settings) = (context.folder, context.settings)
    context.preparations.begin(.labels) {
      let labels = try DemoFiles.labels(folder, settings)
      return .labels(
        DocumentLabels(
          documents: labels,
          index: labels.isEmpty ? nil : LabelIndex(source: shards, labels: labels)))
    }
  }

  /// Takes the index of lists, and shows again what it makes better.
  func take(_ listing: ChunkListing) throws {
    lists?.listing = listing
    show()
    if query?.filter?.onlySource != nil || query?.order == .tokens { try showRows() }
  }

  func take(_ labels: DocumentLabels) throws {
    library?.labels = labels
    try showRows()
  }

  /// The picture of the packed corpus.
  private func show() {
    guard let library else { return }
    var picture = CorpusSnapshot(library, lists?.listing, report, facts: facts)
    if studyState != .none { picture.study = studyState }
    context.publisher.showNow(.corpus, .corpus(picture))
  }

  /// Whether the corpus is there; says why not if it is not.
  private func isThere(_ what: String) -> Bool {
    if library == nil {
      context.note(
        isOpening
          ? "The corpus is still being opened; try again in a moment."
          : "There are no chunks yet; \(what) once they are packed.", .warning)
    }
    return library != nil
  }

  // MARK: - Lists

  /// Answers a list; a new text starts a search, and any other list ends it. A list that is asked for
  /// before the corpus is open is answered then.
  func list(_ query: ChunkQuery) throws {
    var query = query
    // Without terms it is no filter.
    if query.filter?.isEverything == true { query.filter = nil }
    self.query = query
    guard library != nil else { return }
    let key = query.filter.flatMap { filter -> SearchKey? in
      guard filter.onlySource == nil else { return nil }
      let depends = !filter.fieldNames.isDisjoint(with: FilterField.ofSelection)
      return SearchKey(
        filter: filter, version: depends ? selection.version : nil,
        settings: depends ? selection.selection?.settings : nil)
    }
    if lists?.found?.key != key {
      search?.cancel()
      search = nil
      let before = lists?.found
      lists?.found = nil
      if let key { startSearch(key, before: before) }
    }
    try showRows()
  }

  /// Takes a window of a list.
  func take(_ window: ChunkWindow) throws {
    lists?.window = window
    try showRows()
  }

  private func showRows() throws {
    guard let library, let lists, let query else { return }
    let selection = selection.selection
    if query.order == .border, let selection {
      let start = max(0, selection.ruleCount + query.offset)
      let rows = try selection.chunks(ranks: start..<start + max(0, query.count)).map {
        try library.row($0.score.chunk, selection: selection)
      }
      context.publisher.send(
        .chunkRows(ChunkRows(query: query, rows: rows, total: selection.index.rankedCount)))
      return
    }
    switch lists.page(query, index: selection?.index, version: self.selection.version) {
    case .later(let maker): context.preparations.begin(.rows) { .rows(maker.window()) }
    case .ready(let chunks, let total):
      context.publisher.send(
        .chunkRows(
          ChunkRows(
            query: query, rows: try chunks.map { try library.row($0, selection: selection) },
            total: total,
            search: query.filter == nil
              ? nil
              : lists.found.map {
                SearchState(
                  searched: $0.searched, chunks: library.shards.count, isDone: $0.isDone)
              })))
    }
  }

  /// `before`: what was found of the list that was looked at; the same filter keeps its rows until others
  /// come.
  private func startSearch(_ key: SearchKey, before: FoundChunks?) {
    guard let library else { return }
    var found = FoundChunks(key: key)
    if let before, before.key.filter == key.filter {
      found.chunks = before.chunks
      found.isStale = true
    }
    do {
      let pass = try ChunkFilter(
        key.filter,
        ChunkFilter.Ground(
          shards: library.shards, texts: library.texts, selection: selection.selection,
          labels: library.labels.documents, notes: library.notes.texts))
      let task = SearchTask()
      search = task
      task.start(pass, threads: context.threads) { [mailbox = context.mailbox] in
        mailbox.send(.found($0))
      }
    } catch {
      found.chunks = []
      found.isDone = true
      context.note("\(error)", .warning)
    }
    lists?.found = found
  }

  /// Takes what the search at work has found.
  func take(_ found: SearchTask.Found) throws {
    guard let search, ObjectIdentifier(search) == found.task else { return }
    if lists?.found?.isStale == true {
      lists?.found?.chunks = []
      lists?.found?.isStale = false
    }
    lists?.found?.chunks += found.chunks
    lists?.found?.searched = found.searched
    if found.isDone {
      lists?.found?.isDone = true
      self.search = nil
      if let failure = found.failure { context.note(failure, .error) }
    }
    try showRows()
  }

  // MARK: - One chunk

  /// Shows a chunk, and has its tokens scored.
  func open(chunk: Int) throws {
    guard isThere("a chunk can be read"), let library else { return }
    guard chunk >= 0, chunk < library.shards.count else {
      throw EngineError.noChunk(index: chunk, count: library.shards.count)
    }
    let detail = try library.detail(chunk, selection: selection.selection)
    openChunk = chunk
    context.publisher.send(.chunk(detail))
    let status = context.status
    if status.isDone(.teacher), status.isDone(.reference) {
      reader.score(
        detail, tokens: try library.shards.tokens(of: chunk),
        endOfText: library.manifest.endOfText)
    }
  }

  /// Writes about a chunk, or takes away what was written, and shows it wherever the chunk is.
  func setNote(_ text: String, of chunk: Int) throws {
    guard isThere("a note can be written"), var library else { return }
    if let notesObstacle { return context.note(notesObstacle, .error) }
    guard chunk >= 0, chunk < library.shards.count else {
      throw EngineError.noChunk(index: chunk, count: library.shards.count)
    }
    library.notes.set(text, of: chunk)
    try library.notes.write(to: context.folder.notes)
    self.library = library
    try showRows()
    try selection.showLabels()
    if chunk == openChunk { try open(chunk: chunk) }
  }

  /// Takes the scores of the tokens of a chunk.
  func take(_ detail: ChunkDetail) {
    if detail.row.index == openChunk { context.publisher.send(.chunk(detail)) }
  }

  // MARK: - Study

  /// Starts a study of the packed corpus, or ends the one at work.
  func toggleStudy() {
    guard isThere("the corpus can be studied"), let library else { return }
    if let study {
      study.cancel()
      return
    }
    // Scratch beside the project: a large corpus may need more than the system's own folder has.
    let verb = Study(
      .shards(library.shards, library.tokenizer),
      report: "\(library.shards.folder)/\(StudyReport.fileName)",
      Study.Settings(scratch: context.folder.path, threads: context.threads))
    let task = StudyTask()
    study = task
    studyState = .running(what: "reading texts", fraction: 0)
    task.start(verb) { [mailbox = context.mailbox] in mailbox.send(.studied($0)) }
    show()
  }

  /// Takes how far the study is.
  func take(_ state: StudyTask.State) {
    guard let study, ObjectIdentifier(study) == state.task else { return }
    studyState = .running(what: state.what, fraction: state.fraction)
    if state.isDone {
      self.study = nil
      studyState = .none
      if let failure = state.failure { context.note(failure, .error) }
      report = library.flatMap { try? StudyReport.read(folder: $0.shards.folder) }
    }
    show()
  }
}
