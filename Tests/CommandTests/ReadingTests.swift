import Foundation
import Glibc
import Testing

/// What commands make of the inputs that people give them: pipes, archives, other fields, nothing.
@Suite struct ReadingTests {
  private let place: Workplace
  private let tokenizer: String

  init() throws {
    place = try Workplace()
    tokenizer = try TinyWork.shared.get().path + "/tok"
    try place.write(TinyWork.documents(30, from: 5), to: "a.jsonl")
    try place.write("", to: "empty.jsonl")
    try place.write("<!DOCTYPE html>\n<html><body></body></html>\n", to: "page.jsonl")
    try place.write("{\"v\": \"v2.0\", \"data\": [{\"text\": \"a\"}]}\n", to: "one.json")
    try place.write("{\"question\": \"Why so?\", \"answer\": \"Because.\"}\n", to: "pair.jsonl")
  }

  /// Every command that reads text, with an input.
  private func calls(_ input: String) -> [[String]] {
    [
      [
        "pack", input, "--tokenizer", tokenizer, "-o", "out", "--max-length", "33", "--quiet",
      ],
      ["tokenizer", "train", input, "-o", "out", "--vocabulary-size", "280", "--quiet"],
      ["corpus", "study", input, "--quiet"], ["tokenizer", "encode", tokenizer, "--jsonl", input],
    ]
  }

  /// A named pipe that a thread fills from a file once somebody reads.
  private func pipe(_ name: String, from file: String) -> String {
    let path = "\(place.path)/\(name)"
    let content = place.data(file) ?? Data()
    mkfifo(path, 0o600)
    Thread {
      let handle = FileHandle(forWritingAtPath: path)
      try? handle?.write(contentsOf: content)
      try? handle?.close()
    }.start()
    return path
  }

  @Test func pipesGiveWhatFilesGive() throws {
    let text = String(decoding: place.data("a.jsonl") ?? Data(), as: UTF8.self)
    for (number, file) in calls("a.jsonl").enumerated() {
      let expected = try Program.succeed(file, in: place.path)
      try? FileManager.default.removeItem(atPath: place.path + "/out")
      let pipe = calls(pipe("p\(number)", from: "a.jsonl"))[number]
      #expect(try Program.succeed(pipe, in: place.path).output == expected.output, "\(pipe)")
      try? FileManager.default.removeItem(atPath: place.path + "/out")
      for name in ["-", "/dev/stdin"] {
        let outcome = try Program.succeed(calls(name)[number], in: place.path, input: text)
        #expect(outcome.output == expected.output, "\(name) \(file)")
        try? FileManager.default.removeItem(atPath: place.path + "/out")
      }
    }
  }

