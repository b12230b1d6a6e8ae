import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// A model folder of transformers and what transformers computed from it
/// (scripts/make_model_fixtures.py).
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String

  static let all = [
    "qwen2-gqa-tied", "qwen2-mha-untied", "llama3-untied", "mamba-tied", "mamba-biased",
    "qwen3-gqa-tied", "qwen3-biased-untied",
  ].map(Fixture.init)

  /// Tied by their config.json, with a stored head that differs.
  static let ownHeads = ["own-head-qwen2", "own-head-qwen3", "own-head-llama", "own-head-mamba"]
    .map(Fixture.init)

  /// With rotations whose border lies at 32 positions; one of the chunks is longer.
  static let rotations = ["qwen2-yarn", "llama-dynamic", "llama-longrope"].map(Fixture.init)

  /// With windows of 9 and 33 tokens in one of two layers, of 20 in both, and without one.
  static let windows = ["qwen2-window", "qwen3-window", "mistral-window", "mistral-whole"]
    .map(Fixture.init)

  static let endOfText: Int32 = 3

  var testDescription: String { name }

  var folder: String {
    (Bundle.module.resourcePath ?? ".") + "/Fixtures/" + name
  }

  /// What transformers generates and filters (scripts/make_generation_fixtures.py).
  static func generation() throws -> SafetensorsFile {
    try SafetensorsFile(
      path: (Bundle.module.resourcePath ?? ".") + "/Fixtures/generation.safetensors")
  }

  /// The members of its config.json.
  func configurationKeys() throws -> [String: JSONValue] {
    let value = try JSONValue(python: Array(FileContents.read(folder + "/config.json")))
    guard case .object(let members) = value else { return [:] }
    return members
  }

  func expected() throws -> SafetensorsFile {
    try SafetensorsFile(path: folder + "/expected.safetensors")
  }

  func model(threads: Int = 2) throws -> any CausalLanguageModel {
    try LanguageModel.load(folder: folder, compute: Self.compute(threads: threads))
  }

  func chunks() throws -> [[Int32]] {
    let expected = try expected()
    let tokens = try expected.values(of: "chunks", as: Int32.self)
    let offsets = try expected.values(of: "chunk_offsets", as: Int32.self).map(Int.init)
    return zip(offsets, offsets.dropFirst()).map { Array(tokens[$0..<$1]) }
  }

  func batch(_ weighting: PackedBatch.Weighting? = nil) throws -> PackedBatch {
    let chunks = try chunks()
    return try PackedBatch(
      chunks: chunks, endOfText: Self.endOfText,
      weighting: weighting ?? .chunkMean(chunks: chunks.count))
  }

  static func compute(
    threads: Int = 2, capability: ProductCapability = .present
  ) throws -> Compute {
    try Compute(
      kernels: .best, pool: try ParallelPool(threads: threads), capability: capability)
  }
}

extension PackedBatch {
  /// Packs chunks of any id.
  init(chunks: [[Int32]], endOfText: Int32?, weighting: Weighting) throws {
    self.init(
      try chunks.enumerated().map { number, tokens in
        try ChunkWindow(
          tokens, number: number, mask: LossMask(endOfText: endOfText),
          vocabularySize: Int(Int32.max))
      }, weighting: weighting)
  }
}
