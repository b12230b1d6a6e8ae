public import Store

/// What can go wrong between text on disk and shards of tokens.
public enum CorpusError: ActionableError, Equatable {
  /// An input does not exist or cannot be read.
  case unreadable(path: String, reason: String)
  /// An input of a kind that has to be converted first.
  case refused(path: String, found: String, instead: String)
  /// An input that gives its bytes only once, for work that reads it again.
  case stream(path: String, work: String)
  /// Several fields could hold the text.
  case unclearFields(path: String, candidates: [String], example: String, records: String?)
  /// A field that somebody named and no line has.
  case noSuchField(path: String, name: String, role: String, lines: Int, fields: [String])
  /// A compressed stream is broken or cut at `offset` bytes of its content.
  case damagedStream(path: String, offset: Int, reason: String)
  /// A zstd frame wants more memory than is allowed.
  case windowTooLarge(path: String, offset: Int, windowLog: Int)
  /// A document that cannot be used, met in a strict run.
  case rejected(Reject)
  /// Nothing came out of the inputs.
  case emptyCorpus(inputs: [String], rejects: [RejectSummary])
  /// All documents together do not fill one chunk.
  case noChunks(documents: Int, tokens: Int, rejects: [RejectSummary] = [])
  /// A tokenizer refused a text, or promised what it does not hold.
  case tokenizer(reason: String)
  /// A shard file is not what its name promises.
  case malformedShard(path: String, found: String, expected: String)
  /// An index of a format before this one.
  case olderIndex(path: String)
  /// A folder holds no shards.
  case noShards(folder: String)
  /// Shards are numbered with a gap.
  case missingShard(folder: String, missing: Int, found: Int)
  /// One file of a pair is there without the other.
  case halfShard(folder: String, present: String, missing: String)
  /// A token id that the shard type or the vocabulary cannot hold.
  case tokenOutOfRange(token: Int, path: String, expected: String)
  /// More sources than a source column can tell apart.
  case tooManySources(count: Int)
  /// A chunk index that a folder does not hold.
  case noSuchChunk(index: Int, count: Int)
  /// A document id that a table does not hold.
  case noSuchDocument(id: Int64, count: Int)
  /// An input is not what it was when the corpus was made.
  case changedInput(path: String, found: String, expected: String)
  /// An input was written to while it was read.
  case changedWhileRead(path: String, found: String, expected: String)
  /// Standard input does not begin with what a stopped run has read of it.
  case otherStream(bytes: Int)
  /// The target folder holds something else.
  case occupied(folder: String, found: String)
  /// A setting has no sense.
  case setting(name: String, found: String, expected: String)
  /// The caller asked to stop.
  case cancelled
  /// A file operation failed.
  case store(StoreError)

  public var message: String {
    switch self {
    case .unreadable(let path, let reason): "Cannot read \(path): \(reason)."
    case .refused(let path, let found, _): "\(path) is \(found), expected text or JSON lines."
    case .stream(let path, let work):
      "\(path) is a stream, which gives its bytes only once; \(work) reads its input more than once."
    case .unclearFields(let path, let candidates, _, _):
      candidates.isEmpty
        ? "\(path): no field of its lines holds a string."
        : "\(path): no field is surely the text; there are \(candidates.joined(separator: ", "))."
    case .noSuchField(let path, let name, let role, let lines, let fields):
      "\(path): none of the first \(lines) lines has the \(role) field \"\(name)\"; there are "
        + "\(fields.joined(separator: ", "))."
    case .damagedStream(let path, let offset, let reason):
      "\(path) is damaged after \(offset) bytes of its content: \(reason)."
    case .windowTooLarge(let path, let offset, let windowLog):
      "\(path) looks back further than \(1 << windowLog) bytes (zstd --long), behind \(offset) bytes "
        + "of its content."
    case .rejected(let reject):
      reject.line > 0
        ? "\(reject.file), line \(reject.line), byte \(reject.offset): "
          + "\(reject.reason.explanation)."
        : "\(reject.place): \(reject.reason.explanation)."
    case .emptyCorpus(let inputs, let rejects):
      "No usable document in \(inputs.joined(separator: ", "))"
        + (rejects.isEmpty
          ? ": it is empty." : ". " + rejects.map(\.text).joined(separator: "; ") + ".")
    case .noChunks(let documents, let tokens, let rejects):
      "\(documents) documents with \(tokens) tokens fill no chunk."
        + (rejects.isEmpty
          ? "" : " Besides, " + rejects.map(\.text).joined(separator: "; ") + ".")
    case .tokenizer(let reason): "The tokenizer does not fit: \(reason)."
    case .malformedShard(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)."
    case .olderIndex(let path):
      "\(path) is an index of the older format of fairseq (TNTIDX), expected MMIDIDX."
    case .noShards(let folder): "\(folder) holds no data_0.bin and data_0.idx."
    case .missingShard(let folder, let missing, let found):
      "\(folder) holds shard \(found) but not shard \(missing)."
    case .halfShard(let folder, let present, let missing):
      "\(folder) holds \(present) but not \(missing)."
    case .tokenOutOfRange(let token, let path, let expected):
      "\(path): found token \(token), expected \(expected)."
    case .tooManySources(let count):
      "The inputs name \(count) sources, at most \(SourceTable.limit) can be told apart."
    case .noSuchChunk(let index, let count): "There is no chunk \(index) among \(count) chunks."
    case .noSuchDocument(let id, let count):
      "There is no document \(id) among \(count) documents."
    case .changedInput(let path, let found, let expected):
      "\(path) has changed: found \(found), expected \(expected)."
    case .changedWhileRead(let path, let found, let expected):
      "\(path) changed while it was read: found \(found), expected \(expected)."
    case .otherStream(let bytes):
      "Standard input does not begin with the \(bytes) bytes that the stopped run has packed."
    case .occupied(let folder, let found): "\(folder) exists already and holds \(found)."
    case .setting(let name, let found, let expected): "\(name) is \(found), expected \(expected)."
    case .cancelled: "Stopped."
    case .store(let error): error.message
    }
  }

