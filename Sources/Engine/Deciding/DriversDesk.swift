import Corpus
import CorpusQuality
import DifferenceSampling
import EngineInterface
import Numerics
import Pipeline
import Store
import TensorKit

/// What drives the selection in force; kept in `drivers.json` until it is counted anew.
final class DriversDesk {
  /// What the file holds.
  private struct Record: Codable {
    var settings: SelectionSettings
    var report: DriversReport
  }

  private let context: DeskContext
  private weak var selection: SelectionDesk?
  private weak var corpus: CorpusDesk?
  private var record: Record?
  private var task: DriversTask?
  /// Of the task that runs.
  private var running: SelectionSettings?
  private var state = DriversSnapshot.State.none
  /// Whether anybody has asked.
  private var isShown = false
  /// Chunks that are scored token by token.
  private static let scoredChunks = 96

  init(_ context: DeskContext, selection: SelectionDesk, corpus: CorpusDesk) {
    self.context = context
    self.selection = selection
    self.corpus = corpus
  }

  func close() { task?.cancel() }

  func handle(_ order: DriversOrder) throws {
    isShown = true
    switch order {
    case .show:
      if record == nil, task == nil, Folder.exists(context.folder.drivers) {
        // One of another version is counted anew.
        record = try? JSONFile.read(Record.self, from: context.folder.drivers)
        if record != nil { state = .done }
      }
      if record == nil, task == nil { start(scoring: 0) } else { show() }
    case .renew: start(scoring: 0)
    case .scoreTokens:
      guard context.status.isDone(.teacher), context.status.isDone(.reference) else {
        return context.note("Tokens are scored once teacher and reference are there.", .warning)
      }
      start(scoring: Self.scoredChunks)
    case .stop: task?.cancel()
    }
  }

  private func start(scoring chunks: Int) {
    guard task == nil else { return context.note("What drives the selection is being counted.") }
    guard let selection = selection?.selection, let library = corpus?.library else {
      state = .failed("Nothing is scored yet.")
      return show()
    }
    let (folder, settings, pool) = (context.folder, context.settings, context.compute.pool)
    let endOfText = library.manifest.endOfText
    let order = DriversTask.Order(
      drivers: {
        Drivers(
          library.shards, selection: selection, tokenizer: library.tokenizer,
          endOfText: endOfText, Drivers.Settings(seed: settings.seed))
      },
      cache: folder.tokenScores, maximumPositions: settings.chunkTokens - 1, chunks: chunks,
      scorers: { try TokenReader.scorers(settings, folder, pool) })
    let task = DriversTask()
    self.task = task
    running = selection.settings
    state = .running(what: "reading chunks", fraction: 0)
    task.start(order) { [mailbox = context.mailbox] in mailbox.send(.drivers($0)) }
    show()
  }

  func take(_ found: DriversTask.State) throws {
    guard let task, ObjectIdentifier(task) == found.task else { return }
    state = .running(what: found.what, fraction: found.fraction)
    if found.isDone {
      self.task = nil
      state = record == nil ? .none : .done
      if let failure = found.failure { state = .failed(failure) }
      if let report = found.report, let running {
        let record = Record(settings: running, report: report)
        self.record = record
        state = .done
        try JSONFile.write(record, to: context.folder.drivers)
      }
    }
    show()
  }

  /// The selection has changed: what is shown may be of another one.
  func selectionChanged() { if isShown, record != nil { show() } }

  private func show() {
    var picture = DriversSnapshot(state: state)
    if let record {
      picture.groups = record.report.groups.map(DriversSnapshot.Group.init)
      picture.selection = record.settings.words
      picture.isStale = selection.map { $0.settings != record.settings } ?? false
    }
    context.publisher.showNow(.drivers, .drivers(picture))
  }
}

extension SelectionSettings {
  /// "ratio 0.500 and 2 departures".
  fileprivate var words: String {
    let rule =
      switch rule {
      case .ratio(let ratio): "ratio \(Number.fixed(ratio, 3))"
      case .threshold(let threshold): "d >= \(Number.fixed(Double(threshold), 3))"
      }
    let count = departures.count
    return rule + (count == 0 ? "" : " (+\(count))")
  }
}

extension DriversSnapshot.Group {
  init(_ group: DriversReport.Group) {
    func ngram(_ row: DriversReport.NGram) -> DriversSnapshot.NGram {
      DriversSnapshot.NGram(
        text: row.text, n: row.tokens.count, kept: row.keptChunks, dropped: row.droppedChunks,
        logOdds: row.logOdds, z: row.z)
    }
    func token(_ row: DriversReport.Token) -> DriversSnapshot.Token {
      DriversSnapshot.Token(text: row.text, count: row.count, total: row.total)
    }
    self.init(
      source: group.source, keptChunks: group.keptChunks, droppedChunks: group.droppedChunks,
      keptTokens: group.keptTokens, droppedTokens: group.droppedTokens,
      keeps: group.keeps.map(ngram), drops: group.drops.map(ngram), adds: group.adds.map(token),
      takes: group.takes.map(token), scoredTokens: group.scoredTokens)
  }
}
