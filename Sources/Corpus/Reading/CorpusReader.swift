/// Reads documents out of jsonl, jsonl.zst, jsonl.gz, text files and folders of these, one at a
/// time and in constant memory.
///
/// Compression is seen from the first bytes of a file; `.jsonl`, `.ndjson` and `.json` (before
/// `.zst` or `.gz`) hold JSON lines, and so do files without a suffix, pipes and devices whose first
/// lines are JSON objects; every other file is one text. Inputs keep their order, a folder is read
/// sorted by name, its hidden files are left out. Lines that cannot be used go to the reject log and
/// do not stop the run, and so do files of a folder that are no text or cannot be read. Reading and its rules are those of packing: `SlabReader` and
/// `SlabScanner`, on the calling thread.
public struct CorpusReader: ~Copyable {
  /// Size of all input files on disk.
  public let totalBytes: Int
  /// Bytes taken from disk so far.
  public private(set) var bytesRead = 0
  private let options: ReaderOptions
  private let rejects: RejectLog
  private let reader: SlabReader
  private let scanner: SlabScanner
  private let slab: Slab
  private var isFilled = false
  /// Lines of the file before the slab.
  private var linesBefore = 0
  private var nextDocument: Int64 = 0

  private static let slabSize = 1 << 20

  /// Opens `inputs`.
  ///
  /// - Parameter rejects: takes what cannot be used; a log that only counts if nil.
  public init(
    inputs: [String], options: ReaderOptions = ReaderOptions(), rejects: RejectLog? = nil
  ) throws(CorpusError) {
    try self.init(CorpusInputs(inputs), options: options, rejects: rejects)
  }

  /// Opens inputs that were looked at before.
  public init(
    _ inputs: CorpusInputs, options: ReaderOptions = ReaderOptions(), rejects: RejectLog? = nil
  ) throws(CorpusError) {
    let files = inputs.files
    let log = if let rejects { rejects } else { try RejectLog() }
    var total = 0
    for file in files { total += try file.size() }
    for reject in inputs.skipped {
      if options.strict { throw .rejected(reject) }
      try log.record(reject)
    }
    // Everything that may fail comes before the first property.
    let reader = try SlabReader(
      files: files, options: options, slabSize: Self.slabSize, from: ReaderPosition(),
      windowLog: inputs.windowLog, digesting: false)
    let scanner = try SlabScanner(options)
    let slab = try Slab(capacity: Self.slabSize)
    (self.reader, self.scanner, self.slab) = (reader, scanner, slab)
    self.options = options
    self.rejects = log
    totalBytes = total
  }

  /// Documents that could not be used so far.
  public var rejected: Int { rejects.total }

  /// How many of each reason, with the first one.
  public var rejectSummaries: [RejectSummary] { rejects.summaries }

  /// The next usable document; nil behind the last.
  ///
  /// - Throws: `CorpusError.rejected` for one that cannot be used, in a strict run.
  public mutating func next() throws(CorpusError) -> Document? {
    while true {
      if isFilled {
        if let document = try nextOfSlab() { return document }
        try leaveSlab()
      }
      switch reader.fill(slab, mayGrow: true) {
      case .end:
        try rejects.flush()
        return nil
      case .needsPermit: continue
      case .slab:
        scanner.begin()
        bytesRead = max(bytesRead, slab.bytesRead)
        isFilled = true
      }
    }
  }

  private mutating func nextOfSlab() throws(CorpusError) -> Document? {
    while let entry = try scanner.next(in: slab) {
      switch entry {
      case .document(let found):
        defer { nextDocument += 1 }
        let file = slab.file
        return Document(
          id: nextDocument,
          source: found.label.map { String(decoding: $0, as: UTF8.self) } ?? file?.source
            ?? options.unlabelled,
          text: Array(found.text),
          name: found.line == 0
            ? file?.name : found.name.map { String(decoding: $0, as: UTF8.self) })
      case .reject(var reject):
        if reject.line > 0 { reject.line += linesBefore }
        if options.strict { throw .rejected(reject) }
        try rejects.record(reject)
      }
    }
    return nil
  }

  private mutating func leaveSlab() throws(CorpusError) {
    if let failure = slab.failure { throw failure }
    linesBefore = slab.finished == nil ? linesBefore + slab.lines : 0
    isFilled = false
    try slab.reset(capacity: Self.slabSize)
  }
}
