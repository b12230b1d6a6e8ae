/// How documents are found in the inputs.
public struct ReaderOptions: Codable, Sendable, Equatable {
  /// Field of a JSON line that holds the text: a key, or keys joined by dots.
  public var textField = "text"
  /// Field that holds the source label.
  public var sourceField = "meta.pile_set_name"
  /// Field that holds the name of the document, if any.
  public var nameField: String?
  /// Label of JSON lines that name no source and stand in no folder.
  public var unlabelled = "unknown"
  /// A document that cannot be used ends the run instead of being counted.
  public var strict = false
  /// An empty text is a document of no tokens instead of being rejected.
  public var keepsEmptyTexts = false
  /// Longest line, and longest text file, in bytes.
  public var longestDocument = 64 << 20

  /// Fields of the Pile.
  public init() {}
}

extension ReaderOptions {
  /// Reads options that may be older than a setting, which then has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    textField = try values.decodeIfPresent(String.self, forKey: .textField) ?? textField
    sourceField = try values.decodeIfPresent(String.self, forKey: .sourceField) ?? sourceField
    nameField = try values.decodeIfPresent(String.self, forKey: .nameField)
    unlabelled = try values.decodeIfPresent(String.self, forKey: .unlabelled) ?? unlabelled
    strict = try values.decodeIfPresent(Bool.self, forKey: .strict) ?? strict
    keepsEmptyTexts =
      try values.decodeIfPresent(Bool.self, forKey: .keepsEmptyTexts) ?? keepsEmptyTexts
    longestDocument =
      try values.decodeIfPresent(Int.self, forKey: .longestDocument) ?? longestDocument
  }
}

/// A place between two documents, to go on from.
public struct ReaderPosition: Codable, Sendable, Equatable {
  /// Ordinal of the input file.
  public var file = 0
  /// Byte offset of the next line in the content of that file.
  public var offset = 0
  /// Lines before it.
  public var line = 0
  /// Id that the next document gets.
  public var document: Int64 = 0

  /// The start of the first input.
  public init() {}
}

/// What was read of one input file.
public struct InputSummary: Codable, Sendable, Equatable {
  /// The file.
  public var path: String
  /// Its size on disk in bytes.
  public var bytes: Int
  /// When it was last changed, in nanoseconds since 1970.
  public var modified: Int64
  /// SHA-256 of the file in hexadecimal digits; nil where nobody asked for it.
  public var sha256: String?
  /// Usable documents found in it.
  public var documents: Int
}

/// Reads documents out of jsonl, jsonl.zst, jsonl.gz, text files and folders of these, one at a
/// time and in constant memory.
///
/// Compression is seen from the first bytes of a file; `.jsonl`, `.ndjson` and `.json` (before
/// `.zst` or `.gz`) hold JSON lines, every other file is one text. Inputs keep their order, a folder
/// is read sorted by name, its hidden files are left out. Lines that cannot be used go to the
/// reject log and do not stop the run.
public struct CorpusReader: ~Copyable {
  /// Size of all input files on disk.
  public let totalBytes: Int
  /// Files read to their end.
  public private(set) var finished: [InputSummary] = []
  private let files: [InputFile]
  private let options: ReaderOptions
  private let rejects: RejectLog
  private let digesting: Bool
  private var fileIndex: Int
  private var nextDocument: Int64
  private var current: OpenInput?
  private var finishedBytes: Int
  private var resume: ReaderPosition?

  private struct OpenInput {
    let raw: RawFile
    let kind: Kind
    var documents = 0
    enum Kind {
      case jsonLines(JSONLinesReader)
      case text(any ByteStream)
      case done
    }
  }

  /// Opens `inputs`, starting at `position`.
  ///
  /// - Parameters:
  ///   - rejects: takes what cannot be used; a log that only counts if nil.
  ///   - digesting: computes the SHA-256 of every file on the way.
  public init(
    inputs: [String], options: ReaderOptions = ReaderOptions(), rejects: RejectLog? = nil,
    digesting: Bool = false, from position: ReaderPosition = ReaderPosition()
  ) throws(CorpusError) {
    let files = try InputList.files(of: inputs)
    let log = if let rejects { rejects } else { try RejectLog() }
    var (total, before) = (0, 0)
    for (index, file) in files.enumerated() {
      let size = try file.size()
      total += size
      if index < position.file { before += size }
    }
    self.files = files
    self.options = options
    self.digesting = digesting
    self.rejects = log
    totalBytes = total
    finishedBytes = before
    fileIndex = position.file
    nextDocument = position.document
    resume = position.offset > 0 ? position : nil
  }

