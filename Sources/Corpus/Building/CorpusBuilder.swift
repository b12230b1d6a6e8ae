import Store

/// Makes a tokenized corpus: inputs, tokenizer, packer, shards.
///
/// The corpus grows in `<folder>.building` and gets its name when it is whole. A state is written
/// there now and then: killed at any moment, the same call goes on from it and gives the same bytes
/// as a run that nobody stopped; where the corpus is done already it returns at once. The bytes do
/// not depend on the number of threads. Memory does not grow with the corpus.
public struct CorpusBuilder {
  private let inputs: [String]
  /// The inputs where somebody has looked at them already.
  private let opened: CorpusInputs?
  private let settings: CorpusSettings
  private let tokenizer: any TokenEncoding
  private let options: PipelineOptions
  private let faults: FaultPoints

  /// A build of `inputs`, in their order.
  public init(
    inputs: [String], settings: CorpusSettings = CorpusSettings(), tokenizer: any TokenEncoding,
    options: PipelineOptions = PipelineOptions()
  ) {
    self.init(
      inputs: inputs, settings: settings, tokenizer: tokenizer, options: options,
      faults: FaultPoints())
  }

  /// A build of inputs that were looked at before.
  public init(
    inputs: CorpusInputs, settings: CorpusSettings = CorpusSettings(),
    tokenizer: any TokenEncoding, options: PipelineOptions = PipelineOptions()
  ) {
    self.init(
      inputs: inputs.paths, opened: inputs, settings: settings, tokenizer: tokenizer,
      options: options, faults: FaultPoints())
  }

