import Foundation
import Glibc
import LanguageModels
import Store
import TensorKit
import Testing

/// What people have in the files of a model folder: what is ignored, what is refused, and the advice.
@Suite struct WeightFileTests {
  /// A tensor as a file holds it.
  struct Tensor {
    var name: String
    var type = ElementType.f32
    var shape: [Int]
    var bytes: [UInt8]
  }

  /// A folder with the tensors of an f32 fixture, which the test may change.
  private final class Model {
    let place: TemporaryFolder
    let folder: String
    var tensors: [Tensor]

    init(_ name: String = "own-head-qwen2") throws {
      place = try TemporaryFolder()
      folder = try place.copy(Fixture(name: name))
      try Folder.remove(folder + "/expected.safetensors")
      let file = try SafetensorsFile(path: folder + "/model.safetensors")
      tensors = file.tensors.map { info in
        Tensor(
          name: info.name, type: info.type, shape: info.shape,
          bytes: file.withBytes(of: info) { Array($0) })
      }
    }

    subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

    func save(_ tensors: [Tensor], as name: String = "model.safetensors") throws {
      var writer = try SafetensorsWriter(
        replacing: folder + "/" + name,
        tensors: tensors.map { .init(name: $0.name, type: $0.type, shape: $0.shape) })
      for tensor in tensors {
        let failure = tensor.bytes.withUnsafeBytes { bytes in
          Result { try writer.write(bytes) }
        }
        try failure.get()
      }
      try writer.commit()
    }

    func write(_ text: String, to name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func weights() throws -> [Float] {
      try LanguageModel.load(folder: folder, compute: Fixture.compute()).parameters.copy(.weights)
    }

    func examine() throws -> ModelExamination { try ModelFolder(folder).examine() }

    /// Why it cannot be loaded; loading and looking say the same.
    func refusal() throws -> ModelError {
      let looked = try #require(throws: ModelError.self) { try self.examine() }
      let loaded = try #require(throws: ModelError.self) { try self.weights() }
      #expect(looked == loaded)
      #expect(looked.message.contains(folder), "\(looked)")
      return looked
    }
  }

  @Test(arguments: Fixture.ownHeads)
  func aStoredHeadIsTakenAndNoted(_ fixture: Fixture) throws {
    let folder = ModelFolder(fixture.folder)
    let examined = try folder.examine()
    #expect(try folder.statedConfiguration().tiesWordEmbeddings)
    #expect(!examined.configuration.tiesWordEmbeddings)
    #expect(try folder.configuration() == examined.configuration)
    let head = examined.configuration.vocabularySize * examined.configuration.hiddenSize
    #expect(
      examined.configuration.parameterCount == (try folder.statedConfiguration().parameterCount)
        + head)
    #expect(examined.warnings.count == 1)
    #expect(examined.warnings[0].contains(fixture.folder))
    #expect(examined.warnings[0].contains("tie_word_embeddings"))
  }

  @Test func anEqualHeadIsNoHead() throws {
    let model = try Model()
    var head = try #require(model["model.embed_tokens.weight"])
    head.name = "lm_head.weight"
    let others = model.tensors.filter { $0.name != head.name }
    try model.save(others)
    let tied = try model.weights()
    try model.save(others + [head])
    #expect(try model.examine().warnings.isEmpty)
    #expect(try model.examine().configuration.tiesWordEmbeddings)
    #expect(try model.weights() == tied)
    // One value, the last one, is enough.
    head.bytes[head.bytes.count - 1] ^= 1
    try model.save(others + [head])
    #expect(try !model.examine().configuration.tiesWordEmbeddings)
  }

