import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Numerics
import Store
import TensorKit
import Testing

/// Precision as part of what scores are, and memory as what decides the size of batches.
@Suite("Precision and memory of scoring")
struct ScoringPrecisionTests {
  static let vocabulary = 61
  let folder: TemporaryFolder
  let source: TokenShards
  let configuration: ModelConfiguration

  init() throws {
    folder = try TemporaryFolder()
    var writer = try ShardWriter(
      folder: folder.path + "/corpus", vocabularySize: Self.vocabulary)
    _ = try writer.sources.id(of: "a")
    var random = RandomSource(seed: 8)
    for chunk in 0..<24 {
      let tokens = (0..<(3 + random.index(below: 40))).map { _ in
        Int32(random.index(below: Self.vocabulary))
      }
      try writer.append(
        PackedChunk(
          source: 0, tokens: tokens, pieces: [ChunkPiece(document: Int64(chunk), tokenStart: 0)]))
    }
    try writer.finish()
    source = try TokenShards(folder: folder.path + "/corpus")
    configuration = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: Self.vocabulary, hiddenSize: 64, intermediateSize: 96, layerCount: 2,
        headCount: 4, keyValueHeadCount: 2))
    for (seed, name) in ["teacher", "reference"].enumerated() {
      let model = try LanguageModel.make(
        configuration, initialization: .seeded(RandomSource(seed: UInt64(seed))),
        compute: Self.compute())
      try model.save(to: "\(folder.path)/\(name)")
    }
  }

  private static func compute() throws -> Ops {
    try Ops(kernels: .best, pool: try ParallelPool(threads: 2))
  }

  private func job(
    _ name: String, _ precision: Precision, capability: ProductCapability = .present
  ) throws -> ScoringJob {
    let settings = ScoringSettings(
      endOfText: 0, seed: 1, blockSize: 5, tokensPerBatch: 80, maximumPositions: 40,
      precision: precision)
    func scoring(_ model: String) -> ScoringModel {
      ScoringModel(identity: ArtifactIdentity(name: model, digest: model)) {
        try ModelScorer(
          folder: "\(folder.path)/\(model)", settings: settings,
          compute: Ops(
            kernels: .best, pool: ParallelPool(threads: 2), capability: capability))
      }
    }
    return try ScoringJob(
      source: source, corpus: ArtifactIdentity(name: "corpus", digest: "c"),
      teacher: scoring("teacher"), reference: scoring("reference"), settings: settings,
      folder: "\(folder.path)/\(name)", capability: capability)
  }

  private func bytes(_ job: ScoringJob) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: job.scoresPath))
  }

  @Test(
    "Reduced precision, stopped after each block and resumed, gives the same bytes",
    arguments: [Precision.bf16, .int8])
  func resumes(precision: Precision) throws {
    let whole = try job("whole", precision)
    guard case .finished(let scores) = try whole.run() else {
      Issue.record("not finished")
      return
    }
    var rounds = 0
    var finished = false
    while !finished, rounds < 20 {
      rounds += 1
      let control = ScoringControl()
      let outcome = try job("resumed", precision).run(control: control) {
        if case .blockSaved = $0 { control.request = .stopAfterBlock }
      }
      if case .finished = outcome { finished = true }
    }
    #expect(finished && rounds > 3)
    #expect(try bytes(job("resumed", precision)) == bytes(whole))
    // Near the reference, and not the reference itself.
    guard case .finished(let reference) = try job("f32", .f32).run() else { return }
    let pairs = zip(scores.teacherNLL, reference.teacherNLL)
    #expect(pairs.allSatisfy { abs($0 - $1) < (precision == .bf16 ? 0.02 : 0.1) })
    #expect(scores.teacherNLL != reference.teacherNLL)
  }

  @Test("Scores of two precisions are never mixed; files without the property are of f32")
  func neverMixed() throws {
    let control = ScoringControl()
    _ = try job("mixed", .f32).run(control: control) {
      if case .blockSaved = $0 { control.request = .stopAfterBlock }
    }
    func refusal() -> DifferenceSamplingError? {
      do {
        _ = try job("mixed", .bf16).run()
        return nil
      } catch {
        return error as? DifferenceSamplingError
      }
    }
    func requirePrecision(_ error: DifferenceSamplingError?) {
      guard case .otherJob(_, let mismatches)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(mismatches == [.init(property: "precision", found: "f32", expected: "bf16")])
      #expect(error?.message.contains("precision is f32 there and bf16 here") == true)
      #expect(error?.hint.contains("cannot be mixed") == true)
    }
    requirePrecision(refusal())
    guard case .finished(let scores) = try job("mixed", .f32).run() else {
      Issue.record("not finished")
      return
    }
    requirePrecision(refusal())
    // As a version wrote it that knew no precision.
    let path = try job("mixed", .f32).scoresPath
    var metadata = try ChunkScoresFile.read(path).metadata
    #expect(metadata.removeValue(forKey: "precision") == "f32")
    #expect(ChunkScoresFile.precision(of: metadata) == .f32)
    try ChunkScoresFile.write(scores, metadata: metadata, to: path)
    requirePrecision(refusal())
    guard case .finished = try job("mixed", .f32).run() else {
      Issue.record("not taken as f32")
      return
    }
  }

  private func mismatches(_ job: ScoringJob) -> [DifferenceSamplingError.Mismatch] {
    do {
      _ = try job.run()
    } catch DifferenceSamplingError.otherJob(let path, let mismatches) {
      let hint = DifferenceSamplingError.otherJob(path: path, mismatches: mismatches).hint
      #expect(hint.contains("--precision f32"))
      return mismatches
    } catch {
      Issue.record("\(error)")
    }
    return []
  }

  @Test("Rounded and f32 activations are never mixed, nor int8 of an older version continued")
  func twoArithmetics() throws {
    let rounding = ProductCapability(multipliesBF16: true, name: "rounding")
    let reading = ProductCapability(multipliesBF16: false, name: "reading")
    let control = ScoringControl()
    _ = try job("bf16", .bf16, capability: reading).run(control: control) {
      if case .blockSaved = $0 { control.request = .stopAfterBlock }
    }
    let other = DifferenceSamplingError.Mismatch(
      property: "arithmetic", found: "f32 activations", expected: "not named")
    #expect(try mismatches(job("bf16", .bf16, capability: rounding)) == [other])
    let whole = try job("bf16", .bf16, capability: reading)
    guard case .finished = try whole.run() else {
      Issue.record("not finished")
      return
    }
    #expect(try mismatches(job("bf16", .bf16, capability: rounding)) == [other])
    #expect(
      try ChunkScoresFile.read(whole.scoresPath).metadata["arithmetic"] == "f32 activations")

    let int8 = try job("int8", .int8)
    guard case .finished(let scores) = try int8.run() else {
      Issue.record("not finished")
      return
    }
    // As a version wrote it whose int8 had one scale a row.
    var metadata = try ChunkScoresFile.read(int8.scoresPath).metadata
    let stated = metadata.removeValue(forKey: "arithmetic")
    let own = try #require(stated)
    try ChunkScoresFile.write(scores, metadata: metadata, to: int8.scoresPath)
    #expect(
      try mismatches(job("int8", .int8)) == [
        .init(property: "arithmetic", found: "not named", expected: own)
      ])
    // f32 is one arithmetic everywhere: its files say nothing.
    let exact = try job("f32", .f32)
    _ = try exact.run()
    #expect(try ChunkScoresFile.read(exact.scoresPath).metadata["arithmetic"] == nil)
  }

  @Test("A batch is chosen by memory, and a job goes on with the one it began with")
  func chosenBatch() throws {
    let compute = try Self.compute()
    func plan(limit: Int, tokens: Int? = nil) throws -> ScoringMemory {
      try ScoringMemory.plan(
        teacher: configuration, reference: configuration,
        settings: ScoringSettings(endOfText: 0, maximumPositions: 256), tokensPerBatch: tokens,
        compute: compute, limitBytes: limit)
    }
    let roomy = try plan(limit: 1 << 40)
    #expect(roomy.settings.tokensPerBatch == 16 * 256)
    #expect(roomy.settings.passes == .alternating)
    let tight = try plan(limit: roomy.totalBytes)
    #expect(tight.settings.tokensPerBatch < 16 * 256)
    #expect(tight.totalBytes < roomy.totalBytes)
    #expect(tight.settings.passes == .alternating)
    #expect(tight == (try plan(limit: roomy.totalBytes)))
    // What the user says is taken; where two models do not fit, they take turns.
    let turns = try plan(limit: roomy.teacher.totalBytes, tokens: 16 * 256)
    #expect(turns.settings.passes == .onePassEach)
    #expect(turns.totalBytes == roomy.teacher.totalBytes)
    #expect(ScoringJob.recordedTokensPerBatch(folder: folder.path + "/batch") == nil)
    _ = try job("batch", .f32).run()
    #expect(ScoringJob.recordedTokensPerBatch(folder: folder.path + "/batch") == 80)
  }

  @Test("A batch that does not fit is refused with the size that fits")
  func refusal() throws {
    let compute = try Self.compute()
    let settings = ScoringSettings(endOfText: 0, maximumPositions: 256)
    func refused(_ tokens: Int, limit: Int) -> (fitting: String, message: String)? {
      do {
        _ = try ScoringMemory.plan(
          teacher: configuration, reference: configuration, settings: settings,
          tokensPerBatch: tokens, compute: compute, limitBytes: limit)
        return nil
      } catch {
        guard case .doesNotFit(_, limit, tokens, let fitting) = error else { return nil }
        return (fitting, error.message)
      }
    }
    var fitting = settings
    fitting.passes = .onePassEach
    fitting.tokensPerBatch = 1000
    let limit = ScoringMemory(
      teacher: configuration, reference: configuration, settings: fitting, compute: compute
    ).totalBytes
    let refusal = try #require(refused(100_000, limit: limit))
    #expect(refusal.message.contains("batches of 100000 tokens"))
    let words = refusal.fitting.split { !$0.isNumber }.compactMap { Int($0) }
    let named = try #require(words.first)
    #expect(named >= 1000 && named < 100_000)
    #expect(refused(named, limit: limit) == nil)
    #expect(refused(named + 1, limit: limit) != nil)
    #expect(refused(4096, limit: 1000)?.fitting.hasPrefix("Not even one chunk fits") == true)
  }
}
