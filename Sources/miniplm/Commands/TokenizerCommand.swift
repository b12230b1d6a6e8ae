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
    @Option(
      help: "Tokens, bytes and special tokens included. (default: 8192)",
      transform: whole(257...Most.planned))
    var vocabularySize = 8192
    @Option(help: "How text is cut into words: qwen2 or gpt2.")
    var preTokenization = PreTokenization.qwen2
    @OptionGroup var fields: FieldOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let run = CommandRun("tokenizer", common, whenStopped: .stoppedWithoutResult)
      let trained = try run.run { work in
        let inputs = try work.inputs(inputs)
        return try TrainTokenizer(
          inputs, into: output,
          TrainTokenizer.Settings(
            vocabularySize: vocabularySize, preTokenization: preTokenization,
            reader: fields.fields.options(for: inputs, work))
        ).run(work)
      }
      if common.json {
        return try Output.json(["tokens": "\(trained.vocabularySize)", "path": trained.path])
      }
      try Output.line("\(trained.vocabularySize) tokens written to \(trained.path)/tokenizer.json")
    }
  }

  struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the ids of standard input, or of every text of a JSON-lines file.")

    @Argument(help: "tokenizer.json, its folder, or a GGUF file.", transform: modelPlace())
    var tokenizer: String
    @Option(help: "JSON lines, a pipe, or -: one line of ids comes out for each text.")
    var jsonl: String?
    @Option(help: "Field that holds the text, as for pack. By default the first lines decide.")
    var textField: String?
    @Flag(help: "Add the special tokens of the post-processor.")
    var addSpecialTokens = false

    func run() throws {
      if let textField { try requireUTF8(textField, option: "--text-field") }
      let tokenizer = try Tokenizer.load(from: tokenizer)
      guard let jsonl else {
        let text = try Input.text()
        try Output.json(tokenizer.encode(text, addSpecialTokens: addSpecialTokens))
        return
      }
      let encoder = TokenEncoder(tokenizer)
      let stopped = ExitStatus.stopped("Stopped; every line that was printed is whole.")
      try CommandRun("tokenizer", isQuiet: false, whenStopped: stopped).run { work in
        let texts = try EachText(jsonl, field: textField, work)
        try texts.forEach(work) { text in
          try Output.json(encoder.encode(text, addSpecialTokens: addSpecialTokens))
        }
      }
    }
  }

  struct Decode: ParsableCommand, LooksOnly {
    static let configuration = CommandConfiguration(
      abstract: "Print the text of ids: JSON arrays on standard input, one a line.")

    @Argument(help: "tokenizer.json, its folder, or a GGUF file.", transform: modelPlace())
    var tokenizer: String
    @Flag(help: "Leave special tokens out.")
    var skipSpecialTokens = false

    func run() throws {
      let tokenizer = try Tokenizer.load(from: tokenizer)
      var lines = Input.Lines()
      var unknown = 0
      while let line = try lines.next() {
        guard let ids = try? JSONDecoder().decode([Int32].self, from: line) else {
          throw ExitStatus(
            code: 3,
            text: "Line \(lines.number) of standard input: expected a JSON array of ids, such as "
              + "[1,2,3], found: \(String(decoding: line.prefix(80), as: UTF8.self))")
        }
        if let id = ids.first(where: { $0 < 0 || $0 >= tokenizer.vocabularySize }) {
          throw ExitStatus(
            code: 3,
            text: "Line \(lines.number) of standard input: found id \(id), expected ids of the "
              + "tokenizer in \(self.tokenizer), 0 to \(tokenizer.vocabularySize - 1).")
        }
        // Ids between the tokens that have none, as the padding of a vocabulary.
        let known = ids.filter { tokenizer.token(of: $0) != nil }
        unknown += ids.count - known.count
        try Output.json(tokenizer.decode(known, skipSpecialTokens: skipSpecialTokens))
      }
      if unknown > 0 {
        Output.error(
          "\(unknown) of the ids are no tokens of \(self.tokenizer): they were left out.")
      }
    }
  }
}
