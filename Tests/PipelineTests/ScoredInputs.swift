import Corpus
import DifferenceSampling
import Foundation
import LanguageModels
import Numerics
import Pipeline
import Store
import TensorKit
import Tokenizers

/// A corpus of two sources, its tokenizer and two models, small enough for milliseconds, in a folder
/// that goes when the test ends.
final class ScoredInputs {
  let root: String
  let compute: Ops
  /// Kept from one verb to the next.
  let digests = FileDigests()
  static let vocabularySize = 258
  static let endOfText: Int32 = 0

  var shards: String { root + "/shards" }
  var tokenizer: String { root + "/tokenizer" }
  var scores: String { root + "/scores" }
  var commits: String { root + "/commits" }
  var teacher: ModelFolder { ModelFolder(root + "/teacher") }
  var reference: ModelFolder { ModelFolder(root + "/reference") }

  init(documents: Int = 40) throws {
    root = NSTemporaryDirectory() + "verbs-\(UUID().uuidString)"
    compute = try Ops(kernels: .best, pool: ParallelPool(threads: 2))
    try Folder.make(root)
    try BytePairTrainer(.init(vocabularySize: Self.vocabularySize))
      .train(on: WordCounter(preTokenization: .qwen2)) { _ in true }.write(toFolder: tokenizer)
    try pack("shards", documents: documents)
    try save("teacher", width: 24, seed: 1)
    try save("reference", width: 16, seed: 2)
  }

  deinit { try? Folder.remove(root) }

  /// Packs texts of two sources into `root/name`.
  func pack(_ name: String, documents: Int, start: Int = 0) throws {
    var lines = ""
    var random = RandomSource(seed: UInt64(start))
    let words = ["river", "stone", "let", "value", "slow", "boats", "=", "print", "é"]
    for number in 0..<documents {
      let text = (0..<12 + random.index(below: 20)).map { _ in
        words[random.index(below: words.count)]
      }.joined(separator: " ")
      lines +=
        "{\"text\": \"\(start + number) \(text)\", "
        + "\"meta\": {\"pile_set_name\": \"\(number % 3 == 0 ? "code" : "prose")\"}}\n"
    }
    let file = "\(root)/\(name).jsonl"
    try AtomicFile.write(text: lines, to: file)
    var settings = CorpusSettings()
    settings.packing.maximumLength = 33
    _ = try CorpusBuilder(
      inputs: [file], settings: settings,
      tokenizer: TokenizerEncoding(Tokenizer.load(from: tokenizer))
    ).build(into: "\(root)/\(name)")
  }

  /// Writes a model with fresh weights and the tokenizer into `root/name`.
  func save(_ name: String, width: Int, seed: UInt64, withTokenizer: Bool = true) throws {
    let shape = try ModelConfiguration(
      .qwen2,
      ModelSizes(
        vocabularySize: Self.vocabularySize, hiddenSize: width, intermediateSize: 2 * width,
        layerCount: 1, headCount: 2,
        specialTokens: SpecialTokenIDs(
          beginning: Int(Self.endOfText), end: [Int(Self.endOfText)],
          padding: Int(Self.endOfText))))
    try LanguageModel.make(
      shape, initialization: .seeded(RandomSource(seed: seed)), compute: compute
    ).save(to: "\(root)/\(name)", tokenizerFolder: withTokenizer ? tokenizer : nil)
  }

  var scoring: ScoringInputs {
    ScoringInputs(
      shards: shards, teacher: teacher, reference: reference, digests: digests, compute: compute)
  }

  static let scoringSettings = Score.Settings(seed: 77, blockSize: 8, maximumPositions: 32)

  /// Scores everything into `scores`.
  @discardableResult
  func score() throws -> Score.Result {
    try Score(scoring, settings: Self.scoringSettings, output: scores).run(Work())
  }

  /// Bytes of every file in a folder, sub-folders left out.
  func files(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try Folder.list(folder) where !Folder.isFolder("\(folder)/\(name)") {
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return files
  }
}

/// What a verb said, and a stop after so many reports of progress.
final class Listener {
  private(set) var notes: [WorkNote] = []
  private(set) var reports: [WorkProgress] = []
  private let control = WorkControl()
  private let stopAfter: Int
  private let word: String

  /// - Parameters:
  ///   - stopAfter: reports after which a stop is asked for.
  ///   - word: only reports that say it count.
  init(stopAfter: Int = .max, reports word: String = "") {
    self.stopAfter = stopAfter
    self.word = word
  }

  var work: Work {
    Work(
      control: control,
      progress: { [self] progress in
        reports.append(progress)
        let counted = word.isEmpty ? reports.count : reports.count { $0.detail.contains(word) }
        if counted >= stopAfter { control.stop() }
      }, note: { [self] in notes.append($0) })
  }
}
