import Foundation
import LanguageModels
import Store
import TensorKit
import Testing

/// Models as GGUF files: read back they are the same, and beside llama.cpp's converter the files hold
/// the same tensors.
@Suite struct GGUFExportTests {
  static let folders = [
    "qwen2-gqa-tied", "qwen2-mha-untied", "qwen2-yarn", "llama3-untied", "qwen3-gqa-tied",
    "qwen3-biased-untied", "mamba-tied", "mamba-biased", "own-head-qwen2", "own-head-llama",
  ].map(Fixture.init)

  private func export(
    _ folder: String, _ type: GGUFWeightType = .f32, to path: String
  ) throws -> GGUFExport {
    let export = try GGUFExport(ModelFolder(folder), as: type, tokenizer: nil, name: "a model")
    try export.write(to: path, ops: try Fixture.compute())
    return export
  }

  @Test(arguments: folders) func readBackItIsTheSame(_ fixture: Fixture) throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    let made = try export(fixture.folder, to: path)
    #expect(try FileContents.read(path).count == made.byteCount)
    #expect(try Folder.list(place.path) == ["model.gguf"])
    let original = try fixture.model()
    let model = try LanguageModel.load(folder: path, compute: Fixture.compute())
    #expect(model.parameters.table == original.parameters.table)
    var isEqual = true
    for entry in model.parameters.table.entries {
      let found = try #require(try model.parameters.copy(of: entry.name, .weights))
      let expected = try #require(try original.parameters.copy(of: entry.name, .weights))
      if entry.name.hasSuffix("A_log") {
        // The exponential has rounded.
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        isEqual = false
      } else {
        #expect(found == expected, "\(entry.name)")
      }
    }
    let batch = try fixture.batch()
    let logits = try [original, model].map { model in
      let workspace = try Workspace(for: model, maximumTokens: batch.tokenCount, purpose: .scoring)
      return try model.logits(batch, workspace: workspace)
    }
    if isEqual { #expect(logits[0] == logits[1]) }
    #expect(zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(try ModelFolder(path).endsOfText() == ModelFolder(fixture.folder).endsOfText())
  }

  /// Names, shapes, order of rows and settings of the converter.
  @Test(arguments: GGUFModelTests.converted)
  func theTensorsAreThoseOfTheConverter(_ fixture: Fixture) throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    _ = try export(fixture.folder, to: path)
    let (own, theirs) = (
      try GGUFFile(path: path), try GGUFFile(path: Fixture.gguf(fixture.name + ".gguf"))
    )
    #expect(Set(own.tensors.map(\.name)) == Set(theirs.tensors.map(\.name)))
    var compared = 0
    for tensor in own.tensors {
      let other = try #require(theirs[tensor.name])
      #expect(tensor.shape == other.shape, "\(tensor.name)")
      #expect(tensor.type == .f32)
      guard other.type == .f32 else { continue }
      compared += 1
      let (found, expected) = (values(of: tensor, own), values(of: other, theirs))
      // The converter computes divisors in single precision, and exponentials may differ in a bit.
      let tolerance: Float = tensor.name == "rope_freqs.weight" ? 1e-5 : 2e-7
      #expect(
        zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) },
        "\(tensor.name)")
    }
    #expect(compared > 0)
    for (key, value) in theirs.metadata where !key.hasPrefix("general.") {
      #expect(own.metadata[key] == value, "\(key)")
    }
  }

  private func values(of tensor: GGUFTensorInfo, _ file: GGUFFile) -> [Float] {
    file.withBytes(0..<tensor.range.count, of: tensor) { bytes in
      (0..<tensor.count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  /// The bytes that gguf-py makes of the same values.
  @Test(arguments: GGUFWeightType.allCases)
  func theBytesAreThoseOfGGUF(_ type: GGUFWeightType) throws {
    let digests = try JSONFile.read(
      [String: [String: String]].self, from: Fixture.gguf("exported.json"))
    let expected = try #require(digests[type.rawValue])
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    _ = try export(Fixture.gguf("mixed.gguf"), type, to: path)
    let file = try GGUFFile(path: path)
    #expect(file.tensors.count == expected.count)
    for tensor in file.tensors {
      let digest = try file.withBytes(0..<tensor.range.count, of: tensor) {
        try Digest.sha256($0)
      }
      #expect(digest == expected[tensor.name], "\(tensor.name) \(tensor.typeName)")
    }
  }

  @Test func rowsOfNoWholeBlocksStayHalves() throws {
    let place = try TemporaryFolder()
    let made = try export(
      Fixture(name: "qwen3-gqa-tied").folder, .q8_0, to: place.path + "/model.gguf")
    let file = try GGUFFile(path: place.path + "/model.gguf")
    #expect(file["blk.0.attn_q.weight"]?.type == .q8_0)
    // Rows of 56 and of 48 values.
    #expect(file["blk.0.ffn_down.weight"]?.type == .f16)
    #expect(file["blk.0.attn_norm.weight"]?.type == .f32)
    #expect(made.remarks.contains { $0.contains("stay F16") })
    _ = try LanguageModel.load(folder: place.path + "/model.gguf", compute: Fixture.compute())
  }

  @Test(arguments: ["qwen2-window", "mistral-whole", "llama-dynamic", "llama-longrope"])
  func whatSuchAFileCannotSayIsRefused(name: String) {
    #expect(throws: ModelError.self) {
      try GGUFExport(
        ModelFolder(Fixture(name: name).folder), as: .f32, tokenizer: nil, name: "a model")
    }
  }

  @Test func aWritingThatIsStoppedLeavesNothing() throws {
    struct Stop: Error {}
    let place = try TemporaryFolder()
    let export = try GGUFExport(
      ModelFolder(Fixture(name: "qwen2-gqa-tied").folder), as: .f16, tokenizer: nil, name: "a model"
    )
    #expect(throws: Stop.self) {
      try export.write(to: place.path + "/model.gguf", ops: try Fixture.compute()) { done, all in
        #expect(done <= all)
        if done > all / 2 { throw Stop() }
      }
    }
    #expect(try Folder.list(place.path).isEmpty)
  }
}
