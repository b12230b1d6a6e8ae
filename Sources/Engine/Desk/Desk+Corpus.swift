import Corpus
import CorpusStudy
import EngineInterface
import Foundation
import Numerics
import Tokenizers

/// Lists of chunks, the search through them, and the picture of the corpus.
extension Desk {
  /// Answers a list; a new text starts a search, and any other list ends it.
  func list(_ query: ChunkQuery) throws {
    guard library != nil else { return }
    self.query = query
    let text = query.text ?? ""
    let key = text.isEmpty ? nil : SearchKey(text: text, source: query.source)
    if library?.found?.key != key {
      search?.cancel()
      search = nil
      library?.found = nil
      if let key { try startSearch(key) }
    }
    try showRows()
  }

  private func showRows() throws {
    guard var library, let query else { return }
    let rows = try library.rows(query, selection: selection?.selection, version: scoresVersion)
    self.library = library
    publisher.send(.chunkRows(rows))
  }

  private func startSearch(_ key: SearchKey) throws {
    guard let library else { return }
    var found = FoundChunks(key: key)
    do {
      let search = try CorpusSearch(
        library.shards, texts: library.texts, pattern: key.pattern(), source: key.source)
      let task = SearchTask()
      self.search = task
      task.start(search, threads: engine.threads) { [mailbox = engine.mailbox] in
        mailbox.send(.found($0))
      }
    } catch {
      found.isDone = true
      note("\(error)", .warning)
    }
    self.library?.found = found
  }

  /// Takes what the search at work has found.
  func take(_ found: SearchTask.Found) throws {
    guard let search, ObjectIdentifier(search) == found.task else { return }
    library?.found?.chunks += found.chunks
    library?.found?.searched = found.searched
    if found.isDone {
      library?.found?.isDone = true
      self.search = nil
      if let failure = found.failure { note(failure, .error) }
    }
    try showRows()
  }

  /// Makes the index of lists on a thread of its own.
  func makeListing(of shards: TokenShards) {
    let thread = Thread { [mailbox = engine.mailbox] in
      if let listing = ChunkListing(shards) { mailbox.send(.listed(listing)) }
    }
    thread.name = "listing"
    thread.start()
  }

  /// Takes the index of lists, and shows again what it makes better.
  func take(_ listing: ChunkListing) throws {
    library?.listing = listing
    try showCorpus()
    if query?.source != nil || query?.order == .tokens { try showRows() }
  }

  /// The picture of the packed corpus.
  func showCorpus() throws {
    guard let library else { return }
    var picture = CorpusSnapshot(
      manifest: try Parts.manifest(.scored, folder), library: library, folder: folder,
      parts: status.parts)
    if studyState != .none { picture.study = studyState }
    publisher.showNow(.corpus, .corpus(picture))
  }
}

extension CorpusSnapshot {
  /// The picture of a packed corpus; medians come with the index of lists, duplicates with a study.
  init(
    manifest: CorpusManifest, library: ChunkLibrary, folder: ProjectFolder, parts: [CorpusPart]
  ) {
    let shards = library.shards
    let study = try? StudyReport.read(folder: shards.folder)
    let counts = Dictionary(
      manifest.sources.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = shards.sources.indices.compactMap { index -> Source? in
      let name = shards.sources[index]
      let summary = library.listing?.summaries[index]
      let chunks = summary?.chunks ?? counts[name]?.chunks ?? 0
      guard chunks > 0 else { return nil }
      var source = Source(
        name: name, documents: counts[name]?.documents ?? 0, chunks: chunks,
        tokens: summary?.tokens ?? counts[name]?.tokens ?? 0,
        medianTokens: summary?.medianTokens ?? 0)
      if let found = study?.sources.first(where: { $0.name == name }) {
        source.take(found)
      }
      return source
    }
    var facts = manifest.inputs.prefix(3).map { input in
      "file \(input.path), \(Number.bytes(input.bytes))"
        + (input.sha256.map { ", sha256 \($0.prefix(12))" } ?? "")
    }
    if manifest.inputs.count > 3 { facts.append("and \(manifest.inputs.count - 3) files more") }
    facts.append(
      "text \(manifest.settings.reader.textField), source \(manifest.settings.reader.sourceField)")
    for part in parts where part != .scored {
      if let other = try? Parts.manifest(part, folder) {
        facts.append(
          "\(part.rawValue): \(Number.grouped(other.chunks)) chunks, \(Number.count(other.tokens)) tokens"
        )
      }
    }
    self.init(
      path: manifest.inputs.prefix(3).map(\.path).joined(separator: ", ")
        + (manifest.inputs.count > 3 ? " and more" : ""), sources: sources,
      documents: manifest.documents, chunks: shards.count, tokens: shards.tokenCount,
      rejected: manifest.rejected.values.reduce(0, +),
      chunkLength: manifest.settings.packing.maximumLength,
      tokenizer: "\(library.tokenizer.modelTitle), "
        + "\(Number.grouped(library.tokenizer.vocabularySize)) tokens",
      facts: facts)
    if let all = study?.all {
      self.study = .done
      let texts = Double(max(1, all.texts))
      duplicateShare = Double(all.duplicates) / texts
      nearDuplicateShare = all.nearDuplicates.map { Double($0) / texts }
    }
  }
}
