import Corpus
import DifferenceSampling
import Foundation
import Store
import TensorKit
import Testing

@Suite("Agreement of precisions")
struct PrecisionTests {
  @Test("Equal values share the mean of their ranks")
  func midranks() {
    #expect(RankCorrelation.midranks([10, 20, 20, 5, 20, 10]) == [2.5, 5, 5, 1, 5, 2.5])
    #expect(RankCorrelation.midranks([-0.0, 0.0]) == [1.5, 1.5])
  }

  @Test("Rank correlation by hand, with and without ties")
  func spearman() throws {
    #expect(RankCorrelation.spearman([1, 2, 3], [10, 20, 21]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 3], [3, 2, 1]) == -1)
    // Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 (1 + 1 + 1 + 1) / (5 * 24) = 0.8.
    let plain = try #require(RankCorrelation.spearman([1, 2, 3, 4, 5], [7, 6, 9, 8, 10]))
    #expect(abs(plain - 0.8) < 1e-15)
    // Ranks 1 2.5 2.5 4 and 1 2 3.5 3.5 about 2.5: products 2.25 + 0 + 0 + 1.5, squares 4.5 each.
    let tied = try #require(RankCorrelation.spearman([1, 2, 2, 3], [5, 6, 7, 7]))
    #expect(abs(tied - 3.75 / 4.5) < 1e-15)
    #expect(RankCorrelation.spearman([1, 1], [1, 2]) == nil)
  }

  @Test("Agreement of ten chunks by hand")
  func agreement() throws {
    // Chunks 4 and 5 trade places around the middle; 9 falls from third place to last.
    let expected = ChunkScores(rows([10, 9, 7, 6, 5, 4, 3, 2, 1, 8]))
    var changed = rows([10, 9, 7, 6, 4, 5, 3, 2, 1, 0.5])
    changed[0].teacherNLL = 2.5
    changed[0].referenceNLL = 12.5
    let agreement = try ScoreAgreement(
      of: ChunkScores(changed), with: expected, ratios: [0.5, 0.3, 0.7])
    #expect(agreement.chunks == 10)
    #expect(agreement.lost == 0)
    // Kept half: 0 1 9 2 3 becomes 0 1 2 3 5. Kept 3: 0 1 9 becomes 0 1 2. Kept 7: 9 out, 6 in.
    #expect(agreement.sides.map(\.changed) == [2, 2, 2])
    #expect(agreement.sides.map(\.share) == [0.2, 0.2, 0.2])
    #expect(agreement.sides.map(\.ratio) == [0.5, 0.3, 0.7])
    // Ranks move by 1 1 0 ... : 2, 3 up by one; 4 stays, 5 up by two; 6 7 8 up by one; 9 down by 7.
    let squares = 1.0 + 1 + 0 + 4 + 1 + 1 + 1 + 49
    let correlation = try #require(agreement.rankCorrelation)
    #expect(abs(correlation - (1 - 6 * squares / 990)) < 1e-12)
    #expect(agreement.teacherNLL.shift == 0.05)
    #expect(agreement.teacherNLL.mean == 0.05)
    #expect(agreement.teacherNLL.maximum == 0.5)
    #expect(agreement.difference.maximum == 7.5)
    #expect(abs(agreement.difference.mean - 0.95) < 1e-12)
    #expect(abs(agreement.difference.shift - -0.75) < 1e-12)
    // The variance of 1 ... 10.
    #expect(abs(agreement.spread - (82.5 / 9).squareRoot()) < 1e-12)
  }