  /// Bytes taken from disk so far.
  public var bytesRead: Int { finishedBytes + (current?.raw.bytesRead ?? 0) }

  /// Documents that could not be used so far.
  public var rejected: Int { rejects.total }

  /// Where the next document starts.
  public var position: ReaderPosition {
    var position = ReaderPosition()
    position.file = fileIndex
    position.document = nextDocument
    if case .jsonLines(let reader)? = current?.kind {
      (position.offset, position.line) = reader.position
    } else if let resume {
      position = resume
    }
    return position
  }

  /// The next usable document; nil behind the last.
  public mutating func next() throws(CorpusError) -> Document? {
    while fileIndex < files.count {
      let file = files[fileIndex]
      do throws(CorpusError) {
        if current == nil { try open(file) }
        if let document = try read(file) {
          nextDocument += 1
          current?.documents += 1
          return document
        }
      } catch .damagedStream(_, let offset, let reason) where !options.strict {
        try rejects.record(
          Reject(file: file.path, offset: offset, line: 0, reason: .damagedStream, start: reason))
      }
      try close(file)
    }
    try rejects.flush()
    return nil
  }

  private mutating func open(_ file: InputFile) throws(CorpusError) {
    let raw = try RawFile(path: file.path, digesting: digesting)
    current = OpenInput(raw: raw, kind: .done)
    let stream = try openStream(raw)
    switch file.kind {
    case .jsonLines:
      let lines = LineReader(stream, longestLine: options.longestDocument)
      if let resume { try lines.skip(to: resume.offset, lines: resume.line) }
      let reader = try JSONLinesReader(lines, options: options)
      current = OpenInput(raw: raw, kind: .jsonLines(reader))
    case .plainText:
      current = OpenInput(raw: raw, kind: .text(stream))
    }
    resume = nil
  }

  private mutating func close(_ file: InputFile) throws(CorpusError) {
    if let input = current {
      let digest = try input.raw.finishDigest()
      let status = try file.status(bytesRead: input.raw.bytesRead)
      finished.append(
        InputSummary(
          path: file.path, bytes: status.size, modified: status.modified, sha256: digest,
          documents: input.documents))
      finishedBytes += status.size
    }
    current = nil
    fileIndex += 1
  }

  /// The next document of the open file; nil at its end.
  private mutating func read(_ file: InputFile) throws(CorpusError) -> Document? {
    guard let input = current else { return nil }
    switch input.kind {
    case .done:
      return nil
    case .text(let stream):
      current = OpenInput(raw: input.raw, kind: .done)
      return try readText(stream, file)
    case .jsonLines(let reader):
      while let entry = try reader.next() {
        switch entry {
        case .document(let text, let source, let name):
          return Document(
            id: nextDocument, source: source ?? file.source ?? options.unlabelled, text: text,
            name: name)
        case .reject(let reason, let line):
          try reject(
            Reject(
              file: file.path, offset: line.offset, line: line.number, reason: reason,
              start: String(decoding: line.bytes.prefix(200), as: UTF8.self),
              length: line.length))
        }
      }
      return nil
    }
  }

  private func readText(
    _ stream: any ByteStream, _ file: InputFile
  ) throws(CorpusError) -> Document? {
    var text = try wholeContent(of: stream, limit: options.longestDocument)
    if text.starts(with: byteOrderMark) { text.removeFirst(byteOrderMark.count) }
    let reason: RejectReason? =
      if text.count > options.longestDocument {
        .tooLong
      } else if text.isEmpty && !options.keepsEmptyTexts {
        .emptyText
      } else if String(validating: text, as: UTF8.self) == nil {
        .badUTF8
      } else {
        nil
      }
    guard let reason else {
      return Document(
        id: nextDocument, source: file.source ?? options.unlabelled, text: text, name: file.name)
    }
    try reject(
      Reject(
        file: file.path, offset: 0, line: 0, reason: reason,
        start: String(decoding: text.prefix(200), as: UTF8.self), length: text.count))
    return nil
  }

  private func reject(_ reject: Reject) throws(CorpusError) {
    if options.strict { throw .rejected(reject) }
    try rejects.record(reject)
  }
}
