import DifferenceSampling
import EngineInterface
import Foundation
import Synchronization

/// The sorted scores as they stand, and the histogram beside them.
struct ScoreState: Sendable {
  var index: SelectionIndex
  var histogram: HistogramSnapshot
  /// Whether this is the finished table, not what has been scored so far.
  var isFinal: Bool
}

/// Keeps the index of a project's scores on a thread of its own: reads and sorts the finished table,
/// or takes in what is scored bit by bit. Every state that it hands over is whole; the desk never
/// waits for the next one.
final class ScoreKeeper: Sendable {
  /// The corpus that scores are of.
  struct Corpus: Sendable {
    var sourceNames: [String]
    var chunkCount: Int
  }

  enum Order: Sendable {
    /// Scoring begins: what comes is the first of it.
    case begin(Corpus)
    case add([ChunkScore])
    /// Reads the finished table. `ratio`: makes the picture of a finished scoring, too.
    case read(path: String, Corpus, ratio: Double?)
    /// Chunks are ranked so, and those with a teacher NLL above the cap cannot be selected.
    case order(SelectionRanking, cap: Float?)
    /// What nobody needs any more: giving hundreds of megabytes back takes time, too.
    case release(ScoreState?, Selection?)
  }

  enum Answer: Sendable {
    case state(ScoreState)
    case picture(ScoringSnapshot)
    case failed(String)
  }

  private let orders = Mailbox<Order>()
  private let open = Mutex(0)

  /// - Parameter deliver: called on the keeper's thread.
  init(deliver: @escaping @Sendable (Answer) -> Void) {
    let thread = Thread { [self] in
      Preparations.yieldToOthers()
      var work = Work(deliver: deliver)
      while let batch = orders.receive(timeout: 3600) {
        work.take(batch)
        open.withLock { $0 -= batch.count }
      }
    }
    thread.name = "scores"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Queues an order.
  func send(_ order: Order) {
    open.withLock { $0 += 1 }
    orders.send(order)
  }

  /// Whether an order is open.
  var isBusy: Bool { open.withLock { $0 > 0 } }

  func close() { orders.close() }

  /// What the thread holds.
  private struct Work {
    let deliver: @Sendable (Answer) -> Void
    private var index: SelectionIndex?
    private var histogram = ScoreHistogram()
    private var isFinal = false
    private var cap: Float?
    private var ranking = SelectionRanking.difference

    init(deliver: @escaping @Sendable (Answer) -> Void) { self.deliver = deliver }

    /// Does what came together, and hands over where that leads.
    mutating func take(_ orders: [Order]) {
      var added: [ChunkScore] = []
      var isNew = false
      for order in orders {
        switch order {
        case .begin(let corpus):
          added = []
          histogram = ScoreHistogram()
          isFinal = false
          index = SelectionIndex(
            scores: ChunkScores(), sourceNames: corpus.sourceNames, chunkCount: corpus.chunkCount
          ).ranked(by: ranking).capped(at: cap)
        case .add(let rows): added += rows
        case .read(let path, let corpus, let ratio):
          added = []
          do {
            try read(path, corpus, ratio)
            isNew = true
          } catch {
            deliver(.failed("\(error)"))
          }
        case .order(let ranking, let cap):
          (self.ranking, self.cap) = (ranking, cap)
          isNew = isNew || index?.rankedCount ?? 0 > 0
        case .release: break
        }
      }
      if !added.isEmpty, let grown = index?.adding(ChunkScores(added)) {
        index = grown
        histogram.add(added)
        isNew = true
      }
      guard isNew, let ordered = index?.ranked(by: ranking).capped(at: cap) else { return }
      index = ordered
      deliver(
        .state(
          ScoreState(
            index: ordered, histogram: HistogramSnapshot(histogram.display(bins: Self.bins)),
            isFinal: isFinal)))
    }

    /// Bins of the histogram that pictures carry; screens join them to their width.
    private static let bins = ScoreRecorder.bins

    private mutating func read(_ path: String, _ corpus: Corpus, _ ratio: Double?) throws {
      let scores = try ChunkScoresFile.read(path).scores
      guard Int(scores.chunks.last ?? -1) < corpus.chunkCount else {
        throw DifferenceSamplingError.otherCorpus(
          found: "a score of chunk \(scores.chunks.last ?? 0) in \(path)",
          expected: "chunks below \(corpus.chunkCount)")
      }
      var histograms = SourceHistograms()
      histograms.add(scores)
      index = SelectionIndex(
        scores: scores, sourceNames: corpus.sourceNames, chunkCount: corpus.chunkCount)
      histogram = histograms.all
      isFinal = true
      let picture = ratio.flatMap {
        ScoreRecorder.picture(
          of: scores, histograms, sourceNames: index?.sourceNames ?? corpus.sourceNames, ratio: $0)
      }
      if let picture { deliver(.picture(picture)) }
    }
  }
}
