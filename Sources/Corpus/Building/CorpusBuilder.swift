import Store

/// How far a build is.
public struct CorpusProgress: Sendable, Equatable {
  /// Bytes of the input files read, as they are on disk.
  public var bytesRead = 0
  /// Bytes of all input files.
  public var totalBytes = 0
  /// Usable documents so far.
  public var documents = 0
  /// Documents that could not be used so far.
  public var rejected = 0
  /// Chunks so far.
  public var chunks = 0
  /// Tokens in these chunks.
  public var tokens = 0

  /// Nothing done yet.
  public init() {}
}

/// Makes a tokenized corpus: inputs, tokenizer, packer, shards.
///
/// The corpus grows in `<folder>.building` and gets its name when it is whole. After a crash the
/// same call starts again and gives the same bytes; where it is done already it returns at once.
/// Blocking; runs on the caller's thread in constant memory.
public struct CorpusBuilder {
  private let inputs: [String]
  private let settings: CorpusSettings
  private let tokenizer: any TokenEncoding

  /// A build of `inputs`, in their order.
  public init(
    inputs: [String], settings: CorpusSettings = CorpusSettings(), tokenizer: any TokenEncoding
  ) {
    self.inputs = inputs
    self.settings = settings
    self.tokenizer = tokenizer
  }

  /// The manifest of a finished corpus; nil if `folder` holds none.
  public static func manifest(of folder: String) throws(CorpusError) -> CorpusManifest? {
    let path = folder + "/" + CorpusManifest.fileName
    guard Folder.exists(path) else { return nil }
    return try storing { () throws(StoreError) in
      try JSONFile.read(CorpusManifest.self, from: path)
    }
  }

  /// Builds the corpus into `folder`, or finds it there.
  ///
  /// - Parameters:
  ///   - replacing: a corpus of other inputs or settings in `folder` is replaced; else it is an
  ///     error.
  ///   - progress: called a few times a second; false stops with `CorpusError.cancelled`.
  public func build(
    into folder: String, replacing: Bool = false, progress: (CorpusProgress) -> Bool = { _ in true }
  ) throws(CorpusError) -> CorpusManifest {
    if let present = try Self.manifest(of: folder) {
      if try matches(present) { return present }
      if !replacing {
        throw .occupied(folder: folder, found: "a corpus of other inputs or settings")
      }
    } else if Folder.exists(folder) {
      let names = try storing { () throws(StoreError) in try Folder.list(folder) }
      if let first = names.first { throw .occupied(folder: folder, found: first) }
    }
    let temporary = folder + ".building"
    try storing { () throws(StoreError) in
      try Folder.remove(temporary)
      try Folder.make(temporary)
    }
    let manifest = try write(to: temporary, progress: progress)
    try storing { () throws(StoreError) in
      try JSONFile.write(manifest, to: temporary + "/" + CorpusManifest.fileName)
      try Folder.remove(folder)
      try Folder.publish(temporary, as: folder)
    }
    return manifest
  }

  /// Whether a finished corpus is what this build would give. A file of the same size and time is
  /// taken for unchanged; otherwise its digest decides.
  private func matches(_ present: CorpusManifest) throws(CorpusError) -> Bool {
    let files = try InputList.files(of: inputs)
    guard present.settings == settings, present.tokenizer == tokenizer.identity,
      present.inputs.map(\.path) == files.map(\.path)
    else { return false }
    for input in present.inputs {
      let status = try fileStatus(input.path)
      if status.size != input.bytes { return false }
      if status.modified == input.modified { continue }
      let digest = try storing { () throws(StoreError) in try Digest.sha256(file: input.path) }
      if digest != input.sha256 { return false }
    }
    return true
  }

