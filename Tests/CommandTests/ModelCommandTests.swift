import Foundation
import Testing

/// Models as people have them, on every command that takes one: what is noted, what is refused.
@Suite struct ModelCommandTests {
  /// A copy of the teacher with another tensor in its weights.
  private static func model(
    _ name: String, in place: Workplace, adding tensor: (name: String, shape: [Int], floats: Int)
  ) throws {
    let work = try TinyWork.shared.get()
    try FileManager.default.copyItem(
      atPath: work.path + "/teacher", toPath: place.path + "/" + name)
    let path = "\(place.path)/\(name)/model.safetensors"
    let whole = try #require(FileManager.default.contents(atPath: path))
    let length = whole.prefix(8).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let json = try JSONSerialization.jsonObject(with: whole[8..<8 + length])
    var header = try #require(json as? [String: Any])
    let data = whole[(8 + length)...]
    header[tensor.name] = [
      "dtype": "F32", "shape": tensor.shape,
      "data_offsets": [data.count, data.count + 4 * tensor.floats],
    ]
    let text = try JSONSerialization.data(withJSONObject: header)
    var file = Data()
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append(contentsOf: $0) }
    file += text + data
    for index in 0..<tensor.floats {
      withUnsafeBytes(of: (Float(index % 7) * 0.01).bitPattern.littleEndian) {
        file.append(contentsOf: $0)
      }
    }
    try file.write(to: URL(fileURLWithPath: path))
  }

  /// Every command that runs a model, with MODEL for the model.
  static let commands = [
    "score --shards WORK/held --teacher MODEL --reference WORK/reference --positions 32 -o s",
    "score --shards WORK/held --teacher WORK/teacher --reference MODEL --positions 32 -o s",
    "compare-precision --shards WORK/held --teacher MODEL --reference WORK/reference -o s",
    "evaluate --model MODEL --shards WORK/held --chunk-tokens 33",
    "compare WORK/teacher MODEL --shards WORK/held --chunk-tokens 33",
    "generate --model MODEL --prompt river --max-new-tokens 2",
    "train --model MODEL --shards WORK/shards --run r --steps 1 --batch 2 --chunk-tokens 33 --warmup 0",
    "inspect MODEL",
  ]

  private func run(
    _ command: String, _ model: String, in place: Workplace, _ environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    let work = try TinyWork.shared.get()
    let arguments = command.split(separator: " ").map {
      $0.replacingOccurrences(of: "WORK", with: work.path)
        .replacingOccurrences(of: "MODEL", with: model)
    }
    return try Program.run(arguments, in: place.path, environment: environment)
  }

  @Test(arguments: commands) func aStoredHeadIsNoted(_ command: String) throws {
    let place = try Workplace()
    try Self.model("own", in: place, adding: ("lm_head.weight", [300, 32], 9600))
    let outcome = try run(command, place.path + "/own", in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let said = outcome.errors + outcome.output
    #expect(said.contains("\(place.path)/own: config.json ties lm_head.weight"), "\(said)")
  }

  /// The whole sentence stands among the checks, where no column cuts it.
  @Test func aStoredHeadIsNotedOnTheScreen() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    try Self.model("own", in: place, adding: ("lm_head.weight", [300, 32], 9600))
    let project = place.path + "/project"
    try Program.succeed(
      [
        "init", project, "--corpus", "corpus.jsonl", "--held-out", "held.jsonl", "--tokenizer",
        "tok", "--teacher", place.path + "/own", "--reference", "reference",
      ], in: work.path)
    let frame = try Program.run(
      ["open", project, "--once", "--screen", "models"], in: place.path,
      environment: ["COLUMNS": "120", "LINES": "36"]
    ).output
    #expect(frame.contains("[warn] teacher: config.json ties"), "\(frame)")
    #expect(frame.contains("as transformers") && frame.contains("1 warnings"), "\(frame)")
  }

  /// Without held-out text a run ends where `init` says, and is done when it is asked again.
  @Test func aProjectWithoutHeldOutTextEndsWithItsStudents() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let project = place.path + "/project"
    let made = try Program.run(
      [
        "init", project, "--corpus", "corpus.jsonl", "--tokenizer", "tok", "--teacher", "teacher",
        "--reference", "reference",
      ], in: work.path)
    #expect(made.status == 0 && made.output.contains("no held-out text"), "\(made.output)")
    for _ in 0..<2 {
      let run = try Program.run(
        ["run", project, "--waive", "teacher", "--waive-reason", "a trial"], in: place.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("the students are trained, and not compared"), "\(run.output)")
    }
    let students = try Program.run(["run", project, "--json"], in: place.path)
    #expect(students.status == 0 && students.output == "{\"report\":null}\n", "\(students.output)")
  }

  @Test(arguments: commands) func aModelThatCannotBeLoadedIsRefused(_ command: String) throws {
    let place = try Workplace()
    try Self.model(
      "scaled", in: place, adding: ("model.layers.0.mlp.up_proj.weight_scale", [1], 1))
    let path = place.path + "/scaled"
    let scaled = try run(command, path, in: place)
    #expect(scaled.status == 3 && scaled.errors.contains("quantized"), "\(scaled.errors)")
    let weights = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 99\n"
    try place.write(weights, to: "scaled/model.safetensors")
    let pointer = try run(command, path, in: place)
    #expect(pointer.status == 3 && pointer.errors.contains("git lfs pull"), "\(pointer.errors)")
    #expect(pointer.errors.contains(path + "/model.safetensors"))
    #expect(place.names("r").isEmpty)
  }

  /// Nothing but training needs instructions that such a processor lacks.
  @Test(arguments: [
    "score --shards WORK/held --teacher WORK/teacher --reference WORK/reference -o s --precision bf16",
    "score --shards WORK/held --teacher WORK/teacher --reference WORK/reference -o s --precision int8",
    "evaluate --model WORK/teacher --shards WORK/held --chunk-tokens 33 --precision bf16",
    "generate --model WORK/teacher --prompt river --precision int8 --max-new-tokens 4",
    "bench score --shape mamba-small --precision int8 --precision bf16 --repeats 1",
    "bench generate --shape qwen-small --precision bf16 --new-tokens 4",
    "bench score --shape qwen-small --precision int8 --repeats 1 --instruction-set avx2",
  ])
  func aLesserProcessorScores(_ command: String) throws {
    let place = try Workplace()
    let outcome = try run(command, "", in: place, ["ONEDNN_MAX_CPU_ISA": "AVX2"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  /// As on a processor with AVX2 alone: the library of products is told to take no more.
  @Test(arguments: [
    "train --model WORK/teacher --shards WORK/shards --run r --steps 1 --warmup 0 --precision bf16",
    "bench train --shape qwen-small --precision bf16",
    "demo --headless --project demo --training-precision bf16",
  ])
  func aLesserProcessorIsTold(_ command: String) throws {
    let place = try Workplace()
    let outcome = try run(command, "", in: place, ["ONEDNN_MAX_CPU_ISA": "AVX2"])
    #expect(!outcome.wasKilled)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.errors.contains("AVX-512") && outcome.errors.contains("--precision f32"))
    #expect(outcome.output.isEmpty)
    #expect(place.names("s").isEmpty && place.names("r").isEmpty)
  }

  @Test func inspectSaysWhatItSees() throws {
    let place = try Workplace()
    try Self.model("plain", in: place, adding: ("v_head.weight", [2], 2))
    let plain = try run("inspect MODEL", place.path + "/plain", in: place)
    #expect(plain.status == 0)
    #expect(plain.output.contains("v_head.weight") && plain.output.contains("tensors"))
    let weights = try #require(place.data("plain/model.safetensors"))
    try weights.prefix(5000).write(
      to: URL(fileURLWithPath: place.path + "/plain/model.safetensors"))
    let cut = try run("inspect MODEL", place.path + "/plain", in: place)
    #expect(cut.status == 3 && cut.errors.contains("5000 bytes, cut"), "\(cut.errors)")
    try FileManager.default.removeItem(atPath: place.path + "/plain/model.safetensors")
    #expect(try run("inspect MODEL", place.path + "/plain", in: place).status == 3)
    // A configuration alone can be planned with.
    let alone = try run("inspect MODEL", place.path + "/plain/config.json", in: place)
    #expect(alone.status == 0 && alone.output.contains("memory at"))
  }

  @Test func aTokenizerThatIsNotThereIsRefused() throws {
    let place = try Workplace()
    let outcome = try run("new-model WORK/teacher.json -o m --tokenizer nope", "", in: place)
    #expect(outcome.status == 3 && outcome.errors.contains("nope"), "\(outcome.errors)")
    #expect(!place.exists("m"))
  }
}
