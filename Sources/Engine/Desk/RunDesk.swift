import Corpus
import EngineInterface
import Pipeline
import Store
import TensorKit
import Training

/// Batches of training runs, forks, and what runs do about what goes wrong.
final class RunDesk {
  private let context: DeskContext
  /// The batch that was asked for last.
  private var wanted: (run: String, step: Int)?

  init(_ context: DeskContext) { self.context = context }

  private func run(_ name: String) -> ProjectRun? {
    context.status.newestCommit.flatMap { commit in
      ProjectRun.all(context.folder, commit: commit).first { $0.name == name }
    }
  }

  /// Shows the batch of a step: its chunks at once, then with the losses of the run's own model.
  func openBatch(_ name: String, step: Int) {
    guard let run = run(name) else { return context.note("No run is called \(name).", .warning) }
    wanted = (name, step)
    context.publisher.send(.batch(BatchSnapshot(run: name, step: step, state: .reading)))
    let verb = StepBatch(
      of: run.folder, step: step, shards: run.shards, documents: context.folder.shards(.scored))
    let (publisher, pool, control) = (context.publisher, context.compute.pool, context.control)
    context.preparations.begin(.batch) {
      do {
        let found = try verb.look()
        publisher.send(.batch(BatchSnapshot(found, name: name, state: .computing)))
        let compute = try Ops(kernels: .best, pool: pool)
        let full = try verb.run(compute: compute, Work(control: control))
        publisher.send(.batch(BatchSnapshot(full, name: name, state: .ready)))
      } catch is WorkStopped {
        return nil
      } catch {
        publisher.send(
          .batch(BatchSnapshot(run: name, step: step, state: .failed("\(error)"))))
      }
      return nil
    }
  }

  /// Makes a fork of a run; true when it is to be trained.
  func fork(_ name: String, step: Int, chunks: [Int], wholeDocuments: Bool) throws -> Bool {
    guard let commit = context.status.newestCommit, let parent = run(name) else {
      context.note("No run is called \(name).", .warning)
      return false
    }
    let target = ProjectFork.next(
      of: parent.isOfA ? "A-uniform" : "B-refined", context.folder, commit: commit)
    let made = try ForkRun(
      of: parent.folder, step: step, dropping: chunks, wholeDocuments: wholeDocuments,
      shards: parent.shards, to: target.run
    ).run(Work())
    context.note(
      "\(target.name) branches off \(name) behind step \(made.checkpointStep), without "
        + RunFork.words(chunks: made.droppedChunks.count) + ".")
    context.showTraining()
    return true
  }

  /// Writes into project.json what is done about what goes wrong.
  func set(_ kind: FaultKind, _ choice: FaultChoice, isTraining: Bool) throws -> Bool {
    guard let changed = context.settings.with(choice, for: kind) else { return false }
    try changed.validate()
    try JSONFile.write(changed, to: context.folder.settings)
    context.settings = changed
    context.note(
      "\(kind.title): \(choice.title), written to project.json."
        + (isTraining ? " It holds from the next start of the training." : ""))
    return true
  }
}

extension BatchSnapshot {
  init(_ batch: StepBatch.Result, name: String, state: State) {
    self.init(
      run: name, step: batch.step, state: state, checkpoint: batch.checkpointStep,
      loss: batch.metrics?.loss, lossZScore: batch.metrics?.lossZScore, leftOut: batch.leftOut,
      chunks: batch.chunks.map { chunk in
        let first = chunk.documents.first?.record
        return Chunk(
          number: chunk.chunk, scored: chunk.scoredChunk, source: chunk.source,
          tokens: chunk.tokens, documents: chunk.documents.count,
          place: first.map { "\($0.file)\($0.line > 0 ? ":\($0.line)" : "")" } ?? "",
          difference: chunk.difference, teacherLoss: chunk.teacherLoss,
          referenceLoss: chunk.referenceLoss,
          loss: chunk.lossIsNotFinite ? .nan : chunk.loss)
      })
  }
}
