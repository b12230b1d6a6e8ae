import Foundation
import Store

/// The packer of a build: slabs of tokens to chunks to shards, with the counts and the states on the
/// way. Takes one slab at a time.
final class CorpusAssembly: SlabConsumer {
  private(set) var counts: [SourceCount] = []
  private(set) var finished: [InputSummary] = []
  let rejects: RejectLog
  private var position = ReaderPosition()
  private var prefixDigest: String?
  private var openDocuments = 0
  private var bytesRead = 0
  private let identity: BuildIdentity
  private let folder: String
  private let strict: Bool
  private let lead: Int32?
  private let options: PipelineOptions
  private let faults: FaultPoints
  private var packer: SequencePacker
  private var writer: ShardWriter
  private let table: DocumentTableWriter
  private var sourceIDs: [UInt16?] = []
  private var bytesSinceState = 0
  private var lastState = ContinuousClock.now
  private let counter: ProgressCounter

  /// Starts in `folder`, or goes on from `state`, whose files stand there.
  init(
    folder: String, identity: BuildIdentity, tokenizer: any TokenEncoding, state: BuildState?,
    options: PipelineOptions, counter: ProgressCounter, faults: FaultPoints
  ) throws(CorpusError) {
    let settings = identity.settings
    self.folder = folder
    self.identity = identity
    self.options = options
    self.counter = counter
    self.faults = faults
    strict = settings.reader.strict
    lead = settings.packing.beginningOfSequence
    rejects = try RejectLog(path: folder + "/rejects.jsonl", from: state?.rejects)
    packer = try SequencePacker(
      options: settings.packing, sentenceEnds: SentenceEnds(of: tokenizer))
    writer = try ShardWriter(
      folder: folder, vocabularySize: tokenizer.vocabularySize, options: settings.shards,
      resuming: state?.writer, isResumable: true, places: .textOrder)
    table = try DocumentTableWriter(
      folder: folder, partSize: options.documentsPerPart,
      after: Int(state?.position.document ?? 0))
    guard let state else { return }
    counts = state.counts
    finished = state.inputs
    position = state.position
    prefixDigest = state.prefixDigest
    openDocuments = state.openDocuments
    let lead = lead
    packer.waiting = state.waiting.map { $0.buffer(lead: lead) }
    report()
  }

  /// Usable documents so far.
  var documents: Int { counts.reduce(0) { $0 + $1.documents } }
  /// Shards written.
  var shards: Int { writer.shardCount }

  func consume(_ slab: Slab) throws(CorpusError) {
    // What broke off in its middle was never read: the next run reads it again.
    if slab.failure != nil { return }
    try pack(slab)
    try noteRejects(slab)
    position.line += slab.lines
    position.offset = slab.endOffset
    prefixDigest = slab.prefixDigest
    openDocuments += slab.documents.count
    bytesSinceState += slab.endOffset - slab.offset
    bytesRead = max(bytesRead, slab.bytesRead)
    if var file = slab.finished {
      file.documents = openDocuments
      finished.append(file)
      openDocuments = 0
      position.file += 1
      (position.offset, position.line) = (0, 0)
      prefixDigest = nil
    }
    if slab.workFailure != nil { return }
    report()
    try faults.pass("slab packed")
    if bytesSinceState >= options.checkpointBytes
      || lastState.duration(to: .now) >= .seconds(options.checkpointSeconds)
    {
      try writeState()
    }
  }

  private func pack(_ slab: Slab) throws(CorpusError) {
    var start = 0
    sourceIDs = Array(repeating: nil, count: slab.labels.count)
    for document in slab.documents {
      let source = try sourceID(document.label, of: slab)
      let count = document.tokenEnd - start
      counts[Int(source)].documents += 1
      counts[Int(source)].textBytes += document.textBytes
      counts[Int(source)].documentTokens += count
      let id = position.document
      position.document += 1
      try table.append(
        DocumentRow(
          offset: Int64(document.offset),
          line: Int64(document.line > 0 ? position.line + document.line : 0),
          bytes: Int64(document.textBytes), tokens: Int64(count),
          fingerprint: document.fingerprint, file: Int32(slab.fileIndex), source: source))
      let failure = slab.tokens.withUnsafeBufferPointer { tokens -> CorpusError? in
        do throws(CorpusError) {
          let own = UnsafeBufferPointer(rebasing: tokens[start..<document.tokenEnd])
          try packer.add(document: id, source: source, tokens: own) {
            (chunk) throws(CorpusError) in try write(chunk)
          }
          return nil
        } catch {
          return error
        }
      }
      if let failure { throw failure }
      start = document.tokenEnd
    }
  }

  /// Labels get their ids document by document: a shard that closes inside the slab must not know
  /// labels that come behind it.
  private func sourceID(_ label: Int32, of slab: Slab) throws(CorpusError) -> UInt16 {
    if let id = sourceIDs[Int(label)] { return id }
    let name = slab.labels[Int(label)]
    let id = try writer.sources.id(of: name)
    if Int(id) == counts.count { counts.append(SourceCount(name: name)) }
    sourceIDs[Int(label)] = id
    return id
  }

  /// Counts what was left out before anything was read.
  func note(_ skipped: [Reject]) throws(CorpusError) {
    for reject in skipped {
      if strict { throw .rejected(reject) }
      try rejects.record(reject)
    }
  }

  private func noteRejects(_ slab: Slab) throws(CorpusError) {
    for var reject in slab.rejects {
      if reject.line > 0 { reject.line += position.line }
      if strict { throw .rejected(reject) }
      try rejects.record(reject)
    }
  }

  private func write(_ chunk: PackedChunkView) throws(CorpusError) {
    let before = writer.shardCount
    try writer.append(chunk)
    counts[Int(chunk.source)].chunks += 1
    counts[Int(chunk.source)].tokens += chunk.tokens.count
    if writer.shardCount > before { try faults.pass("shard closed") }
  }

  /// Makes everything so far durable, and describes it.
  func writeState() throws(CorpusError) {
    let rejected = try rejects.checkpoint()
    try faults.pass("rejects synced")
    let written = try writer.checkpoint()
    try faults.pass("shard synced")
    try table.checkpoint()
    try faults.pass("documents synced")
    let state = BuildState(
      identity: identity, position: position, prefixDigest: prefixDigest, inputs: finished,
      openDocuments: openDocuments,
      counts: counts, rejects: rejected, writer: written,
      waiting: packer.waiting.map { BuildState.Waiting($0) })
    try storing { () throws(StoreError) in
      try SealedState.write(state, to: folder + "/" + BuildState.fileName)
    }
    try faults.pass("state written")
    try writer.removeRetired()
    table.removeRetired()
    try faults.pass("work files removed")
    bytesSinceState = 0
    lastState = .now
  }

  /// Empties the packer and closes the last shard.
  func finish() throws(CorpusError) {
    try packer.finish { (chunk) throws(CorpusError) in try write(chunk) }
    try writer.finish()
    try faults.pass("last shard closed")
    try table.finish(
      files: finished.map(\.path), sources: counts.map(\.name),
      reader: identity.settings.reader)
    try faults.pass("documents closed")
    _ = try rejects.checkpoint()
    report()
  }

  private func report() {
    var progress = CorpusProgress()
    progress.bytesRead = bytesRead
    progress.documents = Int(position.document)
    progress.rejected = rejects.total
    progress.chunks = writer.count
    progress.tokens = writer.tokenCount
    counter.set(progress)
  }
}
