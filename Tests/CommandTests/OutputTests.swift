import Foundation
import Testing

/// What standard output refuses is never lost, a reader that goes away does no harm, and a terminal
/// gets no escape sequences of data.
@Suite struct OutputTests {
  static let printing = [
    "--help", "--version", "help pack", "themes", "inspect WORK/shards", "inspect WORK/teacher",
    "select --scores WORK/scores", "select --scores WORK/scores --json",
    "corpus chunk WORK/shards 0", "corpus chunk WORK/shards 0 --json",
    "corpus document WORK/shards 0 --tokenizer WORK/tok", "corpus study WORK/corpus.jsonl",
    "corpus search WORK/shards river --tokenizer WORK/tok",
    "tokenizer encode WORK/tok --jsonl WORK/corpus.jsonl",
    "generate --model WORK/teacher --prompt river --max-new-tokens 4",
    "evaluate --model WORK/teacher --shards WORK/held --chunk-tokens 33",
    "compare WORK/teacher WORK/reference --shards WORK/held --chunk-tokens 33 --json",
    "evaluate --model WORK/teacher --text WORK/held.jsonl --window 32 --quiet",
    "quality --shards WORK/shards --scores WORK/scores --quiet",
    "drivers --shards WORK/shards --scores WORK/scores --tokenizer WORK/tok --quiet",
    "bench shapes --json",
  ]

  private func call(
    _ arguments: String, _ rest: String, before: String = ""
  ) throws -> Program.Outcome {
    let work = try TinyWork.shared.get()
    let line = arguments.replacingOccurrences(of: "WORK", with: work.path)
    // The folder goes away with the value.
    return try withExtendedLifetime(try Workplace()) {
      try Program.shell("\(before)\"$MINIPLM\" \(line) \(rest)", in: $0.path)
    }
  }

  @Test(arguments: printing) func aFullDeviceIsAnError(arguments: String) throws {
    let outcome = try call(arguments, "> /dev/full")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("standard output"), "\(outcome.errors)")
  }

  @Test(arguments: printing) func aClosedOutputIsAnError(arguments: String) throws {
    let outcome = try call(arguments, ">&-")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("standard output"), "\(outcome.errors)")
  }

  @Test(arguments: printing) func aReaderThatHasGoneEndsItQuietly(arguments: String) throws {
    // The reader has gone before the program starts.
    let outcome = try call(
      arguments, ">&3 2> errors; status=$?; grep -v '^[a-z]*: ' errors; exit $status",
      before: "exec 3> >(exec true); wait $!; ")
    #expect(outcome.status == 141, "\(outcome.status)")
    #expect(outcome.output.isEmpty, "\(outcome.output)")
  }

  @Test func workIsDoneWhateverTakesItsResult() throws {
    let work = try TinyWork.shared.get()
    for (rest, status) in [("> /dev/full", 1), ("2> /dev/full", 0), ("2>&-", 0), (">&-", 1)] {
      let place = try Workplace()
      let outcome = try Program.shell(
        "\"$MINIPLM\" pack \(work.path)/corpus.jsonl --tokenizer \(work.path)/tok -o shards "
          + "--max-length 33 \(rest)", in: place.path)
      #expect(outcome.status == Int32(status), "\(rest): \(outcome.errors)")
      #expect(
        place.data("shards/data_0.bin")
          == FileManager.default.contents(atPath: work.path + "/shards/data_0.bin"), "\(rest)")
    }
  }

  @Test(arguments: ["<&-", "< /"]) func anUnreadableInputIsAnError(input: String) throws {
    for arguments in [
      "tokenizer encode WORK/tok", "tokenizer decode WORK/tok", "generate --model WORK/teacher",
    ] {
      let outcome = try call(arguments, input)
      #expect(outcome.status == 3, "\(outcome.status): \(outcome.errors)")
      #expect(outcome.errors.contains("standard input"))
    }
  }

  @Test func idsOutsideTheVocabularyAreRefused() throws {
    let outcome = try call("tokenizer decode WORK/tok", "<<< '[1, 300]'")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("300") && outcome.errors.contains("0 to 299"))
  }

  // MARK: - Terminals

  /// Titles, clipboard, clear screen, C1, bidi, a bell: none of it may arrive.
  static let hostile =
    "a\u{1B}]0;title\u{07}b\u{1B}[2Jc\u{9B}31md\u{202E}e\u{1B}]52;c;eA==\u{07}\u{7F}\u{200B}f"

  /// What a terminal is sent, line ends taken out.
  private func onTerminal(_ line: String, in folder: String) throws -> String {
    let outcome = try Program.shell(
      "script -qec '\(line)' /dev/null < /dev/null", in: folder)
    return outcome.output.filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
  }

  private func isClean(_ text: String) -> Bool {
    !text.unicodeScalars.contains {
      // A tab stands between the cells of a row; those of data are spaces.
      $0.value < 0x20 && $0.value != 9 || (0x7F...0x9F).contains($0.value)
        || (0x202A...0x202E).contains($0.value)
        || $0.value == 0x200B
    }
  }

  @Test func dataReachATerminalClean() throws {
    let place = try Workplace()
    let work = try TinyWork.shared.get()
    var lines = ""
    for number in 0..<40 {
      let record = [
        "text": "\(Self.hostile) \(TinyWork.text(number))", "source": "s\(Self.hostile)",
      ]
      lines +=
        String(
          decoding: try JSONSerialization.data(withJSONObject: record), as: UTF8.self) + "\n"
    }
    try place.write(lines, to: "hostile.jsonl")
    let packed = try Program.run(
      [
        "pack", "hostile.jsonl", "--tokenizer", work.path + "/tok", "-o", "shards", "--max-length",
        "65", "--text-field", "text", "--source-field", "source", "--quiet",
      ], in: place.path)
    #expect(packed.status == 0, "\(packed.errors)")
    // Into a pipe bytes stay as they are.
    #expect(packed.output.contains("\u{1B}]0;title"))
    for arguments in [
      "corpus chunk shards 0 --tokenizer \(work.path)/tok", "corpus study hostile.jsonl",
      "corpus search shards river --tokenizer \(work.path)/tok --limit 2",
      "corpus search shards river --tokenizer \(work.path)/tok --limit 2 --json",
      "corpus document shards 0 --tokenizer \(work.path)/tok", "inspect shards",
      "inspect shards --chunk 0 --tokenizer \(work.path)/tok",
      "pack hostile.jsonl --tokenizer \(work.path)/tok -o again --text-field text --max-length 65",
    ] {
      let text = try onTerminal("\"$MINIPLM\" \(arguments)", in: place.path)
      #expect(!text.isEmpty, "\(arguments)")
      #expect(isClean(text), "\(arguments): \(text.debugDescription.prefix(600))")
    }
    let message = try onTerminal(
      "\"$MINIPLM\" inspect \"$(printf \"no\\033]0;x\\007where\")\"", in: place.path)
    #expect(message.contains("no␛]0;x␇where"), "\(message.debugDescription)")
  }
}