  @Test func whatCannotBeUsedIsRefusedAlikeByAll() throws {
    let cases: [(input: String, says: [String])] = [
      ("empty.jsonl", ["empty.jsonl", "empty"]), ("page.jsonl", ["page.jsonl", "HTML page"]),
      ("one.json", ["one.json", "jq -c '.data[]' one.json > one.jsonl"]),
      ("pair.jsonl", ["pair.jsonl", "--text-field question,answer", "Because."]),
    ]
    for (input, says) in cases {
      for call in calls(input) {
        let outcome = try Program.run(call, in: place.path)
        #expect(outcome.status == 3 && outcome.output.isEmpty, "\(call): \(outcome.errors)")
        for word in says { #expect(outcome.errors.contains(word), "\(call): \(outcome.errors)") }
        #expect(place.names(".").filter { $0.hasPrefix("out") } == [], "\(call)")
      }
    }
    let project = try Program.run(
      ["init", "mine", "--corpus", pipe("p", from: "a.jsonl"), "--tokenizer", tokenizer],
      in: place.path)
    #expect(project.status == 3 && project.errors.contains("stream"), "\(project.errors)")
    #expect(!place.exists("mine"))
  }

  @Test func bytesThatAreNoUTF8AreRefusedWithTheirLine() throws {
    let outcome = try Program.shell(
      "printf 'one\\ntw\\377o\\n' | \"$MINIPLM\" tokenizer encode \(tokenizer)", in: place.path)
    #expect(outcome.status == 3 && outcome.output.isEmpty)
    #expect(outcome.errors.contains("Line 2 of standard input"), "\(outcome.errors)")
  }

  @Test func anArgumentThatIsNoUTF8NamesItsFile() throws {
    let outcome = try Program.shell(
      "cp a.jsonl $'n\\xfe.jsonl' && cp a.jsonl $'n\\xff.jsonl' && "
        + "\"$MINIPLM\" tokenizer encode \(tokenizer) --jsonl $'n\\xff.jsonl'", in: place.path)
    let plain = try Program.succeed(
      ["tokenizer", "encode", tokenizer, "--jsonl", "a.jsonl"], in: place.path)
    #expect(outcome.status == 0 && outcome.output == plain.output, "\(outcome.errors)")
  }

  @Test func promptsThatComeOnlyOnceAreRefusedAtOnce() throws {
    let work = try TinyWork.shared.get()
    mkfifo(place.path + "/silent", 0o600)
    for path in ["-", "silent"] {
      for output in [[], ["-o", "out.jsonl"]] {
        let outcome = try Program.run(
          ["generate", "--model", work.path + "/teacher", "--prompts", path] + output,
          in: place.path)
        #expect(outcome.status == 3 && outcome.errors.contains("stream"), "\(outcome.errors)")
        #expect(!place.exists("out.jsonl"))
      }
    }
  }

  @Test func aScriptIsARegularFile() throws {
    mkfifo(place.path + "/steps", 0o600)
    let work = try TinyWork.shared.get()
    let folder = place.path + "/project"
    try Program.succeed(
      ["init", folder, "--corpus", place.path + "/a.jsonl", "--tokenizer", tokenizer],
      in: work.path)
    let outcome = try Program.run(["open", folder, "--script", "steps"], in: place.path)
    #expect(outcome.status == 3 && outcome.errors.contains("no regular file"), "\(outcome.errors)")
  }

  /// Bytes of another encoding would be compared with the data as U+FFFD, and found nowhere.
  @Test(arguments: [
    ("corpus search shards $'caf\\xe9' --tokenizer tok", "<pattern>"),
    ("corpus search shards river --tokenizer tok --source $'caf\\xe9'", "--source"),
    ("corpus study corpus.jsonl --text-field $'caf\\xe9'", "--text-field"),
    ("corpus study corpus.jsonl --source-field $'caf\\xe9'", "--source-field"),
    ("tokenizer encode tok --jsonl corpus.jsonl --text-field $'caf\\xe9'", "--text-field"),
    ("select --scores scores --floor $'caf\\xe9=0.5'", "--floor"),
    ("convert shards --from tok --to tok -o none --to-eos $'caf\\xe9'", "--to-eos"),
  ])
  func textInAnotherEncodingIsRefused(call: String, option: String) throws {
    let outcome = try Program.shell("\"$MINIPLM\" \(call)", in: TinyWork.shared.get().path)
    #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome.status): \(outcome.errors)")
    #expect(
      outcome.errors.contains("\(option): found bytes that are not UTF-8"), "\(outcome.errors)")
  }

  @Test func severalFieldsAreOneText() throws {
    let ids = try Program.succeed(
      [
        "tokenizer", "encode", tokenizer, "--jsonl", "pair.jsonl", "--text-field",
        "question,answer",
      ],
      in: place.path)
    let text = try Program.succeed(
      ["tokenizer", "encode", tokenizer], in: place.path, input: "Why so?\n\nBecause.")
    #expect(ids.output == text.output && !ids.output.isEmpty)
  }

  @Test func oneSignalEndsAWaitForAPipe() throws {
    let path = place.path + "/silent"
    mkfifo(path, 0o600)
    for call in calls(path) {
      let running = try Program.Running(call, in: place.path)
      usleep(600_000)
      #expect(running.isRunning, "\(call)")
      running.signal(SIGTERM)
      let outcome = running.end()
      #expect(outcome.status == 4 && !outcome.wasKilled, "\(call): \(outcome.errors)")
      #expect(!place.exists("out"))
    }
  }

  @Test func patternsAndSourcesOfASearchAreArguments() throws {
    let work = try TinyWork.shared.get()
    for (arguments, says) in [
      (["(", "--regex"], "missing ): ("), ([""], "empty"), (["river", "--source", "no"], "prose"),
    ] {
      let outcome = try Program.run(
        ["corpus", "search", "shards"] + arguments + ["--tokenizer", "tok"], in: work.path)
      #expect(outcome.status == 2 && outcome.errors.contains(says), "\(outcome.errors)")
      #expect(!outcome.errors.contains("(?m)"))
    }
  }
}