  /// A build that a test may end at named points.
  package init(
    inputs: [String], opened: CorpusInputs? = nil, settings: CorpusSettings,
    tokenizer: any TokenEncoding, options: PipelineOptions, faults: FaultPoints
  ) {
    self.inputs = inputs
    self.opened = opened
    self.settings = settings
    self.tokenizer = tokenizer
    self.options = options
    self.faults = faults
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
  ///   - rest: called by every thread between its tasks; returns when work may go on.
  ///   - progress: called a few times a second; false stops with `CorpusError.cancelled`, and the
  ///     next call goes on.
  public func build(
    into folder: String, replacing: Bool = false,
    progress: (CorpusProgress) -> Bool = { _ in true },
    rest: @escaping @Sendable () -> Void = {}
  ) throws(CorpusError) -> CorpusManifest {
    let inputs =
      if let opened { opened } else {
        try CorpusInputs(inputs, windowLog: options.windowLog)
      }
    let files = inputs.files
    if let present = try Self.manifest(of: folder) {
      // A stream that has been read cannot be packed any more.
      let isStream = files.contains(where: \.isStream)
      if !(isStream && replacing),
        try matches(present, files, goesOn: { progress(CorpusProgress()) })
      {
        return present
      }
      if !replacing {
        throw .occupied(
          folder: folder,
          found: isStream
            ? "a finished corpus of another stream or other settings (--replace makes it anew)"
            : "a corpus of other inputs or settings (--replace makes it anew)")
      }
    } else if Folder.exists(folder) {
      let names = try storing { () throws(StoreError) in try Folder.list(folder) }
      if let first = names.first { throw .occupied(folder: folder, found: first) }
    }
    let site = try BuildSite(
      folder: folder + ".building", identity: try identity(of: files),
      documentsPerPart: options.documentsPerPart)
    let manifest: CorpusManifest
    let whole = try Self.manifest(of: site.folder)
    let isStream = files.contains(where: \.isStream)
    if let whole, !isStream, try matches(whole, files) {
      manifest = whole
    } else {
      if whole != nil { try site.clear() }
      do throws(CorpusError) {
        manifest = try write(inputs, at: site, rest: rest, progress: progress)
      } catch {
        if error.leavesNothing { try site.discard() }
        throw error
      }
    }
    try site.removeWork()
    try faults.pass("work files removed at the end")
    try storing { () throws(StoreError) in
      // An empty folder of this name is filled, not replaced.
      if Folder.exists(folder), !(try Folder.list(folder).isEmpty) { try Folder.remove(folder) }
    }
    try faults.pass("old corpus removed")
    try site.publish(as: folder)
    return manifest
  }

  private func identity(of files: [InputFile]) throws(CorpusError) -> BuildIdentity {
    var list: [BuildIdentity.Input] = []
    for file in files {
      let status = try file.status()
      list.append(
        BuildIdentity.Input(path: file.path, bytes: status.size, modified: status.modified))
    }
    return BuildIdentity(
      settings: settings, tokenizer: tokenizer.identity,
      tokenizerFingerprint: tokenizer.fingerprint, endOfText: tokenizer.endOfText, inputs: list)
  }

  /// Refuses to finish where a file is not what it was when the build began: it was read, but the
  /// record would name what nobody finds.
  private func checkUnchanged(
    _ files: [InputFile], since identity: BuildIdentity
  ) throws(CorpusError) {
    for (file, before) in zip(files, identity.inputs) where !file.isStream {
      guard let now = InputState(of: file.path) else {
        throw .changedWhileRead(
          path: file.path, found: "no file any more",
          expected: "the \(before.bytes) bytes that it had")
      }
      if now.size != before.bytes {
        throw .changedWhileRead(
          path: file.path, found: "\(now.size) bytes",
          expected: "the \(before.bytes) bytes that it had")
      }
      if now.modified != before.modified {
        throw .changedWhileRead(
          path: file.path, found: "a later change", expected: "none since the run began")
      }
    }
  }

  /// Whether a finished corpus is what this build would give. A file of the same size and time is
  /// taken for unchanged; otherwise its digest decides.
  ///
  /// A stream is read to its end, for only its digest tells.
  private func matches(
    _ present: CorpusManifest, _ files: [InputFile], goesOn: () -> Bool = { true }
  ) throws(CorpusError) -> Bool {
    guard present.settings == settings, present.isTokenized(by: tokenizer),
      present.inputs.map(\.path) == files.map(\.path)
    else { return false }
    for (input, file) in zip(present.inputs, files) {
      if file.isStream {
        guard try Self.digest(ofStream: file, goesOn) == input.sha256 else { return false }
        continue
      }
      let status = try fileStatus(input.path)
      if status.size != input.bytes { return false }
      if status.modified == input.modified { continue }
      let digest = try storing { () throws(StoreError) in try Digest.sha256(file: input.path) }
      if digest != input.sha256 { return false }
    }
    return true
  }

  private static func digest(
    ofStream file: InputFile, _ goesOn: () -> Bool
  ) throws(CorpusError) -> String? {
    let stream = try RawFile(file, digesting: true)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while try stream.read(into: piece) > 0 {
      if !goesOn() { throw .cancelled }
    }
    return try stream.finishDigest()
  }

  private func write(
    _ inputs: CorpusInputs, at site: BuildSite, rest: @escaping @Sendable () -> Void,
    progress: (CorpusProgress) -> Bool
  ) throws(CorpusError) -> CorpusManifest {
    let files = inputs.files
    let total = site.identity.inputs.reduce(0) { $0 + $1.bytes }
    let counter = ProgressCounter(totalBytes: total)
    let assembly = try CorpusAssembly(
      folder: site.folder, identity: site.identity, tokenizer: tokenizer, state: site.state,
      options: options, counter: counter, faults: faults)
    if site.state == nil { try assembly.note(inputs.skipped) }
    let reader = try SlabReader(
      files: files, options: settings.reader, slabSize: max(256, options.slabSize),
      from: site.state?.position ?? ReaderPosition(), prefixDigest: site.state?.prefixDigest,
      windowLog: options.windowLog)
    let (readerOptions, tokenizer) = (settings.reader, tokenizer)
    let pipeline = try SlabPipeline(
      reader: reader, consumer: assembly, options: options, rest: rest
    ) {
      () throws(CorpusError) in
      try SlabWorker(
        options: readerOptions, encoder: tokenizer.makeEncoder(), endOfText: tokenizer.endOfText)
    }
    do throws(CorpusError) {
      var shown = ContinuousClock.now
      try pipeline.run {
        if shown.duration(to: .now) < .milliseconds(100) { return true }
        shown = .now
        return progress(counter.progress)
      }
      guard progress(counter.progress) else { throw .cancelled }
    } catch {
      // Every slab taken so far is whole: the next call goes on here.
      if error == .cancelled { try assembly.writeState() }
      throw error
    }
    guard assembly.documents > 0 else {
      throw .emptyCorpus(inputs: inputs.paths, rejects: assembly.rejects.summaries)
    }
    try checkUnchanged(files, since: site.identity)
    try assembly.finish()
    guard assembly.shards > 0 else {
      let tokens = assembly.counts.reduce(0) { $0 + $1.documentTokens }
      throw .noChunks(
        documents: assembly.documents, tokens: tokens, rejects: assembly.rejects.summaries)
    }
    _ = progress(counter.progress)
    let manifest = CorpusManifest(
      settings: settings, tokenizer: tokenizer.identity,
      tokenizerFingerprint: tokenizer.fingerprint,
      vocabularySize: tokenizer.vocabularySize, endOfText: tokenizer.endOfText,
      inputs: assembly.finished,
      rejected: Dictionary(
        uniqueKeysWithValues: assembly.rejects.counts.map { ($0.key.rawValue, $0.value) }),
      sources: assembly.counts, shards: assembly.shards)
    try storing { () throws(StoreError) in
      try JSONFile.write(manifest, to: site.folder + "/" + CorpusManifest.fileName)
    }
    try faults.pass("manifest written")
    return manifest
  }
}