  @Test("A chunk that only one precision can score is counted and left out")
  func lost() throws {
    let expected = ChunkScores(rows([1, 2, 3, 4]))
    let found = ChunkScores(rows([1, 2, .nan, 4]))
    let agreement = try ScoreAgreement(of: found, with: expected, ratios: [0.5])
    #expect(agreement.lost == 1)
    #expect(agreement.chunks == 3)
    #expect(agreement.rankCorrelation == 1)
    #expect(throws: DifferenceSamplingError.self) {
      try ScoreAgreement(of: ChunkScores(rows([1])), with: expected, ratios: [])
    }
  }

  @Test("A sample is a seeded choice in the order of the corpus")
  func sample() throws {
    let corpus = MemoryCorpus(count: 200)
    let sample = try ChunkSample(of: corpus, count: 50, seed: 3)
    #expect(sample.count == 50)
    #expect(sample.chunks == sample.chunks.sorted() && Set(sample.chunks).count == 50)
    #expect(sample.chunks == (try ChunkSample(of: corpus, count: 50, seed: 3)).chunks)
    #expect(sample.chunks != (try ChunkSample(of: corpus, count: 50, seed: 4)).chunks)
    #expect(try sample.tokens(of: 7) == corpus.chunks[sample.chunks[7]])
    #expect(sample.source(of: 7) == corpus.sourceOfChunk[sample.chunks[7]])
    #expect(try ChunkSample(of: corpus, count: 900, seed: 3).chunks == Array(0..<200))
    #expect(throws: DifferenceSamplingError.self) {
      try ChunkSample(of: corpus, count: 1, seed: 3)
    }
  }

  @Test("Every chunk is equally likely to be in a sample")
  func uniform() throws {
    let corpus = MemoryCorpus(count: 10)
    var counts = [Int](repeating: 0, count: 10)
    for seed in 0..<3000 {
      for chunk in try ChunkSample(of: corpus, count: 3, seed: UInt64(seed)).chunks {
        counts[chunk] += 1
      }
    }
    // 900 each, standard deviation 25.
    #expect(counts.allSatisfy { abs($0 - 900) < 110 }, "\(counts)")
  }

  @Test("A trial that was stopped goes on, each precision in its own folder")
  func trial() throws {
    let folder = try TemporaryFolder()
    let corpus = MemoryCorpus(count: 20)
    let loads = Loads()
    func trial() -> PrecisionTrial {
      func model(_ name: String, _ scale: Float) -> PrecisionTrial.Model {
        { settings in
          let precision = settings.precision
          return ScoringModel(identity: .init(name: name, digest: name)) {
            loads.names.append("\(name) \(precision)")
            return FakeScorer(scale: precision == .f32 ? scale : scale + 0.25)
          }
        }
      }
      return PrecisionTrial(
        source: corpus, corpus: .init(name: "corpus", digest: "c"), teacher: model("t", 1),
        reference: model("r", 2),
        settings: .init(endOfText: 0, order: .sequential, blockSize: 8), folder: folder.path)
    }
    let control = ScoringControl()
    let stopped = try trial().score(in: .f32, control: control) { event in
      if case .blockSaved(1, _) = event { control.request = .stopAfterBlock }
    }
    #expect(stopped == nil)
    let first = try #require(try trial().score(in: .f32, control: .init()) { _ in })
    let second = try #require(try trial().score(in: .bf16, control: .init()) { _ in })
    #expect(first.scores.count == 20 && second.precision == .bf16)
    #expect(first.speed != nil)
    #expect(loads.names == ["t f32", "r f32", "t f32", "r f32", "t bf16", "r bf16"])
    // The files say in which precision they were made, and of the same models.
    for precision in [Precision.f32, .bf16] {
      let path = PrecisionTrial.folder(of: precision, in: folder.path) + "/scores.safetensors"
      let metadata = try ChunkScoresFile.read(path).metadata
      #expect(metadata["precision"] == precision.rawValue)
      #expect(metadata["teacher"] == "t sha256:t")
    }
    let agreement = try ScoreAgreement(of: second.scores, with: first.scores, ratios: [0.5])
    #expect(agreement.teacherNLL.mean > 0)
    // All is on disk: nothing is loaded again.
    #expect(try trial().score(in: .f32, control: .init()) { _ in }?.scores == first.scores)
    #expect(loads.names.count == 6)
  }

  private final class Loads {
    var names: [String] = []
  }
}
