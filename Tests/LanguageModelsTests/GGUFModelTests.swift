import LanguageModels
import Store
import TensorKit
import Testing

/// Models in GGUF files: the numbers of gguf-py and of transformers.
@Suite struct GGUFModelTests {
  /// Model folders, and the same models as llama.cpp's converter writes them.
  static let converted = [
    "qwen2-mha-untied", "llama3-untied", "qwen3-biased-untied", "mamba-tied", "mamba-biased",
    "own-head-qwen2", "own-head-llama",
  ].map(Fixture.init)

  @Test(arguments: BlockFormat.allCases)
  func blocksAreThoseOfGGUF(_ format: BlockFormat) throws {
    let file = try SafetensorsFile(path: Fixture.gguf("blocks.safetensors"))
    let blocks = try file.bytes(of: "\(format.rawValue).blocks", as: UInt8.self)
    let expected = try file.values(of: "\(format.rawValue).values", as: Float.self)
    let count = expected.count / format.valueCount
    #expect(blocks.count == count * format.byteCount)
    let start = try #require(blocks.baseAddress)
    var found = [Float](repeating: 0, count: expected.count)
    // On several threads, and from a place that is aligned to nothing.
    let compute = try Fixture.compute()
    compute.dequantize(start, of: format, to: &found, count: count)
    expectEqual(found, expected)
    var moved = [0] + Array(blocks)
    moved.withUnsafeMutableBytes { bytes in
      format.dequantize(bytes.baseAddress! + 1, to: &found, count: count)
    }
    expectEqual(found, expected)
  }

  /// Equal bits; NaN of any kind is NaN.
  private func expectEqual(_ found: [Float], _ expected: [Float]) {
    let differing = zip(found, expected).count {
      $0.bitPattern != $1.bitPattern && !($0.isNaN && $1.isNaN)
    }
    #expect(differing == 0)
  }

  @Test(arguments: converted)
  func convertedModelIsTheFolder(_ fixture: Fixture) throws {
    let path = Fixture.gguf(fixture.name + ".gguf")
    let folder = try fixture.model()
    let model = try LanguageModel.load(folder: path, compute: Fixture.compute())
    #expect(model.parameters.table == folder.parameters.table)
    for entry in model.parameters.table.entries {
      let found = try #require(try model.parameters.copy(of: entry.name, .weights))
      let expected = try #require(try folder.parameters.copy(of: entry.name, .weights))
      if entry.name.hasSuffix("A_log") {
        // The exponential has rounded.
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-6)
      } else {
        #expect(found == expected, "\(entry.name)")
      }
    }
    let batch = try fixture.batch()
    let workspace = try Workspace(for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    let logits = try model.logits(batch, workspace: workspace)
    let expected = try fixture.expected().values(of: "logits", as: Float.self)
    #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(try ModelFolder(path).endOfText() == Fixture.endOfText)
    #expect(try ModelFolder(path).endsOfText() == [Fixture.endOfText])
  }

  @Test(arguments: converted)
  func configurationIsTheFolders(_ fixture: Fixture) throws {
    let place = try TemporaryFolder()
    let path = Fixture.gguf(fixture.name + ".gguf")
    let model = try LanguageModel.load(folder: path, compute: Fixture.compute())
    // A student that starts from a GGUF file is saved as a folder, which says the same.
    let saved = place.path + "/saved"
    try model.save(to: saved)
    let again = try LanguageModel.load(folder: saved, compute: Fixture.compute())
    #expect(again.configuration == model.configuration)
    #expect(try again.parameters.copy(.weights) == model.parameters.copy(.weights))
    func keys(_ folder: String) throws -> [String: JSONValue] {
      let text = try FileContents.read(folder + "/config.json")
      guard case .object(let members) = try JSONValue(python: Array(text)) else { return [:] }
      return members
    }
    let (found, stated) = (try keys(saved), try keys(fixture.folder))
    // What only matters to new models, and what a stored head decides.
    let others: Set = [
      "initializer_range", "dtype", "torch_dtype", "transformers_version", "pad_token_id",
      "tie_word_embeddings", "head_dim", "expand", "rope_parameters", "layer_types",
      "max_window_layers", "pretraining_tp", "use_cache", "use_sliding_window", "sliding_window",
      "use_mambapy", "use_associative_scan",
    ]
    for (key, value) in stated where !others.contains(key) {
      #expect(found[key] == value, "\(key)")
    }
    guard case .object(let rotation)? = stated["rope_parameters"] else { return }
    guard case .object(let own)? = found["rope_parameters"] else {
      Issue.record("no rope_parameters")
      return
    }
    for (key, value) in rotation { #expect(own[key] == value, "\(key)") }
  }

  @Test(arguments: [1, 3])
  func blocksOfEveryTypeMakeTheModel(threads: Int) throws {
    let expected = try SafetensorsFile(path: Fixture.gguf("mixed.safetensors"))
    let compute = try Fixture.compute(threads: threads)
    let model = try LanguageModel.load(folder: Fixture.gguf("mixed.gguf"), compute: compute)
    for entry in model.parameters.table.entries {
      let values = try #require(try model.parameters.copy(of: entry.name, .weights))
      let digest = try values.withUnsafeBytes { try Digest.sha256($0) }
      #expect(digest == expected.metadata["sha256." + entry.name], "\(entry.name)")
    }
    let tokens = try expected.values(of: "chunks", as: Int32.self)
    let offsets = try expected.values(of: "chunk_offsets", as: Int32.self).map(Int.init)
    let batch = try PackedBatch(
      chunks: zip(offsets, offsets.dropFirst()).map { Array(tokens[$0..<$1]) }, endOfText: nil,
      weighting: .chunkMean(chunks: 3))
    let workspace = try Workspace(for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
    let logits = try model.logits(batch, workspace: workspace)
    let reference = try expected.values(of: "logits", as: Float.self)
    #expect(zip(logits, reference).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test(arguments: Precision.allCases)
  func everyPrecisionIsThatOfTheSavedFolder(_ precision: Precision) throws {
    let compute = try Fixture.compute()
    let place = try TemporaryFolder()
    for name in ["mixed.gguf", "llama3-untied.gguf", "mamba-tied.gguf"] {
      let path = Fixture.gguf(name)
      let whole = try LanguageModel.load(folder: path, compute: compute)
      try whole.save(to: place.path + "/saved")
      let fixture = Fixture(name: name == "mixed.gguf" ? "llama3-untied" : String(name.dropLast(5)))
      let chunks = try fixture.chunks().map { $0.map { $0 % 61 } }
      let batch = try PackedBatch(
        chunks: chunks, endOfText: nil, weighting: .chunkMean(chunks: chunks.count))
      let results = try [path, place.path + "/saved"].map { folder in
        let model = try ModelFolder(folder).load(
          precision: precision, purpose: .scoring, compute: compute)
        let workspace = try Workspace(
          for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
        return try model.logProbabilities(batch, workspace: workspace)
      }
      #expect(results[0] == results[1], "\(name)")
    }
  }
}
