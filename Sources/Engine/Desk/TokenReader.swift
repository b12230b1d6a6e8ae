import DifferenceSampling
import EngineInterface
import Foundation
import LanguageModels
import Pipeline
import Synchronization
import TensorKit

/// Scores single chunks token by token for the document screen, on a thread and models of its own,
/// so that reading never waits for the end of a job's step.
///
/// The kernels of a job and of the reader take turns in one pool: together they keep no more
/// threads busy than the engine was given.
final class TokenReader: Sendable {
  private struct Request: Sendable {
    var detail: ChunkDetail
    var tokens: [Int32]
    var endOfText: Int32
  }

  /// Questions that are not answered yet.
  private final class Debt: Sendable { let count = Atomic(0) }

  private let mailbox = Mailbox<Request>()
  private let debt = Debt()

  /// - Parameters:
  ///   - pool: of the engine.
  ///   - deliver: gets every answer; called on the reader's thread.
  init(
    settings: ProjectSettings, folder: ProjectFolder, pool: ParallelPool,
    deliver: @escaping @Sendable (ChunkDetail) -> Void
  ) {
    let thread = Thread { [mailbox, debt] in
      var scorers: (teacher: ModelScorer, reference: ModelScorer)?
      while let requests = mailbox.receive(timeout: 60) {
        // Only the chunk that is looked at now matters.
        guard let request = requests.last else { continue }
        // The text is on the screen already; words stand beside it until it has colours.
        func say(_ words: String) {
          var detail = request.detail
          detail.remark = words
          deliver(detail)
        }
        // After the answer is on its way.
        defer { debt.count.subtract(requests.count, ordering: .releasing) }
        do {
          let pair = try scorers ?? Self.scorers(settings, folder, pool, say)
          scorers = pair
          deliver(try Self.answer(request, pair, positions: settings.chunkTokens - 1))
        } catch {
          say("no token scores: \(StageFailure(error).text)")
        }
      }
    }
    thread.name = "reader"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Asks for the scores of a chunk; an earlier question that was not begun is forgotten.
  func score(_ detail: ChunkDetail, tokens: [Int32], endOfText: Int32) {
    debt.count.add(1, ordering: .relaxed)
    mailbox.send(Request(detail: detail, tokens: tokens, endOfText: endOfText))
  }

  /// Whether an answer is still to come.
  var isBusy: Bool { debt.count.load(ordering: .acquiring) > 0 }

  func close() { mailbox.close() }

  /// Teacher and reference with workspaces of their own, in the precision of the scoring; `say` hears
  /// how far large ones are read.
  static func scorers(
    _ settings: ProjectSettings, _ folder: ProjectFolder, _ pool: ParallelPool,
    _ say: @escaping (String) -> Void = { _ in }
  ) throws -> (teacher: ModelScorer, reference: ModelScorer) {
    let compute = try Ops(kernels: .best, pool: pool)
    let precision = ProjectPrecisions(
      folder: folder, settings: settings, capability: compute.capability
    ).plannedScoring
    func scorer(_ role: String, _ origin: ModelOrigin) throws -> ModelScorer {
      try ModelScorer(
        model: LanguageModel.load(
          folder: folder.modelFolder(role, origin), precision: precision,
          purpose: .scoring, compute: compute, progress: Work.loading("the \(role)", say)),
        maximumTokens: settings.chunkTokens)
    }
    return (
      try scorer("teacher", settings.teacher), try scorer("reference", settings.reference)
    )
  }

  private static func answer(
    _ request: Request, _ pair: (teacher: ModelScorer, reference: ModelScorer), positions: Int
  ) throws -> ChunkDetail {
    let scores = try TokenScores(
      tokens: request.tokens, chunk: request.detail.row.index,
      mask: LossMask(endOfText: request.endOfText),
      maximumPositions: positions, teacher: pair.teacher, reference: pair.reference)
    var detail = request.detail
    for position in scores.tokens.indices where position < detail.tokens.count {
      detail.tokens[position].teacherLogProbability = scores.teacherLogProbabilities[position].map(
        Double.init)
      detail.tokens[position].referenceLogProbability = scores.referenceLogProbabilities[position]
        .map(Double.init)
    }
    return detail
  }
}
