import Corpus
import LanguageModels
import Testing
import Training

@Suite struct ShardTrainingTests {
  /// A run over shards on disk computes what a run over the same chunks in memory computes.
  @Test func shardsTrainLikeAListInMemory() throws {
    let folder = try TemporaryFolder()
    let list = Tiny.chunks(20)
    var options = ShardOptions()
    options.chunksPerShard = 7
    var writer = try ShardWriter(
      folder: folder.file("shards"), vocabularySize: Tiny.vocabularySize, options: options)
    for name in list.sources { _ = try writer.sources.id(of: name) }
    for chunk in 0..<list.count {
      try writer.append(
        PackedChunk(
          source: UInt16(list.source(of: chunk)), tokens: try list.tokens(of: chunk),
          pieces: [ChunkPiece(document: Int64(chunk), tokenStart: 0)]))
    }
    try writer.finish()
    let shards = try TokenShards(folder: folder.file("shards"))
    #expect(try shards.fingerprint() == list.fingerprint())

    let settings = Tiny.settings(steps: 4)
    func run(_ chunks: any ChunkSource, _ name: String) throws -> [UInt32] {
      let model = try Tiny.model(.mamba, compute: try Tiny.compute())
      let heldOut = HeldOutEvaluation(
        chunks: chunks, chunkTokens: settings.chunkTokens,
        endOfSequenceToken: Tiny.endOfSequence, chunksPerBatch: 2)
      try Trainer(
        model: model, workspace: try Tiny.workspace(for: model, settings),
        configuration: settings, chunks: chunks, heldOut: heldOut, runFolder: folder.file(name)
      ).run()
      return try Tiny.bits(model)
    }
    #expect(try run(shards, "disk") == run(list, "memory"))
    #expect(try Tiny.facts(folder.file("disk")) == Tiny.facts(folder.file("memory")))
  }
}
