import Foundation
import Glibc
import Testing

/// What goes wrong has an exit code of its kind, one clear sentence on standard error, and nothing
/// on standard output.
@Suite struct ExitCodeTests {
  struct Call: Sendable, CustomTestStringConvertible {
    let status: Int32
    let arguments: [String]
    /// What the sentence has to name.
    let says: [String]
    var testDescription: String { "\(arguments.joined(separator: " "))" }

    init(_ status: Int32, _ arguments: String, says: String...) {
      self.status = status
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.says = says
    }
  }

  static let usage: [Call] = [
    Call(2, "nonsense", says: "nonsense"),
    Call(2, "pack", says: "inputs"),
    Call(2, "pack corpus.jsonl --tokenizer tok", says: "output"),
    Call(
      2, "pack corpus.jsonl --tokenizer tok -o x --max-window 99", says: "--max-window", "10 to 31"),
    Call(2, "score --shards shards", says: "teacher"),
    Call(2, "split shards -o a --rest b", says: "--ratio", "--tokens"),
    Call(2, "split shards -o a --rest b --ratio 1.5", says: "1.5", "below 1", "--ratio"),
    Call(2, "split shards -o a --rest b --ratio 0.5 --tail --random", says: "--tail", "--random"),
    Call(2, "select --scores scores --ratio 0.5 --threshold 1", says: "--ratio", "--threshold"),
    Call(2, "select --scores scores --floor prose", says: "SOURCE=SHARE"),
    Call(2, "generate --model teacher --prompt a --prompts b", says: "--prompt", "--prompts"),
    Call(2, "evaluate --model teacher --shards held --threads 0", says: "--threads", "1 to 1024"),
    Call(2, "evaluate --model teacher", says: "--shards", "--text"),
    Call(2, "evaluate --model teacher --shards held --text a", says: "--shards", "not both"),
    Call(
      2, "evaluate --model teacher --shards held --window 8 --stride 8", says: "--stride", "1 to 7"
    ),
    Call(2, "evaluate --model teacher --shards held --stride 8", says: "--stride", "--window"),
    Call(2, "evaluate --model teacher --text a --chunk-tokens 8", says: "--chunk-tokens"),
    Call(2, "evaluate --model teacher --shards held --text-field t", says: "--text-field"),
    Call(3, "compare teacher reference --text -", says: "standard input"),
    Call(2, "quality --shards shards --scores scores --ratio 0", says: "kept"),
    Call(2, "drivers --shards shards --scores scores --teacher teacher", says: "--reference"),
    Call(2, "drivers --shards shards --scores scores", says: "the tokenizer of the shards"),
    Call(2, "compare teacher", says: "b"),
    Call(2, "compare-curves one", says: "two"),
    Call(
      2, "train --model teacher --shards shards --run r --steps 1 --warmup 9", says: "--warmup",
      "--steps"),
    Call(
      2, "train --model teacher --shards shards --run r --steps 1 --kd-ratio 0.3",
      says: "--kd-ratio", "vanilla-kd"),
    Call(
      2, "train --model teacher --shards shards --run r --steps 1 --method vanilla-kd",
      says: "--teacher", "--logits"),
    Call(
      2, "cache-logits --teacher teacher --shards shards -o x --samples 3 --top-k 3",
      says: "--samples", "--top-k"),
    Call(2, "select --scores scores --ratio 1.5", says: "ratio", "1.5"),
    Call(2, "evaluate --model teacher --shards held --batch 1099511627776", says: "batch"),
    Call(
      2,
      "score --shards shards --teacher teacher --reference reference -o x --tokens-per-batch "
        + "9223372036854775807", says: "tokens-per-batch"),
    Call(
      2,
      "score --shards shards --teacher teacher --reference reference -o x --positions "
        + "9223372036854775807", says: "positions"),
    Call(
      2,
      "score --shards shards --teacher teacher --reference reference -o x --block "
        + "9223372036854775807", says: "block"),
    Call(
      2,
      "train --model teacher --shards shards --run r --steps 1 --warmup 0 --batch "
        + "9223372036854775807", says: "--batch"),
    Call(
      2,
      "train --model teacher --shards shards --run r --steps 1 --warmup 0 --chunk-tokens "
        + "9223372036854775807", says: "--chunk-tokens"),
    Call(
      2, "convert shards --from tok --to tok -o x --max-length 9223372036854775807",
      says: "max-length"),
    Call(2, "evaluate --model teacher --shards held --eos 99999", says: "eos", "below 300"),
    Call(2, "evaluate --model teacher --shards held --eos=-1", says: "--eos", "0 to 2147483647"),
    Call(2, "run .", says: "project.json"),
    Call(2, "open .", says: "project.json"),
  ]

