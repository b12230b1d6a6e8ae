public import Corpus
import Numerics
import Tokenizers

/// Looks up a document of a packed corpus: where it came from, where it is now, and its text.
///
/// The text comes from the input file where that is plain, or the place near its start; else, with a
/// tokenizer, from the tokens of its chunks.
public struct FindDocument {
  public struct Settings: Sendable {
    /// Folder of the table of documents; nil: that of the shards.
    public var table: String?
    /// tokenizer.json of the shards, or its folder; nil: no text from tokens.
    public var tokenizer: String?
    /// Whether the input file is decompressed however far the text stands in it.
    public var readsAnyFar: Bool

    public init(table: String? = nil, tokenizer: String? = nil, readsAnyFar: Bool = false) {
      self.table = table
      self.tokenizer = tokenizer
      self.readsAnyFar = readsAnyFar
    }
  }

  public struct Result: Encodable, Sendable {
    public var record: DocumentRecord
    /// Its parts in the chunks of these shards.
    public var places: [DocumentPlace]
    /// nil where it can come neither from the file nor from tokens.
    public var text: String?
    /// Where the text is from, for people.
    public var textFrom: String?
  }

  private let shards: String
  private let settings: Settings

  /// - Parameter shards: folder of the token shards.
  public init(in shards: String, _ settings: Settings) {
    self.shards = shards
    self.settings = settings
  }

  /// The document of a number. A file that no longer holds the text is noted where tokens can give
  /// it.
  ///
  /// - Throws: `PipelineError.noDocuments`, `CorpusError`, `TokenizerError`.
  public func run(_ document: Int64, _ work: Work) throws -> Result {
    let corpus = try TokenShards(folder: shards)
    let folder = settings.table ?? shards
    guard let table = try DocumentTable.find(in: folder) else {
      throw PipelineError.noDocuments(folder: folder)
    }
    let record = try table.record(of: document)
    let places = corpus.places(ofDocument: document)
    var result = Result(record: record, places: places)
    do {
      let found =
        settings.readsAnyFar
        ? try table.text(of: record, limit: .max) : try table.text(of: record)
      if let found {
        result.text = String(decoding: found, as: UTF8.self)
        result.textFrom = "the file"
        return result
      }
    } catch {
      if settings.tokenizer == nil { throw error }
      work.note(error.message, .warning)
    }
    guard let tokenizer = settings.tokenizer, !places.isEmpty else { return result }
    let packing = try CorpusBuilder.manifest(of: corpus.folder)?.settings.packing
    let tokens = try corpus.tokens(
      of: places, beginningOfSequence: packing?.beginningOfSequence)
    var bytes: [UInt8] = []
    let texts = TokenTexts(
      try ShardsTokenizer.load(tokenizer, ofShards: shards, work), skipsSpecialTokens: true)
    tokens.withUnsafeBufferPointer { texts.append($0, to: &bytes) }
    let order = corpus.keepsTextOrder ? "" : ", chunks in the order of the corpus"
    result.text = String(decoding: bytes, as: UTF8.self)
    result.textFrom = "\(Number.grouped(tokens.count)) tokens of its chunks\(order)"
    return result
  }
}
