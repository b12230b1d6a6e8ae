import Corpus
import Foundation
import Glibc
import Store
import Testing

/// One test alone, since a process has one standard input.
@Suite("Packing what comes through standard input")
struct StandardInputTests {
  /// Runs `body` with the file as standard input.
  static func feed<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    let saved = dup(STDIN_FILENO)
    let file = open(path, O_RDONLY)
    try #require(file >= 0)
    dup2(file, STDIN_FILENO)
    close(file)
    defer {
      if saved >= 0 {
        dup2(saved, STDIN_FILENO)
        close(saved)
      }
    }
    return try body()
  }

  @Test("Stopped at any slab, the same stream goes on to the same bytes; another is refused")
  func resume() throws {
    let scratch = try ScratchFolder()
    let files = try CorpusPipelineTests.inputs(scratch)
    let long = CorpusReaderTests.line(String(repeating: "long. ", count: 3000))
    let content = scratch.bytes("a.jsonl") + Array(long.utf8) + scratch.bytes("b.jsonl")
    let good = try scratch.write(content, to: "stream")
    var changed = content
    changed[10] ^= 1
    let other = try scratch.write(changed, to: "other")
    let short = try scratch.write(content.prefix(1000), to: "short")
    func build(_ folder: String, stopAt stop: Int?, threads: Int) throws {
      var slabs = 0
      _ = try CorpusBuilder(
        inputs: [files[1], "-"], settings: CorpusPipelineTests.settings(.numpy(2)),
        tokenizer: ByteTokenizer(),
        options: CorpusPipelineTests.options(threads: threads, state: 3000),
        faults: FaultPoints {
          if $0 == "slab packed" { slabs += 1 }
          return slabs == stop
        }
      ).build(into: scratch.path + "/" + folder)
    }
    try Self.feed(good) { try build("whole", stopAt: nil, threads: 2) }
    let whole = try CorpusBuilderTests.content(scratch, "whole")
    for stop in stride(from: 4, to: 60, by: 8) {
      let folder = "k\(stop)"
      let killed = try corpusError {
        try Self.feed(good) { try build(folder, stopAt: stop, threads: 2) }
      }
      #expect(killed != nil)
      // Only behind the first state is there something to go on from.
      if stop > 20 {
        for wrong in [other, short] {
          let error = try corpusError {
            try Self.feed(wrong) { try build(folder, stopAt: nil, threads: 1) }
          }
          guard case .otherStream(let bytes) = error else {
            Issue.record("stopped at \(stop), another stream gave \(String(describing: error))")
            continue
          }
          #expect(bytes > 0)
        }
      }
      try Self.feed(good) { try build(folder, stopAt: nil, threads: 3) }
      let same = try CorpusBuilderTests.content(scratch, folder) == whole
      #expect(same, "stopped at \(stop)")
      try Folder.remove(scratch.path + "/" + folder)
    }
  }
}
