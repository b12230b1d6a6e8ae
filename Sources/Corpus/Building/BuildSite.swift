import Store

/// The folder that a corpus grows in, cleared of what no state knows. One writer a folder: who calls
/// the builder holds the corpus's name.
final class BuildSite {
  let folder: String
  let identity: BuildIdentity
  /// Where an earlier run of the same request was; nil to start anew.
  private(set) var state: BuildState?
  private let documentsPerPart: Int

  /// Takes `folder`, keeping what a state of the same request or its manifest needs.
  init(folder: String, identity: BuildIdentity, documentsPerPart: Int) throws(CorpusError) {
    self.folder = folder
    self.documentsPerPart = documentsPerPart
    self.identity = identity
    let manifest = folder + "/" + CorpusManifest.fileName
    try storing { () throws(StoreError) in try Folder.make(folder) }
    let isWhole = Folder.exists(manifest)
    let state = Self.readState(in: folder, identity: identity)
    self.state = state
    if isWhole { return }
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    for name in names where !isKnown(name, to: state) {
      try storing { () throws(StoreError) in try Folder.remove(folder + "/" + name) }
    }
  }

  /// Starts anew.
  func clear() throws(CorpusError) {
    state = nil
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    for name in names {
      try storing { () throws(StoreError) in try Folder.remove(folder + "/" + name) }
    }
  }

  /// Takes the folder away, with what is in it.
  func discard() throws(CorpusError) {
    try storing { () throws(StoreError) in try Folder.remove(folder) }
  }

  /// Removes everything that is no part of the corpus.
  func removeWork() throws(CorpusError) {
    let names = try storing { () throws(StoreError) in try Folder.list(folder) }
    for name in names where Self.isWork(name) {
      try storing { () throws(StoreError) in try Folder.remove(folder + "/" + name) }
    }
  }

  /// Gives the folder its name.
  func publish(as target: String) throws(CorpusError) {
    try storing { () throws(StoreError) in try Folder.publish(folder, as: target) }
  }

  /// The state of an earlier run, if it belongs to the same request. What came through standard
  /// input must come again, and is known by its digest.
  private static func readState(in folder: String, identity: BuildIdentity) -> BuildState? {
    let path = folder + "/" + BuildState.fileName
    guard let state = SealedState<BuildState>.read(path), state.identity.isSame(as: identity)
    else { return nil }
    return state.isSound ? state : nil
  }

  private static func isWork(_ name: String) -> Bool {
    name == BuildState.fileName || name.contains(".tmp-")
      || name.hasSuffix("." + DocumentTableWriter.rowsSuffix)
      || OpenShard.suffixes.contains { name.hasSuffix("." + $0) }
  }

  /// Whether a file is what the run behind `state` left for the next: finished shards, the files of
  /// the open shard, rejects, documents, the state.
  private func isKnown(_ name: String, to state: BuildState?) -> Bool {
    guard let state, !name.contains(".tmp-") else { return false }
    if name == BuildState.fileName || name == "rejects.jsonl" { return true }
    let parts = Int(state.position.document) / documentsPerPart
    if name == "documents_\(parts).\(DocumentTableWriter.rowsSuffix)" { return true }
    if name.hasPrefix("documents_") {
      let digits = name.dropFirst("documents_".count).prefix { $0.isNumber }
      guard let part = Int(digits), part < parts else { return false }
      return name == DocumentTableInfo.partName(part)
    }
    return ShardWriter.keeps(name, state.writer)
  }
}

extension BuildState {
  /// Whether the numbers of a state can belong together; a damaged file must not be gone on from.
  var isSound: Bool {
    let open = writer.open
    return position.file >= 0 && position.file <= identity.inputs.count && position.offset >= 0
      && position.line >= 0 && position.document >= 0 && inputs.count == position.file
      && openDocuments >= 0 && rejects.bytes >= 0 && writer.shards >= 0 && open.chunks >= 0
      && open.tokenBytes >= 0 && open.pieces >= 0 && counts.count == writer.sources.count
      && Set(writer.sources).count == writer.sources.count && waiting.count <= counts.count
      && writer.shards <= writer.chunks && open.chunks < identity.settings.shards.chunksPerShard
      && waiting.allSatisfy { $0.isSound(longest: identity.settings.packing.maximumLength) }
  }
}

extension BuildState.Waiting {
  fileprivate func isSound(longest: Int) -> Bool {
    let count = tokens.count / MemoryLayout<Int32>.size
    return tokens.count % MemoryLayout<Int32>.size == 0 && count <= longest
      && pieces.isEmpty == (count == 0) && (pieces.first?.tokenStart ?? 0) == 0
      && pieces.allSatisfy { $0.tokenStart >= 0 && Int($0.tokenStart) < max(1, count) }
      && zip(pieces, pieces.dropFirst()).allSatisfy { $0.tokenStart <= $1.tokenStart }
  }
}
