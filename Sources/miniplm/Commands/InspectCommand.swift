import ArgumentParser
import Engine
import Pipeline
import TensorKit

/// What a file or folder holds.
struct InspectCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Say what a file or folder of this program, or a model or tokenizer, holds.",
    discussion: """
      Known are projects, commits and folders of them, training runs, scores, model folders and \
      GGUF files, selections, token shards and their records, safetensors files and tokenizers.
      """)

  @Argument(help: "A file or folder.", transform: modelPlace())
  var path: String
  @Option(
    help: "Print this chunk's ids, or its text with --tokenizer.",
    transform: whole(0...Most.counted))
  var chunk: Int?
  @Option(help: "tokenizer.json or its folder.", transform: modelPlace())
  var tokenizer: String?
  @Flag(name: .long, help: "Print the result as JSON.")
  var json = false
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let inspection = Inspect(
      path, Inspect.Settings(chunk: chunk, tokenizer: tokenizer), known: [InspectedProject.self],
      compute: try threads.compute())
    if json { return try Output.json(try inspection.report(Work())) }
    for line in try inspection.run(Work()) {
      // The text of a chunk has line ends of its own.
      if chunk == nil { try Output.line(line) } else { try Output.text(line + "\n") }
    }
  }
}
