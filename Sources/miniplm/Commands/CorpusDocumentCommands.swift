import ArgumentParser
import Corpus
import Numerics
import Pipeline
import Tokenizers

/// Where a document came from, where it is now, and its text.
struct CorpusDocumentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "document",
    abstract: "Show a document of a packed corpus: file, place, source, chunks, text.",
    discussion: """
      The text comes from the input file where that is plain, or the place is near its start; else, \
      with --tokenizer, from the tokens of its chunks. The fingerprint tells whether the file still \
      holds it.
      """)

  @Argument(help: "Folder of the token shards.")
  var shards: String
  @Argument(
    help: "Number of the document, as `corpus chunk` shows it.",
    transform: whole(0...Int64(Most.counted)))
  var document: Int64
  @Option(
    help: "tokenizer.json of the shards, or its folder; for texts that come from tokens.",
    transform: modelPlace())
  var tokenizer: String?
  @Option(
    help: "Folder with documents.json, where the shards were selected from another folder.")
  var documents: String?
  @Flag(help: "Decompress the input file however far the text stands in it.")
  var fromFile = false
  @OptionGroup var common: CommonOptions

  func run() throws {
    let found = try CommandRun("document", common, whenStopped: .stoppedWithoutResult).run {
      try FindDocument(
        in: shards,
        FindDocument.Settings(table: documents, tokenizer: tokenizer, readsAnyFar: fromFile)
      ).run(document, $0)
    }
    if common.json { return try Output.json(found) }
    for line in Self.lines(of: found.record) { try Output.line(line) }
    for place in found.places {
      try Output.line(
        "chunk \(place.chunk), tokens \(place.tokens.lowerBound)..<\(place.tokens.upperBound)")
    }
    if found.places.isEmpty { try Output.line("in no chunk of these shards") }
    if let text = found.text, let origin = found.textFrom {
      try Output.line("text from \(origin):")
      try Output.text(text + "\n")
    } else {
      try Output.line("The text needs --tokenizer, or --from-file.")
    }
  }

  /// Facts of a row of the table.
  static func lines(of record: DocumentRecord) -> [String] {
    let place =
      record.line > 0
      ? "line \(Number.grouped(record.line)), byte \(Number.grouped(record.offset))"
      : "the whole file"
    let digits = String(record.fingerprint, radix: 16)
    return [
      "document \(record.id): \(record.file), \(place)",
      "source \(record.source), \(Number.grouped(record.bytes)) bytes, "
        + "\(Number.grouped(record.tokens)) tokens, fingerprint "
        + String(repeating: "0", count: 16 - digits.count) + digits,
    ]
  }
}

/// What is in a chunk, and where that came from.
struct CorpusChunkCommand: ParsableCommand, LooksOnly {
  static let configuration = CommandConfiguration(
    commandName: "chunk",
    abstract: "Show a chunk: source, documents with their files and places, text or ids.")

  @Argument(help: "Folder of the token shards; FOLDER/data_0-199 for a part.")
  var shards: String
  @Argument(help: "Number of the chunk.", transform: whole(0...Most.counted))
  var chunk: Int
  @Option(
    help: "tokenizer.json of the shards, or its folder: text instead of ids.",
    transform: modelPlace())
  var tokenizer: String?
  @Option(
    help: "Folder with documents.json, where the shards were selected from another folder.")
  var documents: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    let corpus = try TokenShards(folder: shards)
    let tokens = try corpus.tokens(of: chunk)
    let table = try DocumentTable.find(in: documents ?? shards)
    let pieces = corpus.documents(of: chunk)
    let source = corpus.sources[corpus.source(of: chunk)]
    let text = try CommandRun("chunk", common).run { work in
      try tokenizer.map { try ShardsTokenizer.load($0, ofShards: shards, work).decode(tokens) }
    }
    if common.json {
      return try Output.json(
        Result(
          chunk: chunk, source: source, pieces: pieces,
          documents: try pieces.compactMap { try table?.record(of: $0.document) },
          tokens: tokens, text: text))
    }
    try Output.line("chunk \(chunk): \(tokens.count) tokens, source \(source)")
    for piece in pieces {
      if let table {
        let record = try table.record(of: piece.document)
        let facts = CorpusDocumentCommand.lines(of: record).joined(separator: ", ")
        try Output.line("from token \(piece.tokenStart): \(facts)")
      } else {
        try Output.line("from token \(piece.tokenStart): document \(piece.document)")
      }
    }
    if let text { try Output.text(text + "\n") } else { try Output.json(tokens) }
  }

  private struct Result: Encodable {
    var chunk: Int
    var source: String
    var pieces: [ChunkPiece]
    var documents: [DocumentRecord]
    var tokens: [Int32]
    var text: String?
  }
}