  @Test func whatIsNotUsedIsIgnored() throws {
    let model = try Model()
    let weights = try model.weights()
    let extra: [Tensor] = [
      Tensor(name: "v_head.summary.weight", shape: [1, 2], bytes: [UInt8](repeating: 1, count: 8)),
      Tensor(name: "model.layers.0.attn.masked_bias", shape: [], bytes: [0, 0, 0, 0]),
      Tensor(
        name: "model.layers.0.self_attn.rotary_emb.cos_cached", type: .f16, shape: [0], bytes: []),
      Tensor(
        name: "model.layers.0.self_attn.k_scale", type: .f8e4m3, shape: [3], bytes: [1, 2, 3]),
      Tensor(name: "model.layers.0.self_attn.o_proj.bias", shape: [1], bytes: [0, 0, 0, 0]),
      Tensor(name: "model.layers.7.mlp.up_proj.weight", type: .i8, shape: [1], bytes: [0]),
    ]
    try model.save(model.tensors + extra)
    #expect(try model.weights() == weights)
    let warnings = try model.examine().warnings
    #expect(warnings.count == 2)
    #expect(warnings[1].contains("6 tensors"))
    #expect(warnings[1].contains("masked_bias"))
    #expect(warnings[1].contains("3 more"))
  }

  @Test(arguments: [
    ("model.layers.0.mlp.up_proj.weight_scale", "quantized"),
    ("model.layers.0.mlp.up_proj.weight_scale_inv", "quantized"),
    ("model.layers.0.mlp.up_proj.weight.absmax", "quantized"),
    ("model.layers.0.mlp.up_proj.qweight", "quantized"),
    ("layers.0.mlp.up_proj.scales", "quantized"),
    ("model.layers.0.mlp.up_proj.weight_packed", "quantized"),
    ("model.norm.weight_mask", "parametrization"),
    ("model.layers.0.mlp.up_proj.weight_orig", "parametrization"),
    ("model.layers.0.mlp.up_proj.lora_A.default.weight", "merge_and_unload"),
  ])
  func whatChangesWeightsIsRefused(_ name: String, _ advice: String) throws {
    let model = try Model()
    try model.save(model.tensors + [Tensor(name: name, shape: [1], bytes: [0, 0, 0, 0])])
    let error = try model.refusal()
    #expect(error.message.contains(name))
    #expect(error.hint.contains(advice), "\(error.hint)")
  }

  @Test func bytesAreNoWeights() throws {
    let model = try Model()
    let place = try #require(model.tensors.firstIndex { $0.name.hasSuffix("up_proj.weight") })
    var tensors = model.tensors
    tensors[place].type = .f8e4m3
    tensors[place].bytes = [UInt8](repeating: 9, count: tensors[place].bytes.count / 4)
    try model.save(tensors)
    let error = try model.refusal()
    #expect(error.message.contains("F8_E4M3"))
    #expect(error.hint.contains("quantized"))
  }

  @Test func doublesAreNotQuantized() throws {
    let model = try Model()
    let place = try #require(model.tensors.firstIndex { $0.name.hasSuffix("up_proj.weight") })
    var tensors = model.tensors
    tensors[place].type = .f64
    tensors[place].bytes += tensors[place].bytes
    try model.save(tensors)
    let error = try model.refusal()
    #expect(error.message.contains("F64"))
    #expect(error.hint.contains("F32") && !error.hint.contains("quantized"), "\(error.hint)")
  }

  @Test func oneStrangeNameIsNoPrefixOfAll() throws {
    let model = try Model()
    let place = try #require(model.tensors.firstIndex { $0.name.hasSuffix("up_proj.weight") })
    var tensors = model.tensors
    tensors[place].shape.append(1)
    var copy = model.tensors[place]
    copy.name = "module." + copy.name
    try model.save(tensors + [copy])
    #expect(try !model.refusal().hint.contains("module."))
    // Nor are two prefixes one.
    var other = copy
    other.name = "teacher." + model.tensors[place].name
    try model.save(model.tensors.filter { $0.name != model.tensors[place].name } + [copy, other])
    let error = try model.refusal()
    #expect(error.message.contains("missing") && !error.hint.contains("begin with"), "\(error)")
  }

  @Test(arguments: [
    ("{\"a\": tru}", "byte 6"), ("[1]", "a list of 1"), ("", "an empty file"),
  ])
  func aConfigurationIsAnObject(_ content: String, _ found: String) throws {
    let model = try Model()
    try model.write(content, to: "config.json")
    #expect(try model.refusal().message.contains(found))
  }

