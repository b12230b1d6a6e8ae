import Numerics
import Store

/// Texts from both ends of the ranking, as files to read: the inspection files of the published
/// scripts (thu-coai/MiniPLM, compute_difference_scores.py).
///
/// `top.txt` and `bottom.txt` hold the best and the worst chunks in order; `top_0001.txt`,
/// `top_001.txt`, `top_01.txt` and the same of `bottom` hold random ones from the extreme 0.1 %,
/// 1 % and 10 %.
public struct ScoreInspection {
  /// Chunks in a file, at most.
  public var count = 1000
  /// Seed of the random files.
  public var seed: UInt64 = 42
  private let index: SelectionIndex
  private let text: (_ chunk: Int) throws -> String

  /// - Parameter text: the decoded text of a chunk.
  public init(index: SelectionIndex, text: @escaping (_ chunk: Int) throws -> String) {
    self.index = index
    self.text = text
  }

  /// Writes the eight files into `folder`, which is made if needed.
  public func write(to folder: String) throws {
    try Folder.make(folder)
    let ranked = index.rankedCount
    let first = min(count, ranked)
    try write(Array(0..<first), to: "\(folder)/top.txt")
    try write((ranked - first..<ranked).reversed(), to: "\(folder)/bottom.txt")
    for (suffix, share) in [("0001", 0.001), ("001", 0.01), ("01", 0.1)] {
      let width = Int(share * Double(ranked))
      try write(sample(0..<width, stream: "top \(suffix)"), to: "\(folder)/top_\(suffix).txt")
      try write(
        sample(ranked - width..<ranked, stream: "bottom \(suffix)"),
        to: "\(folder)/bottom_\(suffix).txt")
    }
  }

  private func sample(_ ranks: Range<Int>, stream: String) -> [Int] {
    var ranks = Array(ranks)
    var random = RandomSource(seed: seed).split(stream)
    random.shuffle(&ranks)
    return Array(ranks.prefix(count))
  }

  private func write(_ ranks: [Int], to path: String) throws {
    var content = ""
    for (position, rank) in ranks.enumerated() {
      let score = index.score(atRank: rank)
      content += "############## \(position), \(score.chunk), diff: \(score.difference), "
      content += "large_score: \(score.teacherNLL), small_score: \(score.referenceNLL) "
      content += "#############\n\(try text(score.chunk))\n\n\n"
    }
    try AtomicFile.write(text: content, to: path)
  }
}
