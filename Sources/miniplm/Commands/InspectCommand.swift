import ArgumentParser
import Engine
import Pipeline
import TensorKit

/// What a file or folder holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a file or folder of this program, or a model or tokenizer, holds.",
    discussion: """
      Known are projects, commits and folders of them, training runs, scores, model folders, \
      selections, token shards and their records, safetensors files and tokenizers.
      """)

  @Argument(help: "A file or folder.")
  var path: String
  @Option(help: "Print this chunk's ids, or its text with --tokenizer.")
  var chunk: Int?
  @Option(help: "tokenizer.json or its folder.")
  var tokenizer: String?
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let inspection = Inspect(
      path, Inspect.Settings(chunk: chunk, tokenizer: tokenizer), known: [InspectedProject.self],
      compute: try threads.compute())
    let run = CommandRun("inspect", isQuiet: true, whenStopped: .stoppedWithoutResult)
    for line in try run.run({ try inspection.run($0) }) { Output.line(line) }
  }
}
