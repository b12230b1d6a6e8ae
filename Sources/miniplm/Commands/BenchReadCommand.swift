import ArgumentParser
import Corpus
import Numerics
import Pipeline

extension BenchCommand {
  struct Read: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Read JSON lines on one thread: decompressing, cutting into lines, parsing.")
    @Argument(help: "jsonl, jsonl.zst or jsonl.gz files, or folders.")
    var inputs: [String]
    @Option(help: "Rounds; the fastest counts. (default: 3)", transform: whole(1...1_000_000))
    var repeats = 3
    @OptionGroup var fields: FieldOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      var best: ReadMeasurement?
      try CommandRun("read", common).run { work in
        let options = try fields.fields.options(for: inputs, work)
        for _ in 0..<repeats {
          let result = try ReadMeasurement.run(inputs: inputs, options: options)
          if best.map({ result.together < $0.together }) ?? true { best = result }
        }
      }
      guard let best else { return }
      if common.json { return try Output.json(best) }
      func rate(_ seconds: Double) -> String {
        Number.fixed(Double(best.bytes) / 1e6 / max(seconds, 1e-9), 0) + " MB/s"
      }
      try Output.line(
        "\(Number.bytes(best.bytes)), \(Number.grouped(best.documents)) documents of "
          + "\(Number.bytes(best.textBytes)), \(Number.grouped(best.rejected)) rejected")
      try Output.line("decompressing alone: \(rate(best.decompressing))")
      try Output.line("decompressing and lines: \(rate(best.cutting))")
      try Output.line("parsing alone: \(rate(best.parsing))")
      try Output.line("together: \(rate(best.together))")
    }
  }
}
