import Corpus
import Foundation
import LanguageModels
import Store

/// What a plan is made of beside the recipe: sizes of corpora and shapes of models, measured where they
/// are there, and guessed where they are not.
struct ExperimentFacts: Sendable {
  var vocabularySize: Int
  var endOfText: Int32
  var reserve: ChunkLengths
  var scored: ChunkLengths
  var heldOut: ChunkLengths
  /// By name of the arm; those that are missing have not been written.
  var arms: [String: ChunkLengths]
  var teacher: ModelConfiguration
  var reference: ModelConfiguration
  /// Bytes of text, as far as they are known.
  var textBytes: Int
  /// Whether the sizes of the parts are known, and not guessed.
  var isMeasured: Bool

  /// Reads what stands in the folder of an experiment.
  init(_ recipe: ExperimentRecipe, _ folder: ExperimentFolder) throws {
    let manifests = try CorpusPart.allCases.map {
      try CorpusBuilder.manifest(of: folder.shards($0))
    }
    let chunkTokens = recipe.chunkTokens
    let sizes = Self.bytes(recipe)
    textBytes = sizes.reduce(0, +)
    let known = manifests.compactMap { $0 }.first
    vocabularySize = known?.vocabularySize ?? recipe.vocabularySize ?? Self.usualVocabulary
    endOfText = known?.endOfText ?? 0
    let perToken = vocabularySize <= 8192 ? Self.bytesPerTokenSmall : Self.bytesPerToken
    let lengths = try zip(CorpusPart.allCases, zip(manifests, sizes)).map { part, found in
      found.0 == nil
        ? ChunkLengths(
          estimatedTokens: Double(found.1) / perToken, chunkTokens: chunkTokens)
        : ChunkLengths(
          try TokenShards(folder: folder.shards(part)), chunkTokens: chunkTokens)
    }
    (reserve, scored, heldOut) = (lengths[0], lengths[1], lengths[2])
    isMeasured = manifests[1] != nil
    arms = [:]
    for arm in recipe.arms + recipe.arms.map(\.text) where arms[arm.name] == nil {
      guard let shards = try folder.corpus(of: arm) else { continue }
      arms[arm.name] = ChunkLengths(
        try TokenShards(folder: shards), chunkTokens: chunkTokens)
    }
    teacher = try recipe.teacher.configuration(vocabularySize, endOfText)
    reference = try recipe.reference.configuration(vocabularySize, endOfText)
  }

  /// The chunks that a student of the arm is trained on.
  func lengths(of arm: ExperimentArm) -> ChunkLengths {
    arms[arm.name] ?? arms[arm.text.name] ?? arm.ratio.map { scored.share($0) } ?? scored
  }

  /// Bytes of text of each part; compressed files are guessed.
  private static func bytes(_ recipe: ExperimentRecipe) -> [Int] {
    switch recipe.corpus {
    case .machine(let text):
      let all = Double(text.bytes)
      return [text.reserve, 1 - text.reserve - text.heldOut, text.heldOut].map { Int(all * $0) }
    case .files(let files):
      return [files.reserve, files.scored, files.heldOut].map { paths in
        paths.reduce(0) { $0 + size(of: $1) }
      }
    }
  }

  private static func size(of path: String) -> Int {
    let manager = FileManager.default
    func bytes(_ file: String) -> Int {
      let size = (try? manager.attributesOfItem(atPath: file))?[.size] as? Int ?? 0
      return file.hasSuffix(".zst") || file.hasSuffix(".gz") ? size * usualCompression : size
    }
    guard Folder.isFolder(path) else { return bytes(path) }
    return (manager.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).reduce(0) {
      $0 + bytes("\(path)/\($1)")
    }
  }

  /// Of English text, by a vocabulary of 2,048 and by large ones.
  private static let bytesPerTokenSmall = 2.7
  private static let bytesPerToken = 3.8
  private static let usualCompression = 3
  private static let usualVocabulary = 50_000
}

extension ExperimentRecipe {
  /// The size that is asked for; nil where the tokenizer is given.
  var vocabularySize: Int? {
    if case .trained(let size) = tokenizer { size } else { nil }
  }
}

extension RecipeScorer {
  /// The shape of the model.
  func configuration(_ vocabularySize: Int, _ endOfText: Int32) throws -> ModelConfiguration {
    switch self {
    case .folder(let path): try ModelFolder(path).configuration()
    case .trained(let model, _, _):
      try model.configuration(vocabularySize: vocabularySize, endOfText: endOfText)
    }
  }
}