  static let input: [Call] = [
    Call(3, "new-model teacher.json -o teacher", says: "teacher", "exists already", "config.json"),
    Call(3, "inspect nowhere", says: "nowhere"),
    Call(3, "pack nowhere.jsonl --tokenizer tok -o x", says: "nowhere.jsonl"),
    Call(3, "pack corpus.jsonl --tokenizer nowhere -o x", says: "nowhere"),
    Call(3, "tokenizer train nowhere.jsonl -o x", says: "nowhere.jsonl"),
    Call(3, "tokenizer encode nowhere", says: "nowhere"),
    Call(3, "split nowhere -o a --rest b --ratio 0.5", says: "nowhere"),
    Call(3, "convert nowhere --from tok --to tok -o x", says: "nowhere"),
    Call(3, "corpus search nowhere x --tokenizer tok", says: "nowhere"),
    Call(3, "corpus study nowhere", says: "nowhere"),
    Call(3, "corpus chunk nowhere 0", says: "nowhere"),
    Call(3, "corpus document scores 0", says: "scores"),
    Call(3, "new-model nowhere.json -o x", says: "nowhere.json"),
    Call(3, "score --shards shards --teacher nowhere --reference reference -o x", says: "nowhere"),
    Call(3, "score --shards nowhere --teacher teacher --reference reference -o x", says: "nowhere"),
    Call(3, "select --scores nowhere", says: "nowhere"),
    Call(3, "evaluate --model nowhere --shards held", says: "nowhere"),
    Call(3, "evaluate --model teacher --shards nowhere", says: "nowhere"),
    Call(3, "evaluate --model teacher --text nowhere", says: "nowhere"),
    Call(3, "quality --shards held --scores scores", says: "the corpus"),
    Call(3, "quality --shards shards --scores nowhere", says: "nowhere"),
    Call(3, "compare teacher nowhere --shards held", says: "nowhere"),
    Call(3, "generate --model nowhere --prompt a", says: "nowhere"),
    Call(3, "train --model nowhere --shards shards --run r --steps 1 --warmup 0", says: "nowhere"),
    Call(3, "train --model teacher --shards nowhere --run r --steps 1 --warmup 0", says: "nowhere"),
    Call(3, "probe nowhere --tokens t -o o", says: "nowhere"),
    Call(
      3, "commit --shards shards --scores nowhere --teacher teacher --reference reference -o c",
      says: "nowhere"),
  ]

  @Test(arguments: usage + input) func aWrongCallSaysWhatIsWrong(call: Call) throws {
    let work = try TinyWork.shared.get()
    let outcome = try Program.run(call.arguments, in: work.path)
    #expect(!outcome.wasKilled)
    #expect(outcome.status == call.status, "\(outcome.errors)")
    #expect(outcome.output.isEmpty, "standard output: \(outcome.output.prefix(200))")
    for word in call.says {
      #expect(outcome.errors.contains(word), "\"\(word)\" is not in: \(outcome.errors)")
    }
  }

  /// What stands where a probe would write stays, and the probe ends before it reads anything.
  @Test(
    arguments: [
      ("-o file", 3), ("-o link", 3), ("-o pipe", 3), ("-o full", 3), ("-o o --save full", 3),
      ("-o o --save file", 3), ("-o o --save MODEL", 2), ("-o o/", 2), ("-o s/o --save s", 2),
      ("-o nowhere", 2),
    ] as [(String, Int32)])
  func aProbeOverwritesNothing(options: String, status: Int32) throws {
    let model = try TinyWork.shared.get().path + "/teacher"
    let place = try Workplace()
    try place.write("mine", to: "file")
    try FileManager.default.createDirectory(
      atPath: place.path + "/full", withIntermediateDirectories: true)
    try place.write("mine, too", to: "full/notes.txt")
    #expect(mkfifo(place.path + "/pipe", 0o600) == 0)
    #expect(symlink("file", place.path + "/link") == 0)
    #expect(symlink("none", place.path + "/nowhere") == 0)
    let outcome = try Program.run(
      ["probe", model, "--tokens", "none"]
        + options.replacing("MODEL", with: model).split(separator: " ").map(String.init),
      in: place.path)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(place.names(".") == ["file", "full", "link", "nowhere", "pipe"])
    #expect(place.data("file") == Data("mine".utf8))
    #expect(place.names("full") == ["notes.txt"])
    var kind = stat()
    _ = stat(place.path + "/pipe", &kind)
    #expect(kind.st_mode & S_IFMT == S_IFIFO)
  }

  /// What was asked for is not dropped in silence because the folder holds another project.
  @Test(arguments: [("--seed 7", "seed 42"), ("--bytes 70000", "text of its own")])
  func aDemoInAnotherProjectIsRefused(options: String, found: String) throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    try Program.succeed(
      ["init", "p", "--corpus", work.path + "/corpus.jsonl", "--tokenizer", work.path + "/tok"],
      in: place.path)
    let outcome = try Program.run(
      ["demo", "--headless", "--project", "p"] + options.split(separator: " ").map(String.init),
      in: place.path)
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.errors.contains(found) && outcome.errors.contains(options), "\(outcome.errors)")
    #expect(place.names("p") == ["project.json"])
  }

  @Test func nothingIsLeftOfWrongCalls() throws {
    let work = try TinyWork.shared.get()
    let place = try Workplace()
    for call in Self.input where call.arguments.contains("-o") {
      let arguments = call.arguments.map {
        // Inputs by their full names, outputs here.
        ["x", "a", "b", "c", "o", "r"].contains($0) ? $0 : Self.full($0, work.path)
      }
      _ = try Program.run(arguments, in: place.path)
    }
    #expect(place.names(".") == [])
  }

  private static func full(_ word: String, _ folder: String) -> String {
    ["shards", "held", "tok", "teacher", "reference", "scores", "corpus.jsonl"].contains(word)
      ? "\(folder)/\(word)" : word
  }
}
