import ArgumentParser
import Corpus
import Foundation
import Pipeline
import Tokenizers

/// Training, encoding and decoding.
struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer", abstract: "Train a tokenizer, encode and decode text.",
    subcommands: [Train.self, Encode.self, Decode.self])

  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Train a byte-level BPE tokenizer and write tokenizer.json.")

    @Argument(help: "jsonl, jsonl.zst, jsonl.gz or text files, or folders of them.")
    var inputs: [String]
    @Option(name: [.short, .long], help: "Folder to write to.")
    var output: String
    @Option(help: "Tokens, bytes and special tokens included.")
    var vocabularySize = 8192
    @Option(help: "How text is cut into words: qwen2 or gpt2.")
    var preTokenization = PreTokenization.qwen2
    @OptionGroup var fields: FieldOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let run = CommandRun("tokenizer", common, whenStopped: .stoppedWithoutResult)
      let trained = try run.run { work in
        try TrainTokenizer(
          inputs, into: output,
          TrainTokenizer.Settings(
            vocabularySize: vocabularySize, preTokenization: preTokenization,
            reader: fields.fields.options(for: inputs, work))
        ).run(work)
      }
      if common.json {
        return try Output.json(["tokens": "\(trained.vocabularySize)", "path": trained.path])
      }
      Output.line("\(trained.vocabularySize) tokens written to \(trained.path)/tokenizer.json")
    }
  }

  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the ids of standard input, or of every text of a JSON-lines file.")

    @Argument(help: "tokenizer.json or its folder.")
    var tokenizer: String
    @Option(help: "JSON lines with a text field; one line of ids comes out for each.")
    var jsonl: String?
    @Flag(help: "Add the special tokens of the post-processor.")
    var addSpecialTokens = false

    func run() throws {
      let tokenizer = try Tokenizer.load(from: tokenizer)
      guard let jsonl else {
        let text = String(
          decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        try Output.json(tokenizer.encode(text, addSpecialTokens: addSpecialTokens))
        return
      }
      var options = ReaderOptions()
      options.strict = true
      var reader = try CorpusReader(inputs: [jsonl], options: options)
      let encoder = TokenEncoder(tokenizer)
      let stopped = ExitStatus.stopped("Stopped; every line that was printed is whole.")
      try CommandRun("tokenizer", isQuiet: false, whenStopped: stopped).run { work in
        while let document = try reader.next() {
          let text = String(decoding: document.text, as: UTF8.self)
          try Output.json(encoder.encode(text, addSpecialTokens: addSpecialTokens))
          try work.checkpoint()
        }
      }
    }
  }

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the text of ids: JSON arrays on standard input, one a line.")

    @Argument(help: "tokenizer.json or its folder.")
    var tokenizer: String
    @Flag(help: "Leave special tokens out.")
    var skipSpecialTokens = false

    func run() throws {
      let tokenizer = try Tokenizer.load(from: tokenizer)
      var unknown = 0
      while let line = readLine() {
        guard let numbers = try? JSONDecoder().decode([Int].self, from: Data(line.utf8)) else {
          throw ValidationError("Expected a JSON array of ids, found: \(line.prefix(80))")
        }
        let ids = numbers.compactMap { Int32(exactly: $0) }
          .filter { tokenizer.token(of: $0) != nil }
        unknown += numbers.count - ids.count
        try Output.json(tokenizer.decode(ids, skipSpecialTokens: skipSpecialTokens))
      }
      if unknown > 0 {
        Output.error(
          "\(unknown) of the ids are no tokens of \(self.tokenizer): they were left out.")
      }
    }
  }
}