  public var hint: String {
    switch self {
    case .unreadable: "Check the path and its permissions."
    case .refused(_, _, let instead): "What to do: \(instead)"
    case .stream: "Write it to a file first, and give that."
    case .unclearFields(_, let candidates, let example, let records):
      "Name the field with --text-field NAME, or several, joined by blank lines, with --text-field "
        + "\(candidates.isEmpty ? "FIELD1,FIELD2" : example)."
        + (records.map { " For the objects in a list: \($0)" } ?? "")
    case .noSuchField(_, _, let role, _, _):
      role == "text"
        ? "Name one of these with --text-field."
        : "Name one of these with --source-field, or none with --source-field none."
    case .damagedStream: "Fetch or copy the file again."
    case .windowTooLarge:
      "Allow more memory with --max-window 31, or compress it again: "
        + "zstd -dc --long=31 FILE | zstd -o NEW.zst"
    case .rejected(let reject): "\(reject.reason.advice) Or take it out."
    case .emptyCorpus(_, let rejects):
      rejects.first?.reason.advice ?? "Give files that hold text or JSON lines."
    case .noChunks(_, _, let rejects):
      (rejects.first.map { "\($0.reason.advice) Besides, add" } ?? "Add")
        + " text, shorten the chunks with --max-length, or write unfinished ones, too, with --flush."
    case .tokenizer: "Use the tokenizer.json that belongs to the models."
    case .malformedShard: "Make the shards again; the file is damaged or of another kind."
    case .olderIndex:
      "Make the data set again with --dataset-impl mmap (preprocess_data.py of Megatron-LM)."
    case .noShards: "Name a folder with tokenized shards, or tokenize a corpus first."
    case .missingShard:
      "Restore the missing pair of files, or name a part of the folder, such as FOLDER/data_0-199."
    case .halfShard:
      "Complete the download, or name the part that is whole, such as FOLDER/data_0-199."
    case .tokenOutOfRange:
      "Use the tokenizer and the vocabulary size that the shards were made with."
    case .tooManySources: "Name a field that holds a kind of text, not an identifier."
    case .noSuchChunk: "Use the selection that was made from this corpus."
    case .noSuchDocument: "Use the table that was written with these shards."
    case .changedInput: "Restore the file, or make the corpus again."
    case .changedWhileRead: "Run it again when nothing writes to the file any more."
    case .otherStream:
      "Give the same stream again, or remove the folder OUTPUT.building to start anew."
    case .occupied: "Choose another folder, or remove this one."
    case .setting: "Change the setting."
    case .cancelled: "Run the same command again to go on."
    case .store(let error): error.hint
    }
  }
}

extension CorpusError {
  /// Whether a build that ends with this has nothing that a next run could go on from.
  var leavesNothing: Bool {
    switch self {
    case .emptyCorpus, .refused, .rejected, .noChunks: true
    default: false
    }
  }
}

/// Runs a file operation, turning its error into the module's own.
func storing<Result: ~Copyable>(
  _ body: () throws(StoreError) -> Result
) throws(CorpusError) -> Result {
  do throws(StoreError) {
    return try body()
  } catch {
    throw .store(error)
  }
}

extension Array<UInt8> {
  /// Calls `body` with the bytes in memory; unlike `withUnsafeBytes` it keeps the type of the error.
  func withBytes(
    _ body: (UnsafeRawBufferPointer) throws(CorpusError) -> Void
  ) throws(CorpusError) {
    let failure = withUnsafeBytes { bytes -> CorpusError? in
      do throws(CorpusError) {
        try body(bytes)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}