  @Test(arguments: UInt8(2)...5) func picklesAreTold(protocol version: UInt8) throws {
    for (name, advice) in [("model.safetensors", "save_pretrained"), ("config.json", "again")] {
      let model = try Model()
      let path = URL(fileURLWithPath: model.folder + "/" + name)
      try Data([0x80, version, 0x95, 1]).write(to: path)
      let error = try model.refusal()
      #expect(error.message.contains("a pickle") && error.hint.contains(advice), "\(error)")
      // As a cut safetensors file begins whose header is that long.
      try Data([0x80, version, 0, 0, 0, 0, 0, 0]).write(to: path)
      #expect(try !model.refusal().message.contains("a pickle"))
    }
  }

  @Test func wrappersNamesAreNotRandomWeights() throws {
    let model = try Model()
    for prefix in ["module.", "_orig_mod.", "transformer.base."] {
      try model.save(
        model.tensors.map {
          var tensor = $0
          tensor.name = prefix + tensor.name
          return tensor
        })
      let error = try model.refusal()
      #expect(error.message.contains("missing"))
      #expect(error.hint.contains("\"\(prefix)\""), "\(error.hint)")
    }
    // As transformers: the family's own prefix may be there or not, name by name.
    let weights = try Model().weights()
    try model.save(
      model.tensors.enumerated().map { index, tensor in
        var tensor = tensor
        if tensor.name == "lm_head.weight" {
          tensor.name = "model.lm_head.weight"
        } else if index % 2 == 0 {
          tensor.name.removeFirst("model.".count)
        }
        return tensor
      })
    #expect(try model.weights() == weights)
  }

