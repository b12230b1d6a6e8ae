import Corpus
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Testing
import Tokenizers
import Training

/// Whole texts in strided windows: the numbers of transformers (scripts/make_strided_fixtures.py), and
/// the documents of shards.
@Suite struct EvaluateTextsTests {
  private struct Case: Decodable, Sendable {
    struct Text: Decodable, Sendable {
      var targets: Int
      var nll: Double
      var bytes: Int
    }
    var window: Int
    var stride: Int
    var start: String
    var texts: [Text]
  }

  private let folder: String
  private let compute: Ops

  init() throws {
    folder = try #require(Bundle.module.resourceURL).path + "/Fixtures/strided"
    compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
  }

  private var model: ModelFolder { ModelFolder(folder + "/model") }

  private func evaluate(
    _ place: HeldOutTexts.Place, window: Int, stride: Int, start: TextStart = .tokenizer,
    batch: Int = 3, limit: Int = .max, model: ModelFolder? = nil, _ work: Work = Work()
  ) throws -> EvaluationResult {
    try EvaluateTexts(
      model ?? self.model, on: HeldOutTexts(place, limit: limit, start: start),
      windows: StridedWindows(window: window, stride: stride),
      settings: Evaluate.Settings(chunksPerBatch: batch), compute: compute
    ).run(work)
  }

  private var texts: HeldOutTexts.Place { .files([folder + "/texts.jsonl"], TextFields()) }

  @Test func everyTextHasTheLossThatTransformersGives() throws {
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json")))
    #expect(cases.count == 10)
    for expected in cases {
      let start = try #require(TextStart(rawValue: expected.start))
      let found = try evaluate(
        texts, window: expected.window, stride: expected.stride, start: start)
      #expect(found.chunks.count == expected.texts.count)
      #expect(found.sourceNames == ["prose", "code"])
      for (chunk, text) in zip(found.chunks, expected.texts) {
        #expect(chunk.tokens == text.targets)
        #expect(abs(chunk.nllSum - text.nll) < 1e-4 * Double(text.targets) + 1e-4)
        #expect(chunk.bytes == text.bytes)
      }
      let summary = try found.summary(bands: Bootstrap(replicates: 50))
      #expect(summary.bands?.unit == .documents)
      let bits =
        expected.texts.reduce(0) { $0 + $1.nll } / log(2)
        / Double(expected.texts.reduce(0) { $0 + $1.bytes })
      #expect(abs(try #require(summary.all.bitsPerByte) - bits) < 1e-4)
      #expect(summary.windows?.stride == expected.stride)
    }
  }

  /// One window holds each text: what is before a text makes its first token a target.
  @Test func aBoundaryStandsBeforeTextsThatHaveNone() throws {
    let inputs = try ScoredInputs()
    try AtomicFile.write(text: "stone river", to: inputs.root + "/one.txt")
    let place = HeldOutTexts.Place.files([inputs.root + "/one.txt"], TextFields())
    // This tokenizer puts nothing before a text; its texts end with token 0.
    let bare = try evaluate(place, window: 64, stride: 32, model: inputs.teacher)
    let framed = try evaluate(
      place, window: 64, stride: 32, start: .boundary, model: inputs.teacher)
    #expect(bare.chunks[0].tokens + 1 == framed.chunks[0].tokens)
    #expect(framed.chunks[0].bytes == 11)
    let first = try Tokenizer.load(from: inputs.tokenizer).encode("stone river")[0]
    let firstBytes = try Tokenizer.load(from: inputs.tokenizer).bytes(of: first).count
    #expect(bare.chunks[0].bytes == 11 - firstBytes)
  }

  @Test func windowsCoverEveryTargetOnce() throws {
    for (window, stride, count, first) in [
      (8, 3, 50, 1), (8, 7, 50, 1), (5, 1, 17, 2), (64, 32, 20, 1), (4, 3, 2, 1), (4, 2, 9, 6),
    ] {
      var targets: [Int] = []
      try StridedWindows(window: window, stride: stride).forEach(over: count, firstTarget: first) {
        #expect($0.tokens.count <= window)
        #expect($0.firstTarget > $0.tokens.lowerBound)
        if $0.tokens.lowerBound > 0, first < window {
          #expect($0.firstTarget - $0.tokens.lowerBound >= window - stride)
        }
        targets += Array($0.firstTarget..<$0.tokens.upperBound)
      }
      #expect(targets == Array(first..<count))
    }
    for (window, stride) in [(1, 1), (8, 8), (8, 0)] {
      #expect(throws: TrainingError.self) { try StridedWindows(window: window, stride: stride) }
    }
  }

