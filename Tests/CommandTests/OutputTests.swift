import Foundation
import Testing

/// Places of results: every command makes them by the same rules, before any work begins.
@Suite struct OutputTests {
  /// A command that writes; OUT is its place, a folder unless it is a file.
  struct Writer: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: String
    var isFile = false
    /// What the same call says when all is done already; nil where it cannot know.
    var again: Int32 = 0
    var testDescription: String { name }
  }

  static let writers = [
    Writer(name: "pack", arguments: "pack corpus.jsonl --tokenizer tok --max-length 33 -o OUT"),
    Writer(name: "convert", arguments: "convert shards --from tok --to tok -o OUT"),
    Writer(
      name: "split", arguments: "split shards --ratio 0.5 --rest REST -o OUT"),
    Writer(
      name: "tokenizer",
      arguments: "tokenizer train corpus.jsonl --vocabulary-size 290 -o OUT", again: 3),
    Writer(name: "new-model", arguments: "new-model teacher.json -o OUT", again: 3),
    Writer(
      name: "score",
      arguments:
        "score --shards shards --teacher teacher --reference reference --positions 32 -o OUT"),
    Writer(
      name: "train",
      arguments: "train --model reference --shards shards --run RUN --steps 1 --warmup 0 -o OUT"),
    Writer(
      name: "run folder",
      arguments: "train --model reference --shards shards --run OUT --steps 1 --warmup 0"),
    Writer(
      name: "generate",
      arguments: "generate --model teacher --prompts prompts.jsonl --max-new-tokens 2 -o OUT",
      isFile: true, again: 3),
  ]

  private let work: TinyWork
  private let place: Workplace

  init() throws {
    work = try TinyWork.shared.get()
    place = try Workplace()
  }

  /// Runs a writer in the folder of the inputs; outputs lie in `place`.
  private func run(_ writer: Writer, out: String) throws -> Program.Outcome {
    let arguments = writer.arguments.split(separator: " ").map {
      switch $0 {
      case "OUT": out.replacing("PLACE", with: place.path)
      case "REST": "\(place.path)/rest"
      case "RUN": "\(place.path)/run"
      default: String($0)
      }
    }
    return try Program.run(arguments + ["--quiet"], in: work.path)
  }

  @Test(arguments: writers)
  func theSamePlaceInOtherWordsIsTheSamePlace(writer: Writer) throws {
    let tail = writer.isFile ? "" : "/"
    let first = try run(writer, out: "PLACE/./sub/../deep//o\(tail)")
    #expect(first.status == 0, "\(first.errors)")
    let names = place.names("deep")
    #expect(names == ["o"], "nothing but the result: \(names)")
    #expect(!place.names(".").contains("sub"))
    let before = try tree()
    let second = try run(writer, out: "PLACE/deep/o\(tail)")
    #expect(second.status == writer.again, "\(second.errors)")
    #expect(try tree() == before)
  }

  @Test(arguments: writers.filter { !$0.isFile })
  func anEmptyFolderIsUsed(writer: Writer) throws {
    try FileManager.default.createDirectory(
      atPath: place.path + "/o", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/link", withDestinationPath: "o")
    let outcome = try run(writer, out: "PLACE/link/")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!place.names("o").isEmpty)
    #expect(
      place.names(".").filter { !["o", "link", "rest", "run"].contains($0) } == [],
      "\(place.names("."))")
  }

  @Test(arguments: writers)
  func whatIsThereIsNotOverwritten(writer: Writer) throws {
    if writer.isFile {
      try place.write("mine", to: "o")
    } else {
      try FileManager.default.createDirectory(
        atPath: place.path + "/o", withIntermediateDirectories: true)
      try place.write("mine", to: "o/notes.txt")
    }
    if writer.name == "score" { return }
    let before = try tree()
    let outcome = try run(writer, out: "PLACE/o")
    #expect(outcome.status == 3, "\(outcome.errors)")
    #expect(outcome.errors.contains("exists already and holds"), "\(outcome.errors)")
    #expect(try tree() == before)
  }

  @Test(arguments: writers)
  func whatCanBeNoPlaceIsRefusedBeforeTheWork(writer: Writer) throws {
    try place.write("mine", to: "file")
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/nowhere", withDestinationPath: "none")
    let before = try tree()
    for (out, status, says) in [
      ("", 2, "an empty name"), ("PLACE/file/o", 2, "a file,"), ("PLACE/file", 3, "holds"),
      ("PLACE/nowhere", 2, "leads nowhere"),
      ("PLACE/" + String(repeating: "n", count: 250), 2, "at most 220"),
    ] as [(String, Int32, String)] {
      let outcome = try run(writer, out: out)
      #expect(outcome.status == status, "\(out): \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(out): \(outcome.errors)")
    }
    #expect(try tree() == before)
  }

  @Test func resultsDoNotGoIntoWhatIsRead() throws {
    try place.write(TinyWork.documents(3, from: 0), to: "texts.jsonl")
    for call in [
      "pack \(place.path) --tokenizer tok -o \(place.path)/inside",
      "tokenizer train \(place.path) -o \(place.path)/inside",
      "convert shards --from tok --to tok -o shards",
      "convert shards --from tok --to tok -o shards/inside",
      "split shards --ratio 0.5 -o shards/a --rest \(place.path)/b",
      "split shards --ratio 0.5 -o \(place.path)/a --rest \(place.path)/a/",
      "split shards --ratio 0.5 -o \(place.path)/a --rest \(place.path)/a/b",
      "score --shards shards --teacher teacher --reference reference -o shards/",
      "train --model reference --shards shards --steps 1 --warmup 0 --run reference",
      "train --model reference --shards shards --steps 1 --warmup 0 --run \(place.path)/r -o shards",
      "commit --shards shards --scores scores --teacher teacher --reference reference -o shards",
    ] {
      let outcome = try Program.run(call.split(separator: " ").map(String.init), in: work.path)
      #expect(outcome.status == 2, "\(call): \(outcome.errors)")
      #expect(outcome.errors.contains("Cannot write to"), "\(call): \(outcome.errors)")
    }
    #expect(place.names(".") == ["texts.jsonl"])
    #expect(!work.names("shards").contains("inside"))
  }

  @Test func aNameThatIsNotUTF8IsNotChanged() throws {
    let outcome = try Program.shell(
      "$MINIPLM new-model teacher.json -o $'\(place.path)/n\\xe9' --quiet", in: work.path)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("not UTF-8"), "\(outcome.errors)")
    #expect(place.names(".").isEmpty)
  }

  @Test func aTildeThatNoShellExpandedIsTheHomeFolder() throws {
    let outcome = try Program.shell(
      "HOME=\(place.path) $MINIPLM new-model teacher.json --output='~/m' --quiet", in: work.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.exists("m/config.json"))
  }

  /// Every file of `place` with its content.
  private func tree() throws -> [String: Data] {
    let manager = FileManager.default
    var files: [String: Data] = [:]
    for name in try manager.subpathsOfDirectory(atPath: place.path) {
      files[name] = manager.contents(atPath: "\(place.path)/\(name)") ?? Data()
    }
    return files
  }
}
