import Corpus
import LanguageModels
import Numerics

/// Chunks that are longer than what is taken of them: shards of other programs may hold whole
/// documents of any length.
enum LongChunks {
  /// Chunks between two safe points.
  private static let stretch = 1 << 20

  /// Notes how many tokens of how many chunks are left out, and which of `models` were made for
  /// shorter inputs than the rest.
  ///
  /// - Throws: `WorkStopped`, and what reading the models' configurations gives.
  static func note(
    in chunks: any ChunkSource, beyond most: Int, option: String, _ path: String,
    models: [ModelFolder], _ work: Work
  ) throws {
    // A converted chunk has no length before it is converted.
    guard let shards = chunks as? TokenShards else { return }
    var (count, tokens, longest) = (0, 0, 0)
    for start in stride(from: 0, to: shards.count, by: stretch) {
      try work.checkpoint()
      shards.forEachChunk(in: start..<min(start + stretch, shards.count)) { _, _, length in
        longest = max(longest, min(length, most))
        if length > most {
          count += 1
          tokens += length - most
        }
        return true
      }
    }
    if count > 0 {
      // Only documents can be cut anew; what was packed is chunked already.
      let isForeign = try ShardsTokenizer(ofShards: path).digest == nil
      work.note(
        "\(Number.grouped(count)) of \(Number.grouped(shards.count)) chunks of \(path) are longer "
          + "than \(Number.grouped(most)) tokens: their last \(Number.grouped(tokens)) tokens are "
          + "left out (--\(option) takes more"
          + (isForeign ? "; 'miniplm pack \(path)' cuts documents into chunks)" : ")"), .warning)
    }
    // The last token of a chunk is only a target.
    for model in models {
      guard let limit = try model.statedConfiguration().maximumPositions, longest - 1 > limit
      else { continue }
      work.note(
        "\(model.path) was made for \(Number.grouped(limit)) positions "
          + "(max_position_embeddings), and the chunks of \(path) have up to "
          + "\(Number.grouped(longest - 1)): beyond them its losses tell little", .warning)
    }
  }
}
