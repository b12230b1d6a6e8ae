import Foundation
import Testing

/// `export`: one file, the same model.
@Suite struct ExportTests {
  @Test func theFileIsTheModel() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    let outcome = try Program.succeed(
      ["export", work.path + "/teacher", "-o", "teacher.gguf", "--json"], in: place.path)
    let report = try #require(try outcome.json() as? [String: Any])
    #expect(report["type"] as? String == "f32")
    #expect(report["bytes"] as? Int == place.data("teacher.gguf")?.count)
    #expect(place.names(".") == ["teacher.gguf"])
    let losses = try [work.path + "/teacher", "teacher.gguf"].map { model in
      try Program.succeed(
        [
          "evaluate", "--model", model, "--shards", work.path + "/held", "--chunk-tokens", "33",
          "--json",
        ], in: place.path
      ).output.split(separator: "\n").filter { !$0.contains("\"model\"") }
    }
    #expect(losses[0] == losses[1])
    // The tokenizer is in the file.
    let texts = try [work.path + "/teacher", "teacher.gguf"].map { model in
      try Program.succeed(
        [
          "generate", "--model", model, "--prompt", "the river runs", "--temperature", "0",
          "--max-new-tokens", "12",
        ], in: place.path
      ).output
    }
    #expect(texts[0] == texts[1])
  }

  @Test(arguments: ["f16", "bf16", "q8_0"]) func smallerTypesAreRead(type: String) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    try Program.succeed(
      ["export", work.path + "/teacher", "-o", "t.gguf", "--type", type, "--no-tokenizer"],
      in: place.path)
    let text = try Program.succeed(["inspect", "t.gguf"], in: place.path).output
    #expect(text.contains(type.uppercased()), "\(text)")
  }

  @Test func nothingIsOverwrittenAndNothingIsLeftBehind() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    try place.write("mine", to: "taken.gguf")
    let taken = try Program.run(
      ["export", work.path + "/teacher", "-o", "taken.gguf"], in: place.path)
    #expect(taken.status != 0 && taken.errors.contains("exists already"), "\(taken.errors)")
    #expect(place.data("taken.gguf") == Data("mine".utf8))
    let full = try Program.shell(
      "ulimit -f 8; exec $MINIPLM export \(work.path)/teacher -o full.gguf", in: place.path)
    #expect(full.status == 1, "\(full.errors)")
    #expect(full.errors.contains("ulimit -f unlimited"), "\(full.errors)")
    #expect(place.names(".") == ["taken.gguf"])
    let both = try Program.run(
      ["export", "x", "-o", "y.gguf", "--no-tokenizer", "--tokenizer", "z"], in: place.path)
    #expect(both.status == 2)
  }
}
