import Foundation
import LanguageModels
import Numerics
import Store
import Testing

/// What is said of GGUF files that hold no model that can be read, and where a model is looked for.
@Suite struct GGUFFileRefusalTests {
  private static let fixture = "own-head-llama.gguf"

  /// Why the changed file cannot be loaded.
  private func refusal(
    _ fixture: String = Self.fixture, _ change: (inout GGUFDraft) -> Void
  ) throws -> ModelError {
    let place = try TemporaryFolder()
    var draft = try GGUFDraft(fixture)
    change(&draft)
    let path = place.path + "/model.gguf"
    try draft.write(to: path)
    let error = try #require(throws: ModelError.self) { try ModelFolder(path).examine() }
    #expect(error.message.contains(path))
    #expect(!error.hint.isEmpty)
    return error
  }

  @Test func theDraftItselfIsRead() throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    try GGUFDraft(Self.fixture).write(to: path)
    #expect(try ModelFolder(path).examine().tensorCount == 12)
  }

  @Test func saysWhatIsDamaged() throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    let whole = try Array(FileContents.read(Fixture.gguf(Self.fixture)))
    for (bytes, words) in [
      (Array(whole.dropLast(40)), "cut inside tensor"),
      (Array(whole[..<20]), "cut inside its header"),
      (Array("<!DOCTYPE html>".utf8), "a web page"), ([], "an empty file"),
    ] {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let error = try #require(throws: ModelError.self) { try ModelFolder(path).examine() }
      #expect(error.message.contains(words), "\(error)")
      #expect(error.hint.contains("ownload"))
    }
  }

  @Test func refusesByNameWhatIsNoWholeModel() throws {
    #expect(try refusal { $0.metadata["general.type"] = .text("adapter") }.message.contains("LoRA"))
    for projector in ["mmproj", "clip"] {
      let error = try refusal { $0.metadata["general.type"] = .text(projector) }
      #expect(error.message.contains("mmproj"))
    }
    #expect(
      try refusal { $0.metadata["general.architecture"] = .text("clip") }.message.contains("mmproj")
    )
    #expect(
      try refusal { $0.metadata["general.type"] = .text("imatrix") }.message.contains("imatrix"))
    let vocabulary = try refusal {
      $0.tensors = []
      $0.metadata["tokenizer.ggml.model"] = .text("gpt2")
    }
    #expect(vocabulary.message.contains("vocabulary alone"))
    #expect(try refusal { $0.tensors = [] }.message.contains("no tensors"))
    let other = try refusal { $0.metadata["general.architecture"] = .text("gemma3") }
    #expect(other.message.contains("gemma3"))
    #expect(other.hint.contains("Qwen3"))
    #expect(
      try refusal { $0.metadata["general.architecture"] = nil }.message
        .contains("general.architecture missing"))
  }

  @Test func refusesByNameWhatIsNotComputed() throws {
    func message(_ key: String, _ value: GGUFValue) throws -> String {
      try refusal { $0.metadata["llama." + key] = value }.message
    }
    #expect(try message("expert_count", .integer(8)).contains("llama.expert_count 8"))
    #expect(try message("attention.sliding_window", .integer(64)).contains("sliding_window 64"))
    #expect(try message("rope.scaling.type", .text("longrope")).contains("longrope"))
    #expect(try message("rope.dimension_count", .integer(4)).contains("rope.dimension_count 4"))
    #expect(try message("attention.value_length", .integer(4)).contains("value_length 4"))
    #expect(try message("logit_scale", .number(2)).contains("logit_scale 2"))
    #expect(try message("attention.causal", .flag(false)).contains("attention.causal false"))
    #expect(try message("attention.head_count", .integers([2, 3])).contains("head_count"))
    #expect(try message("attention.head_count", .text("two")).contains("\"two\""))
    #expect(try message("block_count", .integer(0)).contains("llama.block_count 0"))
    #expect(try message("rope.freq_base", .number(-1)).contains("llama.rope.freq_base -1"))
    for key in ["embedding_length", "context_length", "attention.layer_norm_rms_epsilon"] {
      #expect(
        try refusal { $0.metadata["llama." + key] = nil }.message.contains("no llama." + key))
    }
  }

  @Test func refusesTypesAndTensorsByName() throws {
    let type = try refusal("mixed.gguf") { $0.setType("ffn_gate.weight", .iq2_xs) }
    #expect(type.message.contains("mlp.gate_proj.weight found IQ2_XS"))
    #expect(type.message.contains("Q4_K"))
    #expect(type.hint.contains("llama-quantize"))
    let newer = try refusal { $0.tensors[0].type = 77 }
    #expect(newer.message.contains("type 77 (unknown to gguf 0.19)"))
    let more = try refusal {
      $0.tensors.append(("blk.0.attn_sinks.weight", [2], 0, [0, 0, 0, 0, 0, 0, 0, 0]))
    }
    #expect(more.message.contains("attn_sinks"))
    let fewer = try refusal { $0.tensors.removeAll { $0.name == "blk.0.attn_k.weight" } }
    #expect(fewer.message.contains("k_proj.weight missing"))
    let shape = try refusal { $0.metadata["llama.feed_forward_length"] = .integer(32) }
    #expect(shape.message.contains("expected [32, 16]"))
    let rotation = try refusal("llama3-untied.gguf") { draft in
      for index in draft.tensors.indices where draft.tensors[index].name.hasPrefix("rope") {
        draft.tensors[index].bytes.replaceSubrange(0..<4, with: [0, 0, 0, 0])
      }
    }
    #expect(rotation.message.contains("rope_freqs.weight"))
  }

  @Test func readsPartsByTheirFirst() throws {
    let first = Fixture.gguf("parts-00001-of-00003.gguf")
    let compute = try Fixture.compute()
    let whole = try LanguageModel.load(
      folder: Fixture.gguf("own-head-qwen2.gguf"), compute: compute)
    let parts = try LanguageModel.load(folder: first, compute: compute)
    #expect(try parts.parameters.copy(.weights) == whole.parameters.copy(.weights))
    let files = try ModelFolder(first).identityFiles()
    #expect(files == (1...3).map { "parts-0000\($0)-of-00003.gguf" })
    #expect(ModelFolder(first).identityFolder == Folder.parent(of: first))
    let place = try TemporaryFolder()
    func copy(_ number: Int, as name: String) throws {
      try FileManager.default.copyItem(
        atPath: Fixture.gguf("parts-0000\(number)-of-00003.gguf"), toPath: place.path + "/" + name)
    }
    func refusal(_ name: String) throws -> ModelError {
      try #require(throws: ModelError.self) {
        try ModelFolder(place.path + "/" + name).examine()
      }
    }
    try copy(1, as: "m-00001-of-00003.gguf")
    #expect(
      try refusal("m-00001-of-00003.gguf").message.contains("m-00002-of-00003.gguf is missing"))
    #expect(ModelFolder(place.path + "/m-00001-of-00003.gguf").missing().count == 3)
    try copy(3, as: "m-00002-of-00003.gguf")
    try copy(2, as: "m-00003-of-00003.gguf")
    #expect(try refusal("m-00001-of-00003.gguf").message.contains("no part 2 of 3"))
    #expect(try refusal("m-00003-of-00003.gguf").hint.contains("m-00001-of-00003.gguf"))
    try copy(1, as: "renamed.gguf")
    #expect(try refusal("renamed.gguf").message.contains("-00001-of-00003.gguf"))
  }

  @Test func aFolderWithOneFileIsTheModel() throws {
    let place = try TemporaryFolder()
    func add(_ name: String) throws {
      try FileManager.default.copyItem(
        atPath: Fixture.gguf(Self.fixture), toPath: place.path + "/" + name)
    }
    try add("one.gguf")
    try add("mmproj-one.gguf")
    let folder = ModelFolder(place.path)
    #expect(folder.isPresent && folder.hasWeights)
    #expect(try folder.examine().configuration.family == .llama)
    #expect(try folder.identityFiles() == ["one.gguf"])
    #expect(folder.identityFolder == place.path)
    #expect(folder.tokenizerFolder == place.path + "/one.gguf")
    #expect(folder.tokenizerFile == nil)
    #expect(folder.missing() == ["a tokenizer"])
    try add("two.gguf")
    let error = try #require(throws: ModelError.self) { try folder.examine() }
    #expect(error.message.contains("2 GGUF files (one.gguf, two.gguf)"))
    #expect(error.hint.contains(place.path + "/one.gguf"))
    // A file that is called otherwise, as in a cache of blobs.
    try add("sha256-0123")
    let blob = ModelFolder(place.path + "/sha256-0123")
    #expect(blob.isPresent && blob.name == "sha256-0123")
    #expect(try blob.examine().tensorCount == 12)
    #expect(ModelFolder(place.path + "/one.gguf").name == "one")
    #expect(!ModelFolder(place.path + "/none.gguf").isPresent)
  }

  @Test func tokensThatEndATurnEndATextToo() throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    var draft = try GGUFDraft(Self.fixture)
    draft.metadata["tokenizer.ggml.eot_token_id"] = .integer(7)
    draft.metadata["tokenizer.ggml.eom_token_id"] = .integer(3)
    try draft.write(to: path)
    #expect(try ModelFolder(path).endsOfText() == [3, 7])
    draft.metadata["tokenizer.ggml.eos_token_id"] = nil
    try draft.write(to: path)
    let error = try #require(throws: ModelError.self) { try ModelFolder(path).endOfText() }
    #expect(error.hint.contains("--eos"))
  }

  @Test func yarnAndLinearScalingAreRead() throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    func rotation(_ entries: [String: GGUFValue]) throws -> [String: JSONValue] {
      var draft = try GGUFDraft(Self.fixture)
      for (key, value) in entries { draft.metadata["llama.rope." + key] = value }
      try draft.write(to: path)
      let model = try LanguageModel.load(folder: path, compute: Fixture.compute())
      try model.save(to: place.path + "/saved")
      let text = try FileContents.read(place.path + "/saved/config.json")
      guard case .object(let keys) = try JSONValue(python: Array(text)),
        case .object(let own)? = keys["rope_parameters"]
      else { return [:] }
      return own
    }
    #expect(try rotation([:])["rope_type"] == .text("default"))
    let none = try rotation(["scaling.type": .text("none"), "scaling.factor": .number(4)])
    #expect(none["rope_type"] == .text("default"))
    for entries in [
      ["scaling.type": GGUFValue.text("linear"), "scaling.factor": .number(2.5)],
      ["scale_linear": .number(2.5)],
    ] {
      let linear = try rotation(entries)
      #expect(linear["rope_type"] == .text("linear"))
      #expect(linear["factor"] == .number(2.5))
    }
    // The converter copies yarn's settings from config.json; one that changes nothing may stand there.
    let yarn = try rotation([
      "scaling.type": .text("yarn"), "scaling.factor": .number(4),
      "scaling.original_context_length": .integer(16), "scaling.yarn_attn_factor": .number(1.25),
      "scaling.yarn_beta_fast": .number(16), "scaling.yarn_beta_slow": .number(2),
      "scaling.yarn_ext_factor": .number(1), "scaling.attn_factor": .number(1),
    ])
    #expect(yarn["rope_type"] == .text("yarn"))
    for (key, value) in [
      ("factor", 4), ("original_max_position_embeddings", 16), ("attention_factor", 1.25),
      ("beta_fast", 16), ("beta_slow", 2),
    ] {
      let found: Double? =
        switch yarn[key] {
        case .integer(let number)?: Double(number)
        case .number(let number)?: number
        default: nil
        }
      #expect(found == value, "\(key)")
    }
  }

  /// What llama.cpp computes and transformers does not.
  @Test(arguments: [
    ("yarn_ext_factor", 0.5), ("yarn_ext_factor", 0), ("attn_factor", 1.5),
    ("yarn_log_multiplier", 0.1),
  ])
  func settingsOfYarnBeyondTransformersAreRefused(key: String, value: Double) throws {
    let error = try refusal { draft in
      draft.metadata["llama.rope.scaling.type"] = .text("yarn")
      draft.metadata["llama.rope.scaling.factor"] = .number(4)
      draft.metadata["llama.rope.scaling." + key] = .number(value)
    }
    #expect(error.message.contains("llama.rope.scaling.\(key)"), "\(error.message)")
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    let place = try TemporaryFolder()
    let path = place.path + "/model.gguf"
    let rounds =
      ProcessInfo.processInfo.environment["MUTATIONS"].flatMap(Int.init) ?? 300
    let whole = try Array(FileContents.read(Fixture.gguf(Self.fixture)))
    var random = RandomSource(seed: 5)
    var refused = 0
    for round in 0..<rounds {
      var bytes = whole
      for _ in 0...random.index(below: 3) {
        // Mostly in the header, which says everything.
        let place = random.index(below: round % 4 == 0 ? bytes.count : min(bytes.count, 1800))
        switch random.index(below: 5) {
        case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
        case 1: bytes[place] = UInt8(random.index(below: 256))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 20)))
        case 3: bytes.removeSubrange(max(1, place)...)
        default:
          for index in place..<min(bytes.count, place + 8) { bytes[index] = 0xFF }
        }
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try LanguageModel.load(folder: path, compute: Fixture.compute())
      } catch is ModelError {
        refused += 1
      }
    }
    #expect(refused > rounds / 2)
  }
}
