import Foundation
import Testing

/// Recipes by name, from a new model to a run's first lines.
@Suite struct PresetCommandTests {
  private func config(_ folder: String, in place: Workplace) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(place.path)/\(folder)/config.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func run(_ command: String, in place: Workplace) throws -> Program.Outcome {
    let work = try TinyWork.shared.get()
    return try Program.run(
      command.split(separator: " ").map {
        $0.replacingOccurrences(of: "WORK", with: work.path)
      }, in: place.path)
  }

  @Test func aSmallModelTakesItsTokenizersVocabulary() throws {
    let place = try Workplace()
    let made = try run("new-model --preset mamba-tiny --tokenizer WORK/tok -o m", in: place)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("preset mamba-tiny"))
    let config = try config("m", in: place)
    #expect(config["vocab_size"] as? Int == 300)
    #expect(config["num_hidden_layers"] as? Int == 3)
    let bare = try run("new-model --preset mamba-tiny -o bare", in: place)
    #expect(bare.status != 0 && bare.errors.contains("--tokenizer"))
  }

  @Test func aPublishedShapeWithItsKeysAndOthersGiven() throws {
    let place = try Workplace()
    // Its vocabulary stays, being padded; ids are those of the tokenizer.
    let made = try run(
      "new-model --preset qwen-200m --set num_hidden_layers=1 --set hidden_size=24 --set "
        + "vocab_size=320 --tokenizer WORK/tok -o m", in: place)
    #expect(made.status == 0, "\(made.errors)")
    for text in ["num_hidden_layers 1 (preset: 12)", "vocab_size 320 (preset: 151936)"] {
      #expect(made.errors.contains(text), "\(made.errors)")
    }
    let config = try config("m", in: place)
    #expect(config["num_attention_heads"] as? Int == 12)
    #expect(config["max_window_layers"] as? Int == 21)
    #expect(config["rope_theta"] as? Double == 1e6)
    #expect(config["eos_token_id"] as? Int == 0)
  }

  @Test(arguments: [
    ("new-model --preset qwen-9b -o m", "qwen-200m"),
    ("new-model --preset qwen-200m --set layers=3 -o m", "num_hidden_layers"),
    ("new-model -o m", "--preset"),
    ("new-model WORK/teacher.json --preset qwen-200m -o m", "--preset"),
    ("train --model WORK/teacher --shards WORK/shards --run r", "--steps"),
    ("train --model WORK/teacher --shards WORK/shards --run r --steps 2 --epochs 2", "--epochs"),
    ("train --model WORK/teacher --shards WORK/shards --run r --tokens 9 --flops 9", "--flops"),
    ("train --model WORK/teacher --shards WORK/shards --run r --tokens 1", "of one step"),
    ("train --model WORK/teacher --shards WORK/shards --run r --preset qwen", "qwen-200m"),
  ])
  func whatCannotBeIsRefusedWithWhatCan(command: String, text: String) throws {
    let outcome = try run(command, in: try Workplace())
    #expect(outcome.status == 2 || outcome.status == 64, "\(outcome.status)")
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
  }

  /// Before the first step: the preset, what was given otherwise, size, computation, memory, time.
  @Test func aTrainingSaysWhatItWillBe() throws {
    let place = try Workplace()
    let outcome = try run(
      "train --preset mamba-130m --model WORK/teacher --shards WORK/shards --run r --epochs 2 "
        + "--batch 4 --chunk-tokens 33 --lr 0.001", in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for text in [
      "preset mamba-130m", "chunks a step 4 (preset: 512)", "learning rate 0.001 (preset: 0.002)",
      "vocab_size (65,024, of Falcon's tokenizer) is inferred",
      "weight decay 0.1 of every parameter",
      "FLOPs", "6 N D", "2 epochs of", "in the order of the corpus each time", "of memory",
      "tokens/s on this machine",
    ] {
      #expect(outcome.errors.contains(text), "\(text) is not in\n\(outcome.errors)")
    }
    let metrics = try String(contentsOfFile: place.path + "/r/metrics.jsonl", encoding: .utf8)
    #expect(metrics.components(separatedBy: "\"kind\":\"epoch\"").count == 3)
  }

  @Test func theListHasShapeTrainingAndWhatIsNotPublished() throws {
    let place = try Workplace()
    let lines = try run("models --presets", in: place)
    #expect(lines.status == 0)
    for text in [
      "qwen-200m: ", "203,437,824 parameters", "learning rate 0.0006", "52.4G in all",
      "its shape is not published", "mamba-tiny: ",
    ] {
      #expect(lines.output.contains(text), "\(text)")
    }
    let json = try run("models --presets --json", in: place)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(try #require(list).count == 12)
  }

  @Test func aProjectNamesPresetsAndOtherValues() throws {
    let place = try Workplace()
    let command =
      "init p --corpus WORK/corpus.jsonl --reserve WORK/held.jsonl --tokenizer WORK/tok "
      + "--student-preset mamba-tiny --reference-preset qwen-tiny --set student.training.epochs=4 "
      + "--set student.shape.layerCount=2"
    let made = try run(command, in: place)
    #expect(made.status == 0, "\(made.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: place.path + "/p/project.json"))
    let project = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let student = try #require(project["student"] as? [String: Any])
    #expect(student["preset"] as? String == "mamba-tiny")
    #expect((student["training"] as? [String: Any])?["epochs"] as? Double == 4)
    #expect((student["training"] as? [String: Any])?["weightDecay"] as? Double == 0.1)
    #expect((student["shape"] as? [String: Any])?["layerCount"] as? Int == 2)
    for (option, text) in [
      ("--set student.epochs=4", "student.epochs"), ("--set student.training.epochs=many", "many"),
      ("--reference WORK/reference --reference-preset qwen-tiny", "reference-preset"),
    ] {
      let refused = try run(
        "init q --corpus WORK/corpus.jsonl --reserve WORK/held.jsonl --tokenizer WORK/tok \(option)",
        in: place)
      #expect(refused.status != 0, "\(option)")
      #expect(refused.errors.contains(text), "\(refused.errors)")
    }
  }
}