  private func write(
    to folder: String, progress: (CorpusProgress) -> Bool
  ) throws(CorpusError) -> CorpusManifest {
    let rejects = try RejectLog(path: folder + "/rejects.jsonl")
    var reader = try CorpusReader(
      inputs: inputs, options: settings.reader, rejects: rejects, digesting: true)
    var assembly = try CorpusAssembly(folder: folder, settings: settings, tokenizer: tokenizer)
    do throws(CorpusError) {
      var reported = 0
      while let document = try reader.next() {
        try assembly.add(document)
        reported += document.text.count
        if reported >= 1 << 18 {
          reported = 0
          if !progress(assembly.progress(of: reader)) { throw .cancelled }
        }
      }
      try assembly.finish()
    } catch {
      assembly.discard()
      throw error
    }
    guard assembly.documents > 0 else {
      throw .emptyCorpus(inputs: inputs, rejected: rejects.total)
    }
    guard assembly.shards > 0 else {
      let tokens = assembly.counts.reduce(0) { $0 + $1.documentTokens }
      throw .noChunks(documents: assembly.documents, tokens: tokens)
    }
    guard progress(assembly.progress(of: reader)) else { throw .cancelled }
    return CorpusManifest(
      settings: settings, tokenizer: tokenizer.identity,
      vocabularySize: tokenizer.vocabularySize, endOfText: tokenizer.endOfText,
      inputs: reader.finished,
      rejected: Dictionary(
        uniqueKeysWithValues: rejects.counts.map { ($0.key.rawValue, $0.value) }),
      sources: assembly.counts, shards: assembly.shards)
  }
}

/// Documents to tokens to chunks to shards, with the counts on the way.
struct CorpusAssembly: ~Copyable {
  private(set) var counts: [SourceCount] = []
  private(set) var documents = 0
  private let tokenizer: any TokenEncoding
  private var packer: SequencePacker
  private var writer: ShardWriter
  private var tokens: [Int32] = []
  private var chunks: [PackedChunk] = []

  init(
    folder: String, settings: CorpusSettings, tokenizer: any TokenEncoding
  ) throws(CorpusError) {
    let packer = try SequencePacker(
      options: settings.packing, sentenceEnds: SentenceEnds(of: tokenizer))
    let writer = try ShardWriter(
      folder: folder, vocabularySize: tokenizer.vocabularySize, options: settings.shards)
    self.tokenizer = tokenizer
    self.packer = packer
    self.writer = writer
  }

  /// Shards written.
  var shards: Int { writer.shardCount }

  mutating func add(_ document: Document) throws(CorpusError) {
    let source = try writer.sources.id(of: document.source)
    if Int(source) == counts.count { counts.append(SourceCount(name: document.source)) }
    tokens.removeAll(keepingCapacity: true)
    do {
      try document.text.withUnsafeBufferPointer { try tokenizer.encode($0, into: &tokens) }
    } catch {
      throw .tokenizer(reason: "document \(document.id): \(error)")
    }
    tokens.append(tokenizer.endOfText)
    documents += 1
    counts[Int(source)].documents += 1
    counts[Int(source)].textBytes += document.text.count
    counts[Int(source)].documentTokens += tokens.count
    packer.add(document: document.id, source: source, tokens: tokens, to: &chunks)
    try writeChunks()
  }

  /// Empties the packer and closes the last shard.
  mutating func finish() throws(CorpusError) {
    packer.finish(to: &chunks)
    try writeChunks()
    try writer.finish()
  }

  mutating func discard() { writer.discard() }

  func progress(of reader: borrowing CorpusReader) -> CorpusProgress {
    var progress = CorpusProgress()
    progress.bytesRead = reader.bytesRead
    progress.totalBytes = reader.totalBytes
    progress.documents = documents
    progress.rejected = reader.rejected
    progress.chunks = writer.count
    progress.tokens = writer.tokenCount
    return progress
  }

  private mutating func writeChunks() throws(CorpusError) {
    for chunk in chunks {
      try writer.append(chunk)
      counts[Int(chunk.source)].chunks += 1
      counts[Int(chunk.source)].tokens += chunk.tokens.count
    }
    chunks.removeAll(keepingCapacity: true)
  }
}