  @Test func oneTensorInTwoShards() throws {
    let model = try Model()
    try Folder.remove(model.folder + "/model.safetensors")
    var norm = try #require(model["model.norm.weight"])
    try model.save(model.tensors, as: "a.safetensors")
    try model.save([norm], as: "b.safetensors")
    try model.write(
      "{\"weight_map\": {\"x\": \"a.safetensors\", \"y\": \"b.safetensors\"}}",
      to: "model.safetensors.index.json")
    #expect(try model.weights().isEmpty == false)
    norm.bytes[2] ^= 0x40
    try model.save([norm], as: "b.safetensors")
    #expect(try model.refusal().message.contains("model.norm.weight"))
    try Folder.remove(model.folder + "/b.safetensors")
    #expect(try model.refusal().message.contains("b.safetensors"))
    for map in ["[]", "{}", "{\"x\": 3}", "{\"x\": \"../a.safetensors\"}", "1e400"] {
      try model.write("{\"weight_map\": \(map)}", to: "model.safetensors.index.json")
      #expect(try model.refusal().message.contains("index.json"))
    }
  }

  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
    ("<!DOCTYPE html><html></html>", "/resolve/"), ("", "Download"),
    ("\n<html><body>404</body></html>", "/resolve/"),
    ("GGUF\u{3}\u{0}\u{0}\u{0}", "GGUF"), ("PK\u{3}\u{4}rest of a zip", "save_pretrained"),
    (String(repeating: "\0", count: 4000), "Download"), ("{\"error\": 1}", "Download"),
  ])
  func adviceFitsWhatTheFileIs(_ content: String, _ advice: String) throws {
    for name in ["model.safetensors", "config.json"] {
      if name == "config.json", content.hasPrefix("{") { continue }
      // A configuration cannot be converted as weights can.
      let isZip = name == "config.json" && content.hasPrefix("PK")
      let advice = isZip ? "unzip" : advice
      let model = try Model()
      try model.write(content, to: name)
      let error = try model.refusal()
      #expect(error.hint.contains(advice), "\(name): \(error)")
      #expect(!error.hint.contains("made again"))
      #expect(!isZip || !"\(error)".contains("save"), "\(error)")
      #expect(error.message.contains(model.folder + "/" + name))
    }
  }

  @Test func otherWeightsAreNamed() throws {
    for (name, advice) in [
      ("pytorch_model.bin", "save_pretrained"), ("consolidated.00.pth", "save_pretrained"),
      ("model-q8_0.gguf", "Download"), ("weights.safetensors", "model.safetensors"),
      ("tf_model.h5", "safetensors"),
    ] {
      let model = try Model()
      try Folder.remove(model.folder + "/model.safetensors")
      try model.write("x", to: name)
      let error = try model.refusal()
      #expect(error.message.contains(name))
      #expect(error.hint.contains(advice), "\(error)")
    }
    let model = try Model()
    try model.write("{}", to: "adapter_config.json")
    #expect(try model.refusal().hint.contains("merge_and_unload"))
    let file = try #require(throws: ModelError.self) {
      try ModelFolder(model.folder + "/model.safetensors").examine()
    }
    #expect(file.hint.contains("folder"))
  }

  @Test(.timeLimit(.minutes(1))) func whatIsNoFileIsRefusedAtOnce() throws {
    for name in ["model.safetensors", "config.json"] {
      let model = try Model()
      let path = model.folder + "/" + name
      try Folder.remove(path)
      #expect(mkfifo(path, 0o600) == 0)
      #expect(try model.refusal().message.contains("a pipe"))
      unlink(path)
      try Folder.make(path)
      #expect(try model.refusal().message.contains("a folder"))
      rmdir(path)
      #expect(symlink("/dev/null", path) == 0)
      #expect(try model.refusal().message.contains("a device"))
    }
  }

  @Test func cutAndGrownFilesAreTold() throws {
    let model = try Model()
    let path = model.folder + "/model.safetensors"
    let whole = try #require(FileManager.default.contents(atPath: path))
    for count in [9, 200, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: path))
      let error = try model.refusal()
      #expect(error.message.contains("\(count) bytes") && error.message.contains("cut"), "\(error)")
    }
    try (whole + Data([0])).write(to: URL(fileURLWithPath: path))
    #expect(try model.refusal().message.contains("behind the last tensor"))
  }

  @Test func headersOfAnyContentAreErrors() throws {
    let model = try Model()
    let path = model.folder + "/model.safetensors"
    let shape = "[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]"
    for header in [
      "[]", "{\"a\": 1}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [-1], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [1.5], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 1e400]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [9223372036854775807, 9], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [true], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": \(shape), \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": \(shape), \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"X9\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F4\", \"shape\": [1], \"data_offsets\": [0, 1]}}",
      "{\"__metadata__\": {\"a\": 1}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, "
        + "\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
    ] {
      var data = Data()
      withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
      data.append(contentsOf: Array(header.utf8) + [0, 0, 0, 0])
      try data.write(to: URL(fileURLWithPath: path))
      let error = try model.refusal()
      #expect(error.description.utf8.count < 2000, "\(error.description.prefix(300))")
    }
  }

  @Test func configurationsAsPythonWritesThem() throws {
    let model = try Model()
    let config = model.folder + "/config.json"
    let text = try String(contentsOfFile: config, encoding: .utf8)
    let expected = try ModelFolder(model.folder).configuration()
    // Of no key that matters: Infinity, NaN, a byte order mark, \u escapes and the words in texts.
    let extra =
      "\"a\": [Infinity, -Infinity, NaN], \"b\": \"NaN \\\" Infinity\", \"c\": {\"NaN\": NaN},"
    try model.write("\u{FEFF}{" + extra + text.drop { $0 == "{" }, to: "config.json")
    #expect(try ModelFolder(model.folder).configuration() == expected)
    for (key, value) in [
      ("rms_norm_eps", "NaN"), ("rope_theta", "Infinity"), ("vocab_size", "-Infinity"),
    ] {
      let changed = text.replacingOccurrences(
        of: "\"\(key)\": [^,\\n]*", with: "\"\(key)\": \(value)", options: .regularExpression)
      try model.write(changed, to: "config.json")
      let error = try model.refusal()
      #expect(error.message.contains(key) && error.message.contains(config), "\(error)")
    }
  }
}