  /// Documents of shards are put together from their chunks, and read as their text is.
  @Test func documentsOfShardsAreWhole() throws {
    let inputs = try ScoredInputs()
    let shards = try TokenShards(folder: inputs.shards)
    let documents = Set((0..<shards.count).flatMap { shards.documents(of: $0).map(\.document) })
    let found = try evaluate(
      .shards(inputs.shards), window: 512, stride: 256, model: inputs.teacher)
    #expect(Set(found.chunks.compactMap { $0.parts?.first?.document }) == documents)
    #expect(found.chunks.count == documents.count)
    let table = try #require(try DocumentTable.find(in: inputs.shards))
    let file = try evaluate(
      .files([inputs.root + "/shards.jsonl"], TextFields()), window: 512, stride: 256,
      model: inputs.teacher)
    // Those that are whole in the shards: their end of text is one more target.
    var whole = 0
    for chunk in found.chunks {
      let document = try #require(chunk.parts?.first?.document)
      guard try table.record(of: document).tokens == chunk.tokens + 1 else { continue }
      let other = file.chunks[Int(document)]
      #expect(chunk.tokens == other.tokens + 1)
      #expect(chunk.bytes == other.bytes)
      #expect(chunk.nllSum > other.nllSum)
      whole += 1
    }
    #expect(whole > 20)
  }

  @Test func shardsWithoutDocumentsSaySo() throws {
    let inputs = try ScoredInputs()
    for name in try Folder.list(inputs.shards)
    where name.contains("safetensors") || name.hasPrefix("documents") {
      try Folder.remove(inputs.shards + "/" + name)
    }
    let listener = Listener()
    let found = try evaluate(
      .shards(inputs.shards), window: 20, stride: 10, model: inputs.teacher, listener.work)
    #expect(found.chunks.allSatisfy { $0.parts == nil })
    #expect(listener.notes.contains { $0.text.contains("does not say which documents") })
    #expect(try found.summary(bands: Bootstrap(replicates: 20)).bands?.unit == .chunks)
  }

  @Test func limitsStopsAndMissingTokenizers() throws {
    #expect(try evaluate(texts, window: 16, stride: 8, limit: 3).chunks.count == 3)
    #expect(throws: WorkStopped()) {
      try evaluate(texts, window: 9, stride: 1, batch: 1, Listener(stopAfter: 2).work)
    }
    let inputs = try ScoredInputs()
    try inputs.save("bare", width: 16, seed: 3, withTokenizer: false)
    #expect(throws: PipelineError.self) {
      try evaluate(
        texts, window: 16, stride: 8, model: ModelFolder(inputs.root + "/bare"))
    }
    try AtomicFile.write(text: "{\"text\": \"\"}\n", to: inputs.root + "/empty.jsonl")
    #expect(throws: CorpusError.self) {
      try evaluate(
        .files([inputs.root + "/empty.jsonl"], TextFields(text: "text", source: "none")),
        window: 16, stride: 8)
    }
  }

  /// One long text: what is behind of it shows, and all of it at the end.
  @Test func progressGoesThroughALongText() throws {
    let inputs = try ScoredInputs()
    let text = Array(repeating: "stone river let value", count: 40).joined(separator: " ")
    try AtomicFile.write(text: text, to: inputs.root + "/long.txt")
    for place in [
      HeldOutTexts.Place.files([inputs.root + "/long.txt"], TextFields()), .shards(inputs.shards),
    ] {
      let listener = Listener()
      _ = try evaluate(
        place, window: 16, stride: 8, batch: 1, model: inputs.teacher, listener.work)
      let fractions = listener.reports.compactMap(\.fraction)
      #expect(Set(fractions).count > 5 && fractions == fractions.sorted())
      #expect(fractions.dropLast().allSatisfy { $0 < 1 })
      #expect(try #require(fractions.last) > 1 - 1e-9)
    }
  }

  @Test func comparingWholeTextsIsPaired() throws {
    let inputs = try ScoredInputs()
    let place = HeldOutTexts.Place.files([inputs.root + "/shards.jsonl"], TextFields())
    let material = HeldOutMaterial.texts(
      HeldOutTexts(place), try StridedWindows(window: 16, stride: 8))
    let compared = try Compare(
      inputs.teacher, inputs.reference, on: material, settings: Evaluate.Settings(),
      compute: inputs.compute
    ).run(Work())
    #expect(compared.comparison.bands?.units == 40)
    #expect(compared.comparison.chunkMean.band != nil)
  }
}
