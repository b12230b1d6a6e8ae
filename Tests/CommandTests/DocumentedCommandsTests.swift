import Foundation
import Testing

/// Every line of README.md and docs/ that calls the program, run as it stands there in a folder that
/// holds small inputs of the names that it uses. Where a line names sizes or places that cannot be
/// had here, its values are replaced; command and options stay those of the line.
@Suite(.serialized) struct DocumentedCommandsTests {
  /// Values of lines, by their beginnings.
  static let replaced: [(beginning: String, words: [String: String])] = [
    ("corpus document shards", ["123456": "3"]),
    ("train --model student", ["1000": "60"]),
    ("train --preset mamba-tiny", ["4": "1"]),
    ("init mine", ["DIR": "teacher"]),
    ("compare-precision --teacher DIR", ["DIR": "teacher", "300": "8"]),
    ("compare-curves RUN", ["RUN": "runs/b", "RUN...": "runs/b"]),
    ("compare MODEL MODEL", ["MODEL": "teacher", "DIR": "held-out"]),
    ("bench tokenizer", ["DIR": "tok", "/usr/share/man": "text", "1000000": "100000"]),
    ("bench generate", ["qwen-104m": "qwen-small", "8": "2"]),
    ("bench kernels", ["qwen-104m": "qwen-small"]),
    ("bench train", ["mamba-130m": "mamba-small", "512": "32"]),
    ("bench score", ["qwen-104m": "qwen-small"]),
    ("bench select", ["100000000": "1000"]),
  ]

  /// Lines that do not run here, by their beginnings, and why.
  static let left: [(beginning: String, reason: String)] = [
    ("open mine", "takes a terminal"),
    ("run experiments/cpu.json", "takes a night"),
    ("run experiments/evening.json", "takes an hour"),
    ("pull ", "needs the hub"),
    ("train ...", "stands for the line before it"),
    ("pack text/score.jsonl", "needs a tokenizer of the hub"),
    ("compare-precision --teacher SmolLM2", "needs a model of the hub"),
    ("compare-precision --teacher demo", "needs the demo, which takes minutes"),
    ("compare-precision --teacher DIR", "calls every folder DIR"),
    ("bench score --shape qwen1.5-1.8b", "needs 8 GB"),
    ("new-model curve.json", "belongs to runs of an hour"),
    ("train --model init-1", "takes an hour"),
    ("compare-curves f32-1", "belongs to runs of an hour"),
    ("compare f32-1-model", "belongs to runs of an hour"),
  ]

  /// The lines of a document, those that end with "\" joined.
  static func lines(_ name: String) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
    return text.replacingOccurrences(of: "\\\n", with: " ").split(separator: "\n")
      .filter { $0.hasPrefix("    miniplm ") }
      .map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
  }

  static let documents = [
    "README.md", "docs/ACCURACY.md", "docs/BENCHMARKS.md", "docs/EXPERIMENTS.md",
    "docs/SCALING.md", "docs/WORKBENCH.md",
  ]

  private func makeInputs(_ place: Workplace) throws {
    let work = try TinyWork.shared.get()
    let files = FileManager.default
    for (name, from) in [
      ("TEACHER", "teacher"), ("REFERENCE", "reference"), ("teacher", "teacher"),
      ("trained-a", "teacher"), ("trained-b", "reference"), ("tok", "tok"), ("falcon", "tok"),
      ("tokenizer.json", "tok/tokenizer.json"), ("config.json", "reference.json"),
      ("held-out", "held"),
    ] {
      try files.copyItem(atPath: "\(work.path)/\(from)", toPath: "\(place.path)/\(name)")
    }
    try files.createDirectory(atPath: place.path + "/text", withIntermediateDirectories: true)
    try place.write(TinyWork.text(1), to: "text/a.txt")
    // Longer than a chunk each, as the documents of such corpora are: else none could be set aside.
    let lines = (0..<300).map { number in
      let text = (0..<12).map { TinyWork.text(12 * number + $0) }.joined(separator: " ")
      return "{\"text\": \"\(text)\", \"meta\": {\"pile_set_name\": \"prose\"}}\n"
    }
    let documents = Data(lines.joined().utf8)
    for name in ["corpus.jsonl.zst", "pile.jsonl.zst"] {
      try Self.zstd(documents).write(to: URL(fileURLWithPath: "\(place.path)/\(name)"))
    }
    try place.write(TinyWork.documents(40, from: 900), to: "test.jsonl")
    try makeEvaluationInputs(place)
  }

  private func makeEvaluationInputs(_ place: Workplace) throws {
    try place.write(
      (0..<6).map {
        "{\"goal\": \"\(TinyWork.text($0).prefix(40))\", \"sol1\": \"the river\", "
          + "\"sol2\": \"a stone\", \"label\": \($0 % 2)}\n"
      }.joined(), to: "piqa.jsonl")
    try place.write(
      (0..<6).map { "{\"text\": \"\(TinyWork.text($0).prefix(60))\"}\n" }.joined(),
      to: "lambada.jsonl")
    try place.write(
      "compute,loss\n1e15,4.0\n2e15,3.6\n4e15,3.3\n8e15,3.1\n1.6e16,2.95\n", to: "points.csv")
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    try FileManager.default.copyItem(
      at: root.appendingPathComponent("experiments"),
      to: URL(fileURLWithPath: place.path + "/experiments"))
  }

  /// A zstd frame of blocks that are stored as they are.
  private static func zstd(_ content: Data) -> Data {
    var frame = Data([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38])
    var rest = content[...]
    repeat {
      let block = rest.prefix(1 << 16)
      rest = rest.dropFirst(block.count)
      let header = UInt32(block.count) << 3 | (rest.isEmpty ? 1 : 0)
      frame.append(contentsOf: [UInt8(header & 255), UInt8(header >> 8 & 255), UInt8(header >> 16)])
      frame.append(block)
    } while !rest.isEmpty
    return frame
  }

  @Test func everyLineRuns() throws {
    let place = try Workplace()
    try makeInputs(place)
    var count = 0
    for document in Self.documents {
      for line in try Self.lines(document) {
        if Self.left.contains(where: { line.hasPrefix($0.beginning) }) { continue }
        let words = Self.replaced.first { line.hasPrefix($0.beginning) }?.words ?? [:]
        let command = line.split(separator: " ").map { words[String($0)] ?? String($0) }
          .joined(separator: " ")
        let outcome = try Program.shell("\"$MINIPLM\" \(command)", in: place.path)
        #expect(
          outcome.status == 0, "\(document): miniplm \(line)\n\(outcome.errors.suffix(600))")
        count += 1
      }
    }
    #expect(count >= 25)
  }

  /// What is left out or replaced is a line that stands in a document.
  @Test func theTablesNameLines() throws {
    let all = try Self.documents.flatMap { try Self.lines($0) }
    for beginning in Self.left.map(\.beginning) + Self.replaced.map(\.beginning) {
      #expect(all.contains { $0.hasPrefix(beginning) }, "no line begins with \(beginning)")
    }
  }

  /// No document with command lines is forgotten.
  @Test func everyDocumentIsRead() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent("docs").path)
    for name in names where name.hasSuffix(".md") {
      if try !Self.lines("docs/\(name)").isEmpty {
        #expect(Self.documents.contains("docs/\(name)"))
      }
    }
  }
}
