import Foundation
import Glibc
import LanguageModels
import Store
import TensorKit
import Testing

/// Folders written and read back, and folders that must be refused without a crash.
@Suite struct ModelFolderTests {
  @Test(arguments: Fixture.all + Fixture.ownHeads, WeightType.allCases)
  func roundTrip(_ fixture: Fixture, _ type: WeightType) throws {
    let folder = try TemporaryFolder()
    let model = try fixture.model()
    let target = folder.path + "/saved"
    try model.save(to: target, dtype: type)
    let again = try LanguageModel.load(folder: target, compute: Fixture.compute())
    #expect(again.configuration == model.configuration)
    let before = try model.parameters.copy(.weights)
    let after = try again.parameters.copy(.weights)
    // Half a unit in the last place; f16 has subnormal numbers among real weights.
    let relative: Float = [.float32: 0, .float16: 0x1p-11, .bfloat16: 0x1p-8][type] ?? 0
    let absolute: Float = type == .float16 ? 0x1p-25 : 0
    #expect(zip(before, after).allSatisfy { abs($0 - $1) <= relative * abs($0) + absolute })
    #expect(before.contains { $0 != 0 })
    // What has a head of its own says so when it is saved.
    #expect(try ModelFolder(target).examine().warnings.isEmpty)
    let names = try SafetensorsFile(path: target + "/model.safetensors").tensors.map(\.name)
    #expect(names.contains("lm_head.weight") != model.configuration.tiesWordEmbeddings)
    #expect(try Folder.list(folder.path) == ["saved"])
  }

