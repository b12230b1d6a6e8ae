import Corpus
import LanguageModels
import Numerics

/// Chunks that are longer than what is taken of them, or than a model was made for: shards of other
/// programs may hold whole documents of any length.
struct LongChunks {
  /// Chunks between two safe points.
  private static let stretch = 1 << 20

  private let path: String
  private let count: Int
  private let most: Int
  /// Chunks of which something is left out, and how many tokens.
  private var cut = (chunks: 0, tokens: 0)
  /// Most tokens that are taken of a chunk.
  private(set) var longest = 0
  /// Inputs that are taken of all chunks.
  private(set) var inputs = 0
  private var limits: [(model: ModelFolder, positions: Int, beyond: Int)] = []

  /// Looks at the lengths of all chunks, of each of which `most` tokens are taken.
  ///
  /// - Throws: `WorkStopped`, and what reading the models' configurations gives.
  init(
    in shards: TokenShards, beyond most: Int, _ path: String, models: [ModelFolder], _ work: Work
  ) throws {
    self.path = path
    self.most = most
    count = shards.count
    for model in models {
      guard let limit = try model.statedConfiguration().maximumPositions else { continue }
      limits.append((model, limit, 0))
    }
    for start in stride(from: 0, to: shards.count, by: Self.stretch) {
      try work.checkpoint()
      shards.forEachChunk(in: start..<min(start + Self.stretch, shards.count)) { _, _, length in
        let taken = min(length, most)
        longest = max(longest, taken)
        if length > most {
          cut.chunks += 1
          cut.tokens += length - most
        }
        // The last token of a chunk is only a target.
        inputs += max(0, taken - 1)
        for index in limits.indices where taken - 1 > limits[index].positions {
          limits[index].beyond += taken - 1 - limits[index].positions
        }
        return true
      }
    }
  }

  /// How many tokens of how many chunks are left out, and which of the models were made for shorter
  /// inputs than the rest, a sentence each.
  func notes(option: String) throws -> [String] {
    var notes: [String] = []
    if cut.chunks > 0 {
      // Only documents can be cut anew; what was packed is chunked already.
      let isForeign = try ShardsTokenizer(ofShards: path).digest == nil
      notes.append(
        "\(Number.grouped(cut.chunks)) of \(Number.grouped(count)) chunks of \(path) are longer "
          + "than \(Number.grouped(most)) tokens: their last \(Number.grouped(cut.tokens)) tokens "
          + "are left out (--\(option) takes more"
          + (isForeign ? "; 'miniplm pack \(path)' cuts documents into chunks)" : ")"))
    }
    for (model, positions, beyond) in limits where beyond > 0 {
      notes.append(
        "\(model.path) was made for \(Number.grouped(positions)) positions "
          + "(max_position_embeddings), and the chunks of \(path) have up to "
          + "\(Number.grouped(longest - 1)): beyond them its losses tell little")
    }
    return notes
  }

  /// Says the same as warnings.
  static func note(
    in chunks: any ChunkSource, beyond most: Int, option: String, _ path: String,
    models: [ModelFolder], _ work: Work
  ) throws {
    // A converted chunk has no length before it is converted.
    guard let shards = chunks as? TokenShards else { return }
    let long = try LongChunks(in: shards, beyond: most, path, models: models, work)
    for text in try long.notes(option: option) { work.note(text, .warning) }
  }
}
