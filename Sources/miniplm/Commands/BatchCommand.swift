import ArgumentParser
import Corpus
import Numerics
import Pipeline
import TensorKit
import Training

/// From a step of a run to what it was trained on.
struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Show the batch of a step of a training: chunks, documents, scores, losses.",
    discussion: """
      Chunks have the numbers of the run's shards. With --model-losses the chunks with the highest \
      loss by the newest checkpoint before the step come first, or by the oldest behind it where none \
      before is kept.
      """)

  @Argument(help: ArgumentHelp("Run folder.", valueName: "run"))
  var runFolder: String
  @Option(help: "The step, counted from 1 as in metrics.jsonl.", transform: whole(1...Most.counted))
  var step: Int
  @Option(help: "Folder of the run's token shards, where its folder does not say.")
  var shards: String?
  @Option(
    help: "Folder with documents.json, where the shards were selected from another folder.")
  var documents: String?
  @Flag(help: "Compute the loss of each chunk by that checkpoint.")
  var modelLosses = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    let verb = StepBatch(of: runFolder, step: step, shards: shards, documents: documents)
    let found = try CommandRun("batch", common, whenStopped: .stoppedWithoutResult).run {
      try modelLosses ? verb.run(compute: common.compute(), $0) : verb.look()
    }
    if common.json { return try Output.json(found) }
    try Output.line(Self.head(of: found))
    for chunk in found.chunks {
      try Output.line(Self.line(of: chunk))
      for document in chunk.documents {
        let place =
          document.record.map {
            "\($0.file)" + ($0.line > 0 ? ", line \(Number.grouped($0.line))" : "")
          } ?? "place not known"
        try Output.line(
          "  document \(document.document), tokens \(document.start)..<"
            + "\(document.start + document.tokens): \(place)")
      }
    }
  }

  private static func head(of batch: StepBatch.Result) -> String {
    var parts = ["step \(batch.step) of \(batch.run): \(batch.chunks.count) chunks"]
    if batch.leftOut { parts.append("left out of the training") }
    if let metrics = batch.metrics {
      parts.append("loss \(metrics.loss.map { Number.fixed($0, 4) } ?? "not finite")")
      if let z = metrics.lossZScore { parts.append("\(Number.signed(z, 1)) deviations") }
      if let norm = metrics.gradientNorm { parts.append("gradient norm \(Number.fixed(norm, 3))") }
    }
    if let checkpoint = batch.checkpointStep {
      parts.append(
        "losses by the checkpoint of step \(checkpoint)"
          + (checkpoint >= batch.step ? ", which has learnt the batch: none before is kept" : ""))
    }
    return parts.joined(separator: ", ")
  }

  private static func line(of chunk: StepBatch.Chunk) -> String {
    var parts = ["chunk \(chunk.chunk): \(chunk.tokens) tokens, source \(chunk.source)"]
    if chunk.lossIsNotFinite { parts.append("loss not finite") }
    if let loss = chunk.loss { parts.append("loss \(Number.fixed(loss, 4))") }
    if let difference = chunk.difference, let teacher = chunk.teacherLoss,
      let reference = chunk.referenceLoss
    {
      parts.append(
        "difference \(Number.signed(difference, 4)) (teacher \(Number.fixed(teacher, 4)), reference "
          + "\(Number.fixed(reference, 4)))")
    }
    if let scored = chunk.scoredChunk { parts.append("chunk \(scored) of the scored corpus") }
    return parts.joined(separator: ", ")
  }
}