  @Test func savingReplacesAFolderAndBringsTheTokenizer() throws {
    let folder = try TemporaryFolder()
    try folder.write("{}", to: "tokenizer.json")
    let model = try Fixture.all[0].model()
    let target = folder.path + "/saved/"
    try model.save(to: target)
    #expect(!Folder.exists(target + "tokenizer.json"))
    try model.save(to: target, tokenizerFolder: folder.path)
    #expect(
      try Folder.list(target) == [
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
        "tokenizer_config.json",
      ])
    #expect(try Folder.list(folder.path) == ["saved", "tokenizer.json"])
  }

  @Test func aReplacementThatWasCutIsMadeGood() throws {
    let folder = try TemporaryFolder()
    let model = try Fixture.all[0].model()
    let target = folder.path + "/saved"
    try model.save(to: target)
    // As a kill leaves it between two renames: the old folder aside, the new one not yet named.
    try FileManager.default.moveItem(atPath: target, toPath: target + ".replaced")
    try Folder.make(target + ".partial")
    #expect(ModelFolder(target).isPresent)
    #expect(try Folder.list(folder.path) == ["saved", "saved.partial"])
    try FileManager.default.moveItem(atPath: target, toPath: target + ".replaced")
    #expect(try load(target).configuration == model.configuration)
    try FileManager.default.moveItem(atPath: target, toPath: target + ".replaced")
    try model.save(to: target, dtype: .bfloat16)
    #expect(try Folder.list(folder.path) == ["saved"])
    // A folder that is there is never touched, whatever lies beside it.
    try Folder.make(target + ".replaced")
    #expect(try load(target).configuration == model.configuration)
    #expect(try Folder.list(folder.path) == ["saved", "saved.replaced"])
  }

  @Test func aReplacementThatIsGoingOnIsLeftToItsWriter() throws {
    let folder = try TemporaryFolder()
    let target = folder.path + "/saved"
    try Fixture.all[0].model().save(to: target)
    try FileManager.default.moveItem(atPath: target, toPath: target + ".replaced")
    try Folder.make(target + ".partial")
    let held = open(target + ".partial", O_RDONLY)
    #expect(held >= 0 && flock(held, LOCK_EX) == 0)
    #expect(!ModelFolder(target).isPresent)
    #expect(try Folder.list(folder.path) == ["saved.partial", "saved.replaced"])
    close(held)
    #expect(ModelFolder(target).isPresent)
  }

  /// Rewrites the tensors of an f32 fixture's folder.
  private func rewrite(
    _ folder: String, _ change: (inout [(name: String, shape: [Int], values: [Float])]) -> Void
  ) throws {
    let path = folder + "/model.safetensors"
    let file = try SafetensorsFile(path: path)
    var tensors = try file.tensors.map {
      (name: $0.name, shape: $0.shape, values: try file.values(of: $0.name, as: Float.self))
    }
    change(&tensors)
    var writer = try SafetensorsWriter(
      replacing: path,
      tensors: tensors.map { .init(name: $0.name, type: .f32, shape: $0.shape) })
    for tensor in tensors { try writer.write(tensor.values) }
    try writer.commit()
  }

  private func load(_ folder: String) throws -> any CausalLanguageModel {
    try LanguageModel.load(folder: folder, compute: Fixture.compute())
  }

  @Test func everyDifferenceIsInOneError() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy(Fixture.all[3])
    try rewrite(copy) { tensors in
      tensors.removeAll { $0.name == "backbone.norm_f.weight" }
      tensors.append(("backbone.extra.weight", [2], [1, 2]))
      for index in tensors.indices where tensors[index].name == "backbone.layers.0.mixer.D" {
        tensors[index].shape = [8, 8]
      }
    }
    #expect(
      throws: ModelError.tensors(
        path: copy,
        problems: [
          .shape(name: "backbone.layers.0.mixer.D", found: [8, 8], expected: [64]),
          .missing(name: "backbone.norm_f.weight", expected: [32]),
        ])
    ) { try load(copy) }
  }

  @Test func olderNamesAreRead() throws {
    let folder = try TemporaryFolder()
    let fixture = Fixture.all[3]
    let copy = try folder.copy(fixture)
    let weights = try fixture.model().parameters.copy(.weights)
    try rewrite(copy) { tensors in
      for index in tensors.indices where tensors[index].name == "backbone.embeddings.weight" {
        tensors[index].name = "backbone.embedding.weight"
        tensors.append(("lm_head.weight", tensors[index].shape, tensors[index].values))
      }
      tensors.append(("backbone.layers.0.rotary_emb.inv_freq", [1], [1]))
    }
    #expect(try load(copy).parameters.copy(.weights) == weights)
    try rewrite(copy) { tensors in
      for index in tensors.indices where tensors[index].name.hasPrefix("backbone.") {
        tensors[index].name.removeFirst("backbone.".count)
      }
    }
    #expect(try load(copy).parameters.copy(.weights) == weights)
    try rewrite(copy) { tensors in tensors.removeAll { $0.name == "embedding.weight" } }
    #expect(try load(copy).parameters.copy(.weights) == weights)
  }

  @Test func valuesThatAreNotFiniteAreRefused() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy(Fixture.all[4])
    try rewrite(copy) { tensors in tensors[0].values[0] = .nan }
    let error = try #require(throws: ModelError.self) { try load(copy) }
    #expect(error.message.contains("NaN or infinity"))
    // The configuration is not to blame, and a GGUF file has none.
    #expect(!error.hint.contains("config.json") && error.hint.contains("ownload"))
  }

  @Test func truncatedFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy(Fixture.all[4])
    let path = copy + "/model.safetensors"
    let bytes = try #require(FileManager.default.contents(atPath: path))
    for length in [0, 7, 8, 100, 2000, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: ModelError.self) { try load(copy) }
    }
    // A configuration far larger than its file must fail before memory is taken.
    try bytes.write(to: URL(fileURLWithPath: path))
    let config = copy + "/config.json"
    let text = try String(contentsOfFile: config, encoding: .utf8)
    try text.replacingOccurrences(of: "\"hidden_size\": 20", with: "\"hidden_size\": 131072")
      .write(toFile: config, atomically: true, encoding: .utf8)
    #expect(throws: ModelError.self) { try load(copy) }
  }

  @Test func foldersWithoutReadableWeightsAreRefused() throws {
    let folder = try TemporaryFolder()
    let copy = try folder.copy(Fixture.all[0])
    #expect(throws: ModelError.self) { try load(folder.path) }
    for shard in 1...3 {
      try Folder.remove(copy + "/model-0000\(shard)-of-00003.safetensors")
      #expect(throws: ModelError.self) { try load(copy) }
    }
    let index = copy + "/model.safetensors.index.json"
    for text in ["{}", "[", "{\"weight_map\": {\"a\": \"../../etc/passwd\"}}"] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: index))
      #expect(throws: ModelError.self) { try load(copy) }
    }
    try Folder.remove(index)
    #expect(throws: ModelError.self) { try load(copy) }
    try Data([0x80]).write(to: URL(fileURLWithPath: copy + "/pytorch_model.bin"))
    let error = try #require(throws: ModelError.self) { try load(copy) }
    #expect(error.hint.contains("save_pretrained"))
  }

  @Test func aFolderSaysWhatItLacks() throws {
    let folder = try TemporaryFolder()
    let empty = ModelFolder(folder.path + "/")
    #expect(empty.path == folder.path)
    #expect(!empty.isPresent)
    let weights = "weights (model.safetensors or model.safetensors.index.json)"
    #expect(empty.missing() == ["config.json", weights, "tokenizer.json"])
    let copy = ModelFolder(try folder.copy(Fixture.all[0]))
    #expect(copy.name == "qwen2-gqa-tied")
    #expect(copy.isPresent)
    #expect(copy.missing() == ["tokenizer.json"])
    try folder.write("{}", to: copy.name + "/tokenizer.json")
    #expect(copy.missing().isEmpty)
    // What transformers computed lies beside the fixture's weights.
    let expected = ["expected.safetensors", "hidden.safetensors"]
    let shards = (1...3).map { "model-0000\($0)-of-00003.safetensors" }
    #expect(try copy.identityFiles() == expected + shards + ["config.json"])
    try Folder.remove(copy.path + "/" + shards[1])
    #expect(copy.missing() == [shards[1]])
    try folder.write("{", to: copy.name + "/model.safetensors.index.json")
    #expect(copy.missing() == ["a readable model.safetensors.index.json"])
    #expect(throws: ModelError.self) { try ModelFolder(folder.path + "/none").identityFiles() }
  }

  @Test func aFolderNamesItsEndOfText() throws {
    let folder = try TemporaryFolder()
    let model = ModelFolder(try folder.copy(Fixture.all[0]))
    #expect(try model.endOfText() == Fixture.endOfText)
    try folder.write("{\"eos_token_id\": [3, 7]}", to: model.name + "/generation_config.json")
    #expect(try model.endsOfText() == [3, 7])
    let text = try String(contentsOfFile: model.configurationFile, encoding: .utf8)
    try folder.write(
      text.replacingOccurrences(of: "\"eos_token_id\": 3", with: "\"eos_token_id\": null"),
      to: model.name + "/config.json")
    #expect(try model.endsOfText() == [3, 7])
    let error = try #require(throws: ModelError.self) { try model.endOfText() }
    #expect(error == .noEndOfText(path: model.configurationFile))
    #expect(error.description.contains(model.configurationFile))
    #expect(error.description.contains("--eos"))
  }
}
