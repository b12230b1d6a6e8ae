import ArgumentParser
import Corpus
import Numerics
import Pipeline

extension BenchCommand {
  struct Read: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read JSON lines on one thread: decompressing, cutting into lines, parsing.")
    @Argument(help: "jsonl, jsonl.zst or jsonl.gz files, or folders.")
    var inputs: [String]
    @Option(help: "Rounds; the fastest counts.")
    var repeats = 3
    @OptionGroup var fields: FieldOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let options = try CommandRun("read", common).run {
        try fields.fields.options(for: inputs, $0)
      }
      var best: ReadMeasurement?
      for _ in 0..<max(1, repeats) {
        let result = try ReadMeasurement.run(inputs: inputs, options: options)
        if best.map({ result.together < $0.together }) ?? true { best = result }
      }
      guard let best else { return }
      if common.json { return try Output.json(best) }
      func rate(_ seconds: Double) -> String {
        Number.fixed(Double(best.bytes) / 1e6 / max(seconds, 1e-9), 0) + " MB/s"
      }
      Output.line(
        "\(Number.bytes(best.bytes)), \(Number.grouped(best.documents)) documents of "
          + "\(Number.bytes(best.textBytes)), \(Number.grouped(best.rejected)) rejected")
      Output.line("decompressing alone: \(rate(best.decompressing))")
      Output.line("decompressing and lines: \(rate(best.cutting))")
      Output.line("parsing alone: \(rate(best.parsing))")
      Output.line("together: \(rate(best.together))")
    }
  }
}
